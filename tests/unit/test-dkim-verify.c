/* Tests of daemon/policy/dkim-verify.c: signed mail, and what people do to it. */
#include "policy/dkim-verify.h"
#include <string.h>
#include "dkim-fixture.h"

#define NOW 1700000000

static const char mail[] = "From: Anna <anna@example.com>\r\n"
                           "To: bob@example.org\r\n"
                           "Subject: Lunch  today\r\n"
                           "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
                           "Message-ID: <1@example.com>\r\n"
                           "\r\n"
                           "Hello Bob,\r\n\r\n12 o'clock?\r\n\r\n";

typedef struct {
  DkimFixtureKey rsa, ed25519;
} Fixture;

static Fixture fixture;

/* One result a signature, "pass", or "fail: why". */
static char *
verify_at (const char *text, const ZoneRecord *zone, gint64 now)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  g_autoptr (Answers) answers = answers_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  GPtrArray *verdicts;

  while (!(verdicts = dkim_verify (message, answers, now)))
    g_assert_cmpuint (zone_answer (answers, zone), >, 0);
  for (guint i = 0; i < verdicts->len; i++) {
    const DkimVerdict *verdict = verdicts->pdata[i];

    g_string_append_printf (out, "%s%s", i ? ", " : "", dkim_result_name (verdict->result));
    if (verdict->problem)
      g_string_append_printf (out, ": %s", verdict->problem);
    g_assert_true ((verdict->result == DKIM_PASS) == (verdict->problem == NULL));
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* With the keys of the fixture in the DNS. */
static char *
verify (const char *text, gint64 now)
{
  const ZoneRecord zone[] = {
    { "r._domainkey.example.com", QUESTION_TXT, fixture.rsa.record },
    { "e._domainkey.example.com", QUESTION_TXT, fixture.ed25519.record },
    { NULL },
  };

  return verify_at (text, zone, now);
}

static char *
replace (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, 2);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  return g_strjoinv (to, parts);
}

/* What may happen on the way to a mail that was signed relaxed, and what may not. */
static const struct {
  const char *from, *to, *result;
} changes[] = {
  { "Hello", "Hello", "pass" },
  { "Lunch  today", "Lunch\r\n\ttoday  ", "pass" },
  { "Subject: L", "SUBJECT : L", "pass" },
  { "12 o'clock?\r\n\r\n", "12  o'clock? \t\r\n\r\n\r\n\r\n", "pass" },
  { "To: bob", "Received: from somewhere\r\nTo: bob", "pass" },
  { "Hello Bob", "Hello Eve", "fail: the body was changed" },
  { "Hello Bob", " Hello Bob", "fail: the body was changed" },
  { "12 o'clock?", "12 o'clock?\r\nMore", "fail: the body was changed" },
  { "Lunch", "Dinner", "fail: the signature is wrong" },
  { "anna@", "eve@", "fail: the signature is wrong" },
  { "To: bob", "Subject: Another\r\nTo: bob", "fail: the signature is wrong" },
  { "To: bob", "From: eve@example.com\r\nTo: bob", "fail: the signature is wrong" },
  { "To: bob", "Cc: eve@example.org\r\nTo: bob", "fail: the signature is wrong" },
  { "Date: ", "X-Date: ", "fail: the signature is wrong" },
  { " t=1700000000", " t=1700000001", "fail: the signature is wrong" },
  { "d=example.com", "d=example.net", "permerror: there is no key" },
  { "h=From:From:", "h=X:Y:", "permerror: From is not signed" },
  { "v=1;", "v=1; v=1;", "permerror: broken syntax" },
  { "v=1;", "v=1; l=9999;", "permerror: the body is shorter than l=" }, /* §3.5 */
  { "v=1;", "v=1; unknown=x;", "fail: the signature is wrong" }, /* §3.5: but it is signed, too */
};

static void
test_changes (void)
{
  for (guint e = 0; e < 2; e++) {
    g_autofree char *text
        = dkim_fixture_sign (mail, e ? "e" : "r", e ? &fixture.ed25519 : &fixture.rsa, NOW);

    for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
      g_autofree char *changed = replace (text, changes[i].from, changes[i].to);
      g_autofree char *result = verify (changed, NOW);

      g_test_message ("%s -> %s", changes[i].from, changes[i].to);
      g_assert_cmpstr (result, ==, changes[i].result);
    }
  }
}

static void
test_times (void)
{
  g_autofree char *text = dkim_fixture_sign (mail, "e", &fixture.ed25519, NOW);
  g_autofree char *early = verify (text, NOW - 3600);
  g_autofree char *too_early = verify (text, NOW - 3 * 24 * 3600);
  g_autofree char *expiring = replace (text, " t=1700000000;", " t=1700000000; x=1700000100;");
  g_autofree char *expired = verify (expiring, NOW + 101);
  g_autofree char *in_time = verify (expiring, NOW + 100);

  g_assert_cmpstr (early, ==, "pass");
  g_assert_cmpstr (too_early, ==, "fail: the signature is from the future");
  g_assert_cmpstr (expired, ==, "fail: the signature has expired");
  g_assert_cmpstr (in_time, ==, "fail: the signature is wrong"); /* x= was added */
}

/* The key record decides: RFC 6376 §3.6.1, §6.1.2. */
static void
test_keys (void)
{
  static const struct {
    const char *from, *to, *result;
  } records[] = {
    { "v=DKIM1", "v=DKIM1", "pass" },
    { "v=DKIM1", "v=DKIM1; t=y", "pass" },
    { "v=DKIM1", "v=DKIM1; t=s", "pass" },
    { "p=", "p=*", "permerror: the key is no Base64, or too long" },
    { "p=", "x=", "permerror: the key record has no key" },
    { "k=ed25519", "k=rsa", "permerror: the key is for another algorithm" },
  };
  g_autofree char *text = dkim_fixture_sign (mail, "e", &fixture.ed25519, NOW);

  for (guint i = 0; i < G_N_ELEMENTS (records); i++) {
    g_autofree char *record = replace (fixture.ed25519.record, records[i].from, records[i].to);
    const ZoneRecord zone[] = { { "e._domainkey.example.com", QUESTION_TXT, record }, { NULL } };
    g_autofree char *result = verify_at (text, zone, NOW);

    g_assert_cmpstr (result, ==, records[i].result);
  }
}

/* A key that answers only for the domain itself does not for what is below it. */
static void
test_strict (void)
{
  g_autofree char *record = g_strconcat (fixture.ed25519.record, "; t=s", NULL);
  const ZoneRecord zone[] = { { "e._domainkey.example.com", QUESTION_TXT, record }, { NULL } };
  g_autofree char *text = dkim_fixture_sign (mail, "e", &fixture.ed25519, NOW);
  g_autofree char *below = replace (text, "s=e;", "s=e; i=@sub.example.com;");
  g_autofree char *result = verify_at (below, zone, NOW);

  g_assert_cmpstr (result, ==, "permerror: the key does not allow names below its domain");
}

static void
test_dns (void)
{
  const ZoneRecord slow[] = { { "e._domainkey.example.com", QUESTION_TXT, NULL }, { NULL } };
  const ZoneRecord empty[] = { { "x.e._domainkey.example.com", QUESTION_TXT, "x" }, { NULL } };
  g_autofree char *text = dkim_fixture_sign (mail, "e", &fixture.ed25519, NOW);
  g_autofree char *failed = verify_at (text, slow, NOW);
  g_autofree char *none = verify_at (text, empty, NOW);

  g_assert_cmpstr (failed, ==, "temperror: the DNS did not answer");
  g_assert_cmpstr (none, ==, "permerror: there is no key");
}

/* Several signatures: each for itself, in their order, and no more than a few. */
static void
test_several (void)
{
  g_autofree char *one = dkim_fixture_sign (mail, "e", &fixture.ed25519, NOW);
  g_autofree char *two = dkim_fixture_sign (one, "r", &fixture.rsa, NOW);
  g_autofree char *three = g_strconcat ("DKIM-Signature: nonsense\r\n", two, NULL);
  g_autofree char *result = verify (three, NOW);
  g_autoptr (GString) many = g_string_new (NULL);
  g_auto (GStrv) results = NULL;

  g_assert_cmpstr (result, ==, "permerror: broken syntax, pass, pass");
  for (guint i = 0; i < 100; i++)
    g_string_append (many, "DKIM-Signature: nonsense\r\n");
  g_string_append (many, mail);
  g_free (result);
  result = verify (many->str, NOW);
  results = g_strsplit (result, ", ", -1);
  g_assert_cmpuint (g_strv_length (results), ==, DKIM_SIGNATURES_MAX);
}

static void
test_none (void)
{
  static const char *const mails[] = { "", "\r\n", "no header at all", mail };

  for (guint i = 0; i < G_N_ELEMENTS (mails); i++) {
    g_autofree char *result = verify (mails[i], NOW);
    g_assert_cmpstr (result, ==, "");
  }
}

/* Where more fields are than are looked at, a signature says nothing. */
static void
test_cut (void)
{
  g_autofree char *text = dkim_fixture_sign (mail, "e", &fixture.ed25519, NOW);
  g_autoptr (GString) many = g_string_new (NULL);
  g_autofree char *whole = NULL;
  g_autofree char *result = NULL;

  for (guint i = 0; i < DKIM_FIELDS_MAX; i++)
    g_string_append (many, "X: y\r\n");
  whole = replace (text, "Message-ID: <1@example.com>\r\n\r\n", many->str);
  result = verify (whole, NOW);
  g_assert_cmpstr (result, ==, "permerror: the header section is too big");
}

/* The message of RFC 8463 §A.3, which others have signed, with both algorithms. */
static void
test_example (void)
{
  static const char text[] = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
                             " d=football.example.com; i=@football.example.com;\r\n"
                             " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
                             " subject : date : message-id : from : subject : date;\r\n"
                             " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
                             " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
                             " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
                             "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
                             " d=football.example.com; i=@football.example.com;\r\n"
                             " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
                             " date : message-id : from : subject : date;\r\n"
                             " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
                             " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n"
                             " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n"
                             " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n"
                             "From: Joe SixPack <joe@football.example.com>\r\n"
                             "To: Suzie Q <suzie@shopping.example.net>\r\n"
                             "Subject: Is dinner ready?\r\n"
                             "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
                             "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
                             "\r\n"
                             "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
  static const ZoneRecord zone[] = {
    { "brisbane._domainkey.football.example.com", QUESTION_TXT,
      "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" },
    { "test._domainkey.football.example.com", QUESTION_TXT,
      "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
      "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
      "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
      "Ip3G+2kryOTIKT+l/K4w3QIDAQAB" },
    { NULL },
  };
  g_autofree char *result = verify_at (text, zone, 1528637909);

  g_assert_cmpstr (result, ==, "pass, pass");
}

/* The keys are asked for as soon as the header is there. */
static void
test_ask_keys (void)
{
  g_autofree char *one = dkim_fixture_sign (mail, "e", &fixture.ed25519, NOW);
  g_autofree char *two = dkim_fixture_sign (one, "r", &fixture.rsa, NOW);
  g_autoptr (DkimHeader) header = dkim_header_read ((const guint8 *)two, strlen (two));
  g_autoptr (Answers) answers = answers_new ();

  dkim_ask_keys (header, answers);
  g_assert_cmpstr (answers_next_question (answers)->name, ==, "r._domainkey.example.com");
  g_assert_cmpstr (answers_next_question (answers)->name, ==, "e._domainkey.example.com");
  g_assert_null (answers_next_question (answers));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  fixture.rsa = dkim_fixture_key (DKIM_RSA_SHA256);
  fixture.ed25519 = dkim_fixture_key (DKIM_ED25519_SHA256);
  g_test_add_func ("/dkim-verify/changes", test_changes);
  g_test_add_func ("/dkim-verify/times", test_times);
  g_test_add_func ("/dkim-verify/keys", test_keys);
  g_test_add_func ("/dkim-verify/strict", test_strict);
  g_test_add_func ("/dkim-verify/dns", test_dns);
  g_test_add_func ("/dkim-verify/several", test_several);
  g_test_add_func ("/dkim-verify/none", test_none);
  g_test_add_func ("/dkim-verify/cut", test_cut);
  g_test_add_func ("/dkim-verify/example", test_example);
  g_test_add_func ("/dkim-verify/ask-keys", test_ask_keys);
  status = g_test_run ();
  dkim_fixture_key_clear (&fixture.rsa);
  dkim_fixture_key_clear (&fixture.ed25519);
  return status;
}
