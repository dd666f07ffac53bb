/* Windows and explanations that mean harm. */
#include "tls/acme-renewal-info.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (AcmeRenewalInfo) info
      = acme_renewal_info_parse ((const char *)data, size, size ? *data : 0, NULL);
  g_autoptr (GBytes) certificate = g_bytes_new (data, size);
  g_autofree char *id = acme_certificate_id (certificate);

  if (info) {
    g_assert_cmpint (info->start, <, info->end);
    g_assert_cmpint (acme_renewal_info_choose (info, 0.5, info->start), <=, info->end);
    g_assert_true (info->explanation == NULL || g_str_has_prefix (info->explanation, "https://"));
  }
  return 0;
}
