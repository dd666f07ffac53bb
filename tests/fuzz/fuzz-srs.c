/* A return path of ours or of somebody else: it is never taken for ours, and what is made of it
 * leads back. */
#include "accounts/srs.h"
#include "mail/address.h"
#include "settings.h"
#include <string.h>

#define NOW G_GINT64_CONSTANT (1795000000)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *address = g_strndup ((const char *)data, size);
  g_autofree char *path = NULL;
  g_autofree char *back = NULL;
  g_autofree char *normalized = address_normalize (address);
  const char *at = strrchr (address, '@');

  g_assert_true (setting_set (SETTING_SRS_KEY, "a key that nobody guesses", NULL));
  g_assert_null (srs_decode (address, NOW));
  path = srs_encode (address, "office.example", NOW);
  if (at == NULL || at == address) {
    g_assert_cmpstr (path, ==, address);
    return 0;
  }
  if (strcmp (path, address) == 0) {
    g_assert_cmpuint (size, >, 200); /* it would become too long */
    return 0;
  }
  g_assert_cmpuint (strlen (path), <=, 254);
  g_assert_true (srs_is_encoded (path) && g_str_has_suffix (path, "@office.example"));
  back = srs_decode (path, NOW);
  if (normalized && !srs_is_encoded (address) && strchr (at + 1, '=') == NULL)
    g_assert_cmpstr (back, ==, address);
  return 0;
}
