#include "net/dns-answer.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

/* The first byte is the type. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autoptr (DnsAnswer) answer = dns_answer_new ("example", DNS_FOUND);
  const gboolean added = length > 0 && dns_answer_add (answer, bytes[0], bytes + 1, length - 1);

  dns_answer_settle (answer);
  g_assert_cmpuint (answer->records->len, ==, added);
  g_assert_cmpint (answer->status, ==, added ? DNS_FOUND : DNS_NO_DATA);
  if (added) {
    const DnsRecord *record = answer->records->pdata[0];
    g_assert_true (record->host || record->address || record->data);
    g_assert_true (record->data == NULL || g_bytes_get_size (record->data) < length);
  }
  return 0;
}
