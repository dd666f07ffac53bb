/* Tests of daemon/policy/authentication.c: a mail comes in piece by piece, and so do the answers.
 */
#include "policy/authentication.h"
#include <string.h>
#include "dkim-fixture.h"

static const char mail[] = "From: Anna <anna@example.com>\r\n"
                           "To: bob@example.org\r\n"
                           "Subject: Lunch\r\n"
                           "\r\n"
                           "Hello Bob\r\n";

static DkimFixtureKey key;

/* How the DNS of a test behaves. */
typedef struct {
  const ZoneRecord *zone;
  gboolean later; /* answers come from the main loop */
  gboolean silent; /* never */
  GPtrArray *asked; /* char * */
} TestDns;

typedef struct {
  Authentication *authentication;
  DnsQuestion question;
  const ZoneRecord *zone;
} Asked;

static void
answer (const Asked *asked)
{
  g_autoptr (Answers) answers = answers_new ();
  const Answer *found;

  answers_find (answers, asked->question.type, asked->question.name);
  zone_answer (answers, asked->zone);
  found = answers_find (answers, asked->question.type, asked->question.name);
  authentication_answer (asked->authentication, asked->question.type, asked->question.name,
                         found->status, (const char *const *)found->records, FALSE);
}

static gboolean
answer_later (gpointer data)
{
  Asked *asked = data;

  answer (asked);
  authentication_unref (asked->authentication);
  g_free (asked->question.name);
  g_free (asked);
  return G_SOURCE_REMOVE;
}

static void
ask (Authentication *self, const DnsQuestion *question, gpointer data)
{
  TestDns *dns = data;
  Asked asked = { self, *question, dns->zone };

  g_ptr_array_add (dns->asked, g_strdup (question->name));
  if (dns->silent)
    return;
  if (!dns->later) {
    answer (&asked);
    return;
  }
  authentication_ref (self);
  asked.question.name = g_strdup (question->name);
  g_idle_add (answer_later, g_memdup2 (&asked, sizeof asked));
}

static Authentication *
authentication_begin (TestDns *dns, const char *sender)
{
  g_autoptr (GInetAddress) client = g_inet_address_new_from_string ("192.0.2.1");
  const AuthenticationPeer peer = { .hostname = "mx.office.example",
                                    .client = client,
                                    .helo = "mail.example.com",
                                    .sender = sender,
                                    .seconds = 1,
                                    .ask = ask,
                                    .data = dns };

  return authentication_new (&peer);
}

static void
did_finish (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static AuthenticationVerdict *
authentication_end (Authentication *self, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GAsyncResult) result = NULL;

  authentication_finish_async (self, bytes, did_finish, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return authentication_finish_finish (result, error);
}

static void
check (TestDns *dns, const char *sender, const char *text, const char *field, DmarcPolicy policy)
{
  g_autoptr (Authentication) self = NULL;
  g_autoptr (AuthenticationVerdict) verdict = NULL;

  dns->asked = g_ptr_array_new_with_free_func (g_free);
  self = authentication_begin (dns, sender);
  verdict = authentication_end (self, text, NULL);
  g_assert_cmpstr (verdict->field, ==, field);
  g_assert_cmpint (verdict->policy, ==, policy);
  g_ptr_array_unref (dns->asked);
}

static void
test_pass (void)
{
  g_autofree char *signed_mail
      = dkim_fixture_sign (mail, "k", &key, g_get_real_time () / G_USEC_PER_SEC);
  const ZoneRecord zone[] = {
    { "example.com", QUESTION_TXT, "v=spf1 a:mail.example.com -all" },
    { "mail.example.com", QUESTION_A, "192.0.2.1" },
    { "1.2.0.192.in-addr.arpa", QUESTION_PTR, "mail.example.com" },
    { "k._domainkey.example.com", QUESTION_TXT, key.record },
    { "_dmarc.example.com", QUESTION_TXT, "v=DMARC1; p=reject" },
    { NULL },
  };
  const char *hint = strstr (signed_mail, "\tb=") + 3;
  g_autofree char *quoted = g_strdup_printf (strcspn (hint, "/=") < 8 ? "\"%.8s\"" : "%.8s", hint);
  g_autofree char *field = g_strdup_printf (
      "Authentication-Results: mx.office.example;\r\n"
      "\tiprev=pass (mail.example.com)\r\n\t policy.iprev=192.0.2.1;\r\n"
      "\tspf=pass\r\n\t smtp.mailfrom=anna@example.com;\r\n"
      "\tdkim=pass (256-bit key)\r\n\t header.d=example.com\r\n\t header.i=@example.com\r\n"
      "\t header.s=k\r\n\t header.a=ed25519-sha256\r\n\t header.b=%s;\r\n"
      "\tarc=none;\r\n"
      "\tdmarc=pass (p=reject of example.com)\r\n\t header.from=example.com\r\n",
      quoted);

  for (int later = 0; later < 2; later++) {
    TestDns dns = { .zone = zone, .later = later };
    check (&dns, "anna@example.com", signed_mail, field, DMARC_POLICY_UNSET);
  }
}

static void
test_fail (void)
{
  static const ZoneRecord zone[] = {
    { "example.com", QUESTION_TXT, "v=spf1 -all" },
    { "_dmarc.example.com", QUESTION_TXT, "v=DMARC1; p=quarantine" },
    { NULL },
  };
  TestDns dns = { .zone = zone, .later = TRUE };

  check (&dns, "anna@example.com", mail,
         "Authentication-Results: mx.office.example;\r\n"
         "\tiprev=permerror\r\n\t policy.iprev=192.0.2.1;\r\n"
         "\tspf=fail\r\n\t smtp.mailfrom=anna@example.com;\r\n"
         "\tdkim=none;\r\n"
         "\tarc=none;\r\n"
         "\tdmarc=fail (p=quarantine of example.com)\r\n\t policy.dmarc=quarantine\r\n"
         "\t header.from=example.com\r\n",
         DMARC_POLICY_QUARANTINE);
}

/* A bounce is judged by HELO, a mail with two From fields by nobody. */
static void
test_bounce (void)
{
  static const ZoneRecord zone[]
      = { { "mail.example.com", QUESTION_TXT, "v=spf1 +all" }, { NULL } };
  g_autofree char *text = g_strconcat ("From: eve@example.net\r\n", mail, NULL);
  TestDns dns = { .zone = zone };

  check (&dns, "", text,
         "Authentication-Results: mx.office.example;\r\n"
         "\tiprev=permerror\r\n\t policy.iprev=192.0.2.1;\r\n"
         "\tspf=pass\r\n\t smtp.helo=mail.example.com;\r\n"
         "\tdkim=none;\r\n"
         "\tarc=none;\r\n"
         "\tdmarc=none (several From fields)\r\n",
         DMARC_POLICY_UNSET);
}

/* A DNS that is silent costs the time that was set, and nobody is refused for it. */
static void
test_silence (void)
{
  TestDns dns = { .silent = TRUE };
  const gint64 begun = g_get_monotonic_time ();

  check (&dns, "anna@example.com", mail,
         "Authentication-Results: mx.office.example;\r\n"
         "\tiprev=temperror\r\n\t policy.iprev=192.0.2.1;\r\n"
         "\tspf=temperror (no answer for example.com)\r\n\t smtp.mailfrom=anna@example.com;\r\n"
         "\tdkim=none;\r\n"
         "\tarc=none;\r\n"
         "\tdmarc=temperror\r\n\t header.from=example.com\r\n",
         DMARC_POLICY_UNSET);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 10 * G_USEC_PER_SEC);
}

/* The envelope's look-ups begin at MAIL, the signatures' when the header is there. */
static void
test_early (void)
{
  static const ZoneRecord zone[] = { { NULL } };
  g_autofree char *text = dkim_fixture_sign (mail, "k", &key, 1700000000);
  g_autoptr (GBytes) header = g_bytes_new (text, strstr (text, "\r\n\r\n") + 4 - text);
  TestDns dns = { .zone = zone, .asked = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (Authentication) self = authentication_begin (&dns, "anna@example.com");

  while (!g_ptr_array_find_with_equal_func (dns.asked, "example.com", g_str_equal, NULL))
    g_main_context_iteration (NULL, TRUE);
  authentication_read_header (self, header);
  while (
      !g_ptr_array_find_with_equal_func (dns.asked, "k._domainkey.example.com", g_str_equal, NULL)
      || !g_ptr_array_find_with_equal_func (dns.asked, "_dmarc.example.com", g_str_equal, NULL))
    g_main_context_iteration (NULL, TRUE);
  authentication_cancel (self);
  g_ptr_array_unref (dns.asked);
}

/* Whoever goes away gets no verdict, and what comes later harms nobody. */
static void
test_cancel (void)
{
  TestDns dns = { .silent = TRUE, .asked = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (Authentication) self = authentication_begin (&dns, "anna@example.com");
  g_autoptr (GBytes) bytes = g_bytes_new (mail, strlen (mail));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  authentication_finish_async (self, bytes, did_finish, &result);
  authentication_cancel (self);
  authentication_cancel (self);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (authentication_finish_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  authentication_answer (self, QUESTION_TXT, "example.com", ANSWER_NO_NAME, NULL, FALSE);
  for (guint i = 0; i < 20; i++) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
  g_ptr_array_unref (dns.asked);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  key = dkim_fixture_key (DKIM_ED25519_SHA256);
  g_test_add_func ("/authentication/pass", test_pass);
  g_test_add_func ("/authentication/fail", test_fail);
  g_test_add_func ("/authentication/bounce", test_bounce);
  g_test_add_func ("/authentication/silence", test_silence);
  g_test_add_func ("/authentication/early", test_early);
  g_test_add_func ("/authentication/cancel", test_cancel);
  status = g_test_run ();
  dkim_fixture_key_clear (&key);
  return status;
}
