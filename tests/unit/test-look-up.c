/* Tests of daemon/policy/look-up.c: what the resolver says, as text. */
#include "policy/look-up.h"
#include "net/dns-answer.h"

static const struct {
  DnsType dns;
  QuestionType type;
  const char *rdata;
  gsize length;
  const char *text;
} cases[] = {
  { DNS_TYPE_A, QUESTION_A, "\300\0\2\1", 4, "192.0.2.1" },
  { DNS_TYPE_AAAA, QUESTION_AAAA, "\40\1\r\270\0\0\0\0\0\0\0\0\0\0\0\1", 16, "2001:db8::1" },
  { DNS_TYPE_MX, QUESTION_MX, "\0\n\2mx\7example\0", 14, "mx.example" },
  { DNS_TYPE_PTR, QUESTION_PTR, "\4mail\7example\0", 14, "mail.example" },
  { DNS_TYPE_TXT, QUESTION_TXT, "\3v=s\7pf1 all", 12, "v=spf1 all" },
  { DNS_TYPE_TXT, QUESTION_TXT, "\3a\0b", 4, "a\357\277\275b" },
  { DNS_TYPE_TXT, QUESTION_TXT, "\0", 1, "" },
};

static void
test_records (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (DnsAnswer) answer = dns_answer_new ("example", DNS_FOUND);
    g_auto (GStrv) records = NULL;

    g_assert_true (
        dns_answer_add (answer, cases[i].dns, (const guint8 *)cases[i].rdata, cases[i].length));
    records = look_up_records (answer, cases[i].type);
    g_assert_cmpuint (g_strv_length (records), ==, 1);
    g_assert_cmpstr (records[0], ==, cases[i].text);
  }
}

static void
did_finish (GObject *source, GAsyncResult *result, gpointer data)
{
  *(AuthenticationVerdict **)data = authentication_finish_finish (result, NULL);
}

/* With the real resolver and a server that is not there. */
static void
test_ask (void)
{
  g_autofree char *folder = g_dir_make_tmp ("look-up-XXXXXX", NULL);
  const DnsOptions options = { folder, "127.0.0.1@1" };
  g_autoptr (Dns) dns = dns_new (&options, NULL);
  g_autoptr (GInetAddress) client = g_inet_address_new_from_string ("192.0.2.1");
  const AuthenticationPeer peer = { .hostname = "mx",
                                    .client = client,
                                    .helo = "localhost",
                                    .sender = "a@nothing.invalid",
                                    .seconds = 2,
                                    .ask = look_up_ask,
                                    .data = dns };
  g_autoptr (Authentication) authentication = authentication_new (&peer);
  g_autoptr (GBytes) mail = g_bytes_new_static ("From: a@nothing.invalid\r\n\r\n", 27);
  g_autoptr (AuthenticationVerdict) verdict = NULL;

  authentication_finish_async (authentication, mail, did_finish, &verdict);
  while (verdict == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (verdict->spf, ==, "none");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/look-up/records", test_records);
  g_test_add_func ("/look-up/ask", test_ask);
  return g_test_run ();
}
