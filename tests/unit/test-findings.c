/* Tests of daemon/policy/findings.c: how far it comes with what is known. */
#include "policy/findings.h"
#include <string.h>
#include "arc-fixture.h"

static const ZoneRecord zone[] = {
  { "example.com", QUESTION_TXT, "v=spf1 -all" },
  { "_dmarc.example.com", QUESTION_TXT, "v=DMARC1; p=none" },
  { "list.example", QUESTION_TXT, "v=spf1 ip4:192.0.2.1 -all" },
  { "_dmarc.strict.example", QUESTION_TXT, "v=DMARC1; p=reject" },
  { "_dmarc.trying.example", QUESTION_TXT, "v=DMARC1; p=reject; t=y" },
  { NULL },
};

static void
test_steps (void)
{
  static const char text[]
      = "DKIM-Signature: v=1; a=rsa-sha1; d=example.com; s=x; b=YWJjZGVmZ2g=\r\n"
        "From: a@example.com\r\n\r\n";
  g_autoptr (GBytes) mail = g_bytes_new_static (text, strlen (text));
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("::ffff:192.0.2.1");
  g_autoptr (Answers) answers = answers_new ();
  const SpfQuery query = { .address = address,
                           .helo = "evil\"helo",
                           .sender = "odd one@example.com",
                           .receiver = "mx",
                           .now = 1700000000 };
  Findings findings = { 0 };
  g_autofree char *report = NULL;

  g_assert_false (findings_update (&findings, &query, NULL, answers));
  g_assert_null (findings.spf);
  zone_answer (answers, zone);
  g_assert_false (findings_update (&findings, &query, NULL, answers));
  g_assert_cmpint (findings.spf->result, ==, SPF_FAIL);
  g_assert_false (findings_update (&findings, &query, mail, answers));
  zone_answer (answers, zone);
  g_assert_true (findings_update (&findings, &query, mail, answers));
  report = findings_report (&findings, &query, "mx");
  g_assert_cmpstr (
      report, ==,
      "Authentication-Results: mx;\r\n"
      "\tiprev=permerror\r\n\t policy.iprev=192.0.2.1;\r\n"
      "\tspf=fail\r\n\t smtp.mailfrom=\"odd one@example.com\";\r\n"
      "\tdkim=permerror (unknown or weak algorithm)\r\n\t header.d=example.com\r\n"
      "\t header.i=@example.com\r\n\t header.s=x\r\n\t header.b=YWJjZGVm;\r\n"
      "\tarc=none;\r\n\tdmarc=fail (p=none of example.com)\r\n\t policy.dmarc=none\r\n\t "
      "header.from=example.com\r\n");
  findings_clear (&findings);
  findings_clear (&findings);
}

/* What is to be done with a mail that its author's domain does not know (RFC 9989 §4.7, §7.4). */
static const struct {
  const char *sender, *text;
  DmarcPolicy policy;
} wishes[] = {
  { "a@example.com", "From: a@strict.example\r\n\r\n", DMARC_POLICY_REJECT },
  { "l@list.example", "From: a@strict.example\r\n\r\n", DMARC_POLICY_REJECT },
  { "a@example.com", "List-Id: <l.list.example>\r\nFrom: a@strict.example\r\n\r\n",
    DMARC_POLICY_REJECT },
  { "l@list.example", "List-Id: <l.list.example>\r\nFrom: a@strict.example\r\n\r\n",
    DMARC_POLICY_QUARANTINE },
  { "l@list.example", "From: a@strict.example\r\nList-Post: <mailto:l@list.example>\r\n\r\n",
    DMARC_POLICY_QUARANTINE },
  { "a@example.com", "From: a@trying.example\r\n\r\n", DMARC_POLICY_QUARANTINE },
  { "a@example.com", "From: a@example.com\r\n\r\n", DMARC_POLICY_NONE },
  { "l@list.example", "From: a@list.example\r\n\r\n", DMARC_POLICY_UNSET },
};

static void
test_policy (void)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("192.0.2.1");

  for (guint i = 0; i < G_N_ELEMENTS (wishes); i++) {
    g_autoptr (GBytes) mail = g_bytes_new_static (wishes[i].text, strlen (wishes[i].text));
    g_autoptr (Answers) answers = answers_new ();
    const SpfQuery query
        = { .address = address, .helo = "h", .sender = wishes[i].sender, .receiver = "mx" };
    Findings findings = { 0 };

    g_test_message ("%s: %s", wishes[i].sender, wishes[i].text);
    while (!findings_update (&findings, &query, mail, answers))
      g_assert_cmpuint (zone_answer (answers, zone), >, 0);
    g_assert_cmpint (findings.policy, ==, wishes[i].policy);
    findings_clear (&findings);
  }
}

/* A forwarder that changed the mail, and who is trusted (RFC 8617 §7.2.1). */
static void
test_forwarded (void)
{
  static const struct {
    const char *trusted, *results;
    DmarcPolicy policy;
    const char *said;
  } cases[] = {
    { "list.example", "dmarc=pass header.from=strict.example", DMARC_POLICY_NONE,
      "\tarc=pass (sealed by list.example)\r\n\t smtp.remote-ip=192.0.2.9;\r\n"
      "\tdmarc=fail (p=reject of strict.example; it passed at list.example)\r\n"
      "\t policy.dmarc=none\r\n" },
    { "list.example", "dmarc=fail header.from=strict.example", DMARC_POLICY_QUARANTINE,
      "policy.dmarc=quarantine" },
    { NULL, "dmarc=pass header.from=strict.example", DMARC_POLICY_QUARANTINE,
      "(p=reject of strict.example)\r\n\t policy.dmarc=quarantine" },
  };
  g_auto (DkimFixtureKey) key = dkim_fixture_key (DKIM_ED25519_SHA256);
  const ZoneRecord keys[] = {
    { "k._domainkey.list.example", QUESTION_TXT, key.record },
    { "_dmarc.strict.example", QUESTION_TXT, "v=DMARC1; p=reject" },
    { NULL },
  };
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("192.0.2.9");
  const SpfQuery query
      = { .address = address, .helo = "h", .sender = "a@example.com", .receiver = "mx" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = arc_fixture_seal (&key, "From: a@strict.example\r\n\r\nx\r\n", 1,
                                              "list.example", "none", cases[i].results);
    g_autoptr (GBytes) mail = g_bytes_new (text, strlen (text));
    g_autoptr (Answers) answers = answers_new ();
    Findings findings = { .trusted = cases[i].trusted };
    g_autofree char *report = NULL;

    while (!findings_update (&findings, &query, mail, answers))
      g_assert_cmpuint (zone_answer (answers, keys), >, 0);
    report = findings_report (&findings, &query, "mx");
    g_assert_cmpint (findings.policy, ==, cases[i].policy);
    g_assert_nonnull (strstr (report, cases[i].said));
    findings_clear (&findings);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/findings/steps", test_steps);
  g_test_add_func ("/findings/policy", test_policy);
  g_test_add_func ("/findings/forwarded", test_forwarded);
  return g_test_run ();
}
