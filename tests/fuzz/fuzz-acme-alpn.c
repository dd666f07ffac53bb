/* Extensions of a ClientHello that mean harm. */
#include "tls/acme-alpn.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *host = acme_alpn_host (data, size);

  acme_alpn_is_asked (data, size);
  if (host)
    g_assert_cmpuint (strlen (host), <=, size);
  return 0;
}
