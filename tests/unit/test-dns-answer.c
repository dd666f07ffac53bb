/* Tests of daemon/net/dns-answer.c. */
#include "net/dns-answer.h"
#include <string.h>

#define BYTES(text) (const guint8 *)text, sizeof text - 1

static char *
print_record (DnsType type, const DnsRecord *record)
{
  g_autofree char *address = record->address ? g_inet_address_to_string (record->address) : NULL;
  gsize length = 0;
  const guint8 *data = record->data ? g_bytes_get_data (record->data, &length) : NULL;
  GString *text = g_string_new (address);

  if (type == DNS_TYPE_MX)
    g_string_append_printf (text, "%u ", record->preference);
  if (type == DNS_TYPE_SRV)
    return g_strdup_printf ("%u %u %u %s", record->preference, record->weight, record->port,
                            record->host);
  if (type == DNS_TYPE_TLSA)
    g_string_append_printf (text, "%u %u %u ", record->usage, record->selector, record->matching);
  g_string_append (text, record->host ? record->host : "");
  g_string_append_len (text, (const char *)data, length);
  return g_string_free (text, FALSE);
}

#define LABEL_63                                                                                   \
  "\77"                                                                                            \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
  const char *name;
  DnsType type;
  const guint8 *rdata;
  gsize length;
  const char *text; /* NULL: broken */
} cases[] = {
  { "a", DNS_TYPE_A, BYTES ("\300\0\2\7"), "192.0.2.7" },
  { "a/short", DNS_TYPE_A, BYTES ("\300\0\2"), NULL },
  { "a/long", DNS_TYPE_A, BYTES ("\300\0\2\7\7"), NULL },
  { "aaaa", DNS_TYPE_AAAA, BYTES ("\x20\1\r\xb8\0\0\0\0\0\0\0\0\0\0\0\7"), "2001:db8::7" },
  { "aaaa/short", DNS_TYPE_AAAA, BYTES ("\300\0\2\7"), NULL },
  { "ptr", DNS_TYPE_PTR, BYTES ("\4mail\7example\0"), "mail.example" },
  { "ptr/root", DNS_TYPE_PTR, BYTES ("\0"), "" },
  { "ptr/escaped", DNS_TYPE_PTR, BYTES ("\5a.\\ \377\0"), "a\\.\\\\\\032\\255" },
  { "ptr/no-end", DNS_TYPE_PTR, BYTES ("\4mail"), NULL },
  { "ptr/label-over-end", DNS_TYPE_PTR, BYTES ("\5mail\0"), NULL },
  { "ptr/more-behind", DNS_TYPE_PTR, BYTES ("\4mail\0x"), NULL },
  { "ptr/pointer", DNS_TYPE_PTR, BYTES ("\300\0"), NULL },
  { "ptr/empty", DNS_TYPE_PTR, BYTES (""), NULL },
  { "ptr/too-long", DNS_TYPE_PTR, BYTES (LABEL_63 LABEL_63 LABEL_63 LABEL_63 "\0"), NULL },
  { "mx", DNS_TYPE_MX, BYTES ("\1\2\2mx\7example\0"), "258 mx.example" },
  { "mx/null", DNS_TYPE_MX, BYTES ("\0\0\0"), "0 " },
  { "mx/short", DNS_TYPE_MX, BYTES ("\0\12"), NULL },
  { "srv", DNS_TYPE_SRV, BYTES ("\0\1\0\2\3\341\4mail\7example\0"), "1 2 993 mail.example" },
  { "srv/none", DNS_TYPE_SRV, BYTES ("\0\0\0\0\0\0\0"), "0 0 0 " },
  { "srv/short", DNS_TYPE_SRV, BYTES ("\0\1\0\2\3\341"), NULL },
  { "srv/broken", DNS_TYPE_SRV, BYTES ("\0\1\0\2\3\341\4mai"), NULL },
  { "txt", DNS_TYPE_TXT, BYTES ("\3v=s\4pf1 "), "v=spf1 " },
  { "txt/empty-string", DNS_TYPE_TXT, BYTES ("\0"), "" },
  { "txt/nothing", DNS_TYPE_TXT, BYTES (""), NULL },
  { "txt/over-end", DNS_TYPE_TXT, BYTES ("\4abc"), NULL },
  { "tlsa", DNS_TYPE_TLSA, BYTES ("\3\1\1abcd"), "3 1 1 abcd" },
  { "tlsa/no-data", DNS_TYPE_TLSA, BYTES ("\3\1\1"), NULL },
  { "unknown", 99, BYTES ("abcd"), NULL },
};

static void
test_records (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (DnsAnswer) answer = dns_answer_new ("example", DNS_FOUND);
    const gboolean added = dns_answer_add (answer, cases[i].type, cases[i].rdata, cases[i].length);
    g_autofree char *text = added ? print_record (cases[i].type, answer->records->pdata[0]) : NULL;

    g_test_message ("%s", cases[i].name);
    g_assert_cmpstr (text, ==, cases[i].text);
    dns_answer_settle (answer);
    g_assert_cmpint (answer->status, ==, added ? DNS_FOUND : DNS_NO_DATA);
  }
}

static void
test_order (void)
{
  g_autoptr (DnsAnswer) answer = dns_answer_new ("example", DNS_FOUND);

  dns_answer_add (answer, DNS_TYPE_MX, BYTES ("\1\0\1b\0"));
  dns_answer_add (answer, DNS_TYPE_MX, BYTES ("\0\12\1a\0"));
  dns_answer_settle (answer);
  g_assert_cmpstr (((DnsRecord *)answer->records->pdata[0])->host, ==, "a");
  g_assert_false (dns_answer_is_null_mx (answer));
}

static void
test_null_mx (void)
{
  g_autoptr (DnsAnswer) answer = dns_answer_new ("example", DNS_FOUND);

  g_assert_false (dns_answer_is_null_mx (answer));
  dns_answer_add (answer, DNS_TYPE_MX, BYTES ("\0\0\0"));
  g_assert_true (dns_answer_is_null_mx (answer));
  dns_answer_add (answer, DNS_TYPE_MX, BYTES ("\0\12\1a\0"));
  g_assert_false (dns_answer_is_null_mx (answer));
}

static void
test_bounded (void)
{
  g_autoptr (DnsAnswer) answer = dns_answer_new ("example", DNS_FOUND);

  for (guint i = 0; i < 2 * DNS_RECORDS_MAX; i++)
    g_assert_cmpint (dns_answer_add (answer, DNS_TYPE_A, BYTES ("\300\0\2\7")), ==,
                     i < DNS_RECORDS_MAX);
  g_assert_cmpuint (answer->records->len, ==, DNS_RECORDS_MAX);
}

static void
test_reverse (void)
{
  static const struct {
    const char *address, *zone, *name;
  } names[] = {
    { "192.0.2.7", NULL, "7.2.0.192.in-addr.arpa" },
    { "127.0.0.2", "list.example", "2.0.0.127.list.example" },
    { "2001:db8::7", NULL,
      "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (names[i].address);
    g_autofree char *name = dns_reverse_name (address, names[i].zone);
    g_assert_cmpstr (name, ==, names[i].name);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns-answer/records", test_records);
  g_test_add_func ("/dns-answer/order", test_order);
  g_test_add_func ("/dns-answer/null-mx", test_null_mx);
  g_test_add_func ("/dns-answer/bounded", test_bounded);
  g_test_add_func ("/dns-answer/reverse", test_reverse);
  return g_test_run ();
}
