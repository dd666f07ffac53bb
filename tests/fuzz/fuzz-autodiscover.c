/* Outlook's requests that mean harm. */
#include "http/autodiscover.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  AutodiscoverResult result;
  g_autofree char *address = autodiscover_parse ((const char *)data, size, &result);

  g_assert_true ((address != NULL) == (result == AUTODISCOVER_FOUND));
  if (address != NULL) {
    g_assert_true (g_utf8_validate (address, -1, NULL));
    g_assert_nonnull (strchr (address, '@'));
  }
  return 0;
}
