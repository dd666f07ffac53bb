#include "mail/address.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What was normalized once stays as it is. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GPtrArray) addresses = address_parse_list (text, 50);
  g_autofree char *normal = address_normalize (text);

  g_assert_cmpuint (addresses->len, <=, 53);
  if (normal != NULL) {
    g_autofree char *again = address_normalize (normal);

    g_assert_cmpstr (again, ==, normal);
    g_assert_nonnull (address_domain (normal));
  }
  return 0;
}
