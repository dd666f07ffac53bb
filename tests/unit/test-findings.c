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
      "\tspf=fail\r\n\t smtp.mailfrom=\"odd one\"@example.com;\r\n"
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

/* The dearest mail there can be: every look-up that each of its checks may ask for, all different.
 * It ends, in few rounds, and within the bound of questions. */
static void
test_worst (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) record = g_string_new ("v=spf1");
  g_autoptr (GArray) records = g_array_new (TRUE, TRUE, sizeof (ZoneRecord));
  g_autoptr (GStringChunk) names = g_string_chunk_new (4096);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("192.0.2.1");
  g_autoptr (Answers) answers = answers_new ();
  g_autoptr (GBytes) mail = NULL;
  const SpfQuery query
      = { .address = address, .helo = "h", .sender = "a@worst.example", .receiver = "mx" };
  Findings findings = { .trusted = "s1.example" };
  guint questions = 0, rounds = 0;

  for (guint i = 0; i < 9; i++) {
    g_string_append_printf (record, " mx:m%u.worst.example", i);
    for (guint n = 0; n < 10; n++) {
      g_autofree char *mx = g_strdup_printf ("m%u.worst.example", i);
      g_autofree char *host = g_strdup_printf ("h%u-%u.worst.example", i, n);
      const ZoneRecord one
          = { g_string_chunk_insert (names, mx), QUESTION_MX, g_string_chunk_insert (names, host) };
      const ZoneRecord two = { one.record, QUESTION_A, "198.51.100.1" };

      g_array_append_val (records, one);
      g_array_append_val (records, two);
    }
  }
  g_string_append (record, " -all");
  const ZoneRecord spf = { "worst.example", QUESTION_TXT, record->str };
  g_array_append_val (records, spf);
  for (guint i = 0; i < 30; i++) {
    g_autofree char *name = g_strdup_printf ("p%u.worst.example", i);
    const ZoneRecord one
        = { "1.2.0.192.in-addr.arpa", QUESTION_PTR, g_string_chunk_insert (names, name) };

    g_array_append_val (records, one);
  }
  for (guint i = 50; i > 0; i--)
    g_string_append_printf (
        text,
        "ARC-Seal: i=%u; a=rsa-sha256; cv=%s; d=s%u.example; s=k; b=YWJj\r\n"
        "ARC-Message-Signature: i=%u; a=rsa-sha256; d=m%u.example; s=k; h=From;"
        " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=YWJj\r\n"
        "ARC-Authentication-Results: i=%u; s1.example; dmarc=pass header.from=w.example\r\n",
        i, i == 1 ? "none" : "pass", i, i, i, i);
  for (guint i = 0; i < 60; i++)
    g_string_append_printf (text,
                            "DKIM-Signature: v=1; a=rsa-sha256; d=d%u.example; s=k; h=From; l=0;"
                            " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=YWJj\r\n",
                            i);
  g_string_append (text, "From: a@a.b.c.d.e.f.g.h.i.j.w.example\r\n\r\n");
  mail = g_bytes_new (text->str, text->len);
  while (!findings_update (&findings, &query, mail, answers)) {
    const guint asked = zone_answer (answers, (const ZoneRecord *)records->data);

    g_assert_cmpuint (asked, >, 0);
    questions += asked;
    g_assert_cmpuint (++rounds, <, 30);
  }
  g_test_message ("%u questions in %u rounds", questions, rounds);
  g_assert_cmpuint (questions, <, ANSWERS_MAX);
  g_assert_cmpint (findings.arc->result, ==, ARC_FAIL);
  g_assert_cmpint (findings.spf->result, ==, SPF_FAIL);
  g_assert_cmpuint (findings.dkim->len, ==, DKIM_SIGNATURES_MAX);
  g_assert_null (findings.voucher);
  findings_clear (&findings);
}

static void
assert_registered (const char *codes, const char *name)
{
  g_autofree char *word = g_strconcat (" ", name, " ", NULL);

  g_test_message ("%s in%s", name, codes);
  g_assert_nonnull (strstr (codes, word));
}

/* Each result that can be written is one that IANA knows for its method (RFC 8601 §4, §6.6; RFC
 * 8617 §10.1; RFC 9989 §9.2). */
static void
test_names (void)
{
  for (IprevResult result = IPREV_PASS; result <= IPREV_PERMERROR; result++)
    assert_registered (" pass fail temperror permerror ", iprev_result_name (result));
  for (SpfResult result = SPF_NONE; result <= SPF_PERMERROR; result++)
    assert_registered (" none neutral pass fail softfail temperror permerror policy ",
                       spf_result_name (result));
  for (DkimResult result = DKIM_NONE; result <= DKIM_PERMERROR; result++)
    assert_registered (" none pass fail policy neutral temperror permerror ",
                       dkim_result_name (result));
  for (ArcResult result = ARC_NONE; result <= ARC_FAIL; result++)
    assert_registered (" none pass fail ", arc_result_name (result));
  for (DmarcResult result = DMARC_NONE; result <= DMARC_PERMERROR; result++)
    assert_registered (" none pass fail temperror permerror ", dmarc_result_name (result));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/findings/steps", test_steps);
  g_test_add_func ("/findings/policy", test_policy);
  g_test_add_func ("/findings/forwarded", test_forwarded);
  g_test_add_func ("/findings/worst", test_worst);
  g_test_add_func ("/findings/names", test_names);
  return g_test_run ();
}
