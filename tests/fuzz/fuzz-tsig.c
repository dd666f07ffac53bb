/* Answers of a DNS server that mean harm. Nobody who does not know the secret is believed. */
#include "net/tsig.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (TsigKey) key = tsig_key_parse ("update.example:c2VjcmV0", NULL);
  const TsigMac request = { .length = 32 };
  guint code;

  for (gsize at = 0; at < size; at++)
    g_assert_cmpuint (dns_wire_skip_name (data, size, at), <=, size);
  g_assert_cmpint (tsig_verify (key, data, size, &request, 1000, &code), !=, TSIG_GOOD);
  return 0;
}
