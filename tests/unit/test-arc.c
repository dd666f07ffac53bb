/* Tests of daemon/policy/arc.c: chains that are sealed here, and what is done to them. */
#include "policy/arc.h"
#include "policy/arc-chain.h"
#include <string.h>
#include "arc-fixture.h"

#define NOW 1700000000

static const char mail[] = "From: Anna <anna@example.com>\r\nSubject: Lunch\r\n\r\nHello\r\n";

static DkimFixtureKey key;

static ArcVerdict *
check (const char *text)
{
  const ZoneRecord zone[] = {
    { "k._domainkey.list.example", QUESTION_TXT, key.record },
    { "k._domainkey.school.example", QUESTION_TXT, key.record },
    { "k._domainkey.slow.example", QUESTION_TXT, NULL },
    { NULL },
  };

  return arc_fixture_check (text, zone, NOW);
}

static char *
replace (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, 2);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  return g_strjoinv (to, parts);
}

static char *
seal_once (void)
{
  return arc_fixture_seal (&key, mail, 1, "list.example", "none",
                           "dmarc=pass header.from=example.com");
}

static char *
seal_twice (void)
{
  g_autofree char *one = seal_once ();

  return arc_fixture_seal (&key, one, 2, "school.example", "pass",
                           "dmarc=fail header.from=example.com; arc=pass");
}

static const struct {
  const char *from, *to, *result;
} changes[] = {
  { "Hello", "Hello", "pass" },
  { "From: Anna", "X-Other: field\r\nFrom: Anna", "pass" },
  { "Hello", "Goodbye", "fail: the body was changed" },
  { "Subject: Lunch", "Subject: Money", "fail: the signature is wrong" },
  { "dmarc=pass", "dmarc=best", "fail: the signature is wrong" },
  { "ARC-Seal: i=2; a=ed25519-sha256; cv=pass", "ARC-Seal: i=2; a=ed25519-sha256; cv=fail",
    "fail: a seal calls the chain broken" },
  { "ARC-Seal: i=2; a=ed25519-sha256; cv=pass", "ARC-Seal: i=2; a=ed25519-sha256; cv=none",
    "fail: a seal calls the chain broken" },
  { "ARC-Seal: i=2; a=ed25519-sha256", "ARC-Seal: i=2; a=rsa-sha1",
    "fail: unknown or weak algorithm" },
  { "ARC-Seal: i=2;", "ARC-Seal: i=2; h=From;", "fail: a seal has h=" },
  { "ARC-Seal: i=2", "ARC-Seal: i=3", "fail: a set is not whole" },
  { "ARC-Seal: i=2", "X-Seal: i=2", "fail: a set is not whole" },
  { "ARC-Seal: i=2", "ARC-Seal: i=1", "fail: an instance is there twice" },
  { "ARC-Seal: i=2", "ARC-Seal: i=51", "fail: an instance is broken" },
  { "ARC-Seal: i=2", "ARC-Seal: i=0", "fail: an instance is broken" },
  { "ARC-Seal: i=2", "ARC-Seal: i=x", "fail: an instance is broken" },
  { "ARC-Authentication-Results: i=2;", "ARC-Authentication-Results: school.example; i=2;",
    "fail: an instance is broken" },
  { "ARC-Message-Signature: i=2", "ARC-Message-Signature: i=1",
    "fail: an instance is there twice" },
  { "ARC-Authentication-Results: i=2", "ARC-Authentication-Results: i=02",
    "fail: the signature is wrong" },
  { "ARC-Authentication-Results: i=2", "ARC-Authentication-Results: I=2",
    "fail: an instance is broken" },
  { "ARC-Authentication-Results: i=2", "X: i=2", "fail: a set is not whole" },
  { "ARC-Seal: i=2; a=ed25519-sha256; cv=pass;", "ARC-Seal: i=2; a=ed25519-sha256;",
    "fail: a seal calls the chain broken" },
  { "ARC-Seal: i=2; a=ed25519-sha256; cv=pass; d=school.example",
    "ARC-Seal: i=2; a=ed25519-sha256; cv=pass; d=", "fail: d= is missing or no domain" },
  { "ARC-Seal: i=2; a=ed25519-sha256; cv=pass; d=school.example; s=k",
    "ARC-Seal: i=2; a=ed25519-sha256; cv=pass; d=school.example; s=gone", "fail: there is no key" },
  { "ARC-Seal: i=2; a=ed25519-sha256; cv=pass; d=school.example; s=k", "ARC-Seal: i=2; i=2",
    "fail: an instance is broken" }, /* a tag twice is no list */
  { "d=school.example; s=k; t=1700000000;\r\n\tb=", "d=school.example; s=k;\r\n\tb=!",
    "fail: b= is missing or no Base64" },
  { "h=From:Subject", "h=Subject:X", "fail: From is not signed" },
  { "h=From:Subject", "h=From:ARC-seal", "fail: a message signature signs a seal" }, /* §4.1.2 */
  { "h=From:Subject", "v=9; h=From:Subject", "fail: the signature is wrong" }, /* v= is ignored */
  { "h=From:Subject", "x=1699999999; h=From:Subject", "fail: the signature has expired" },
  { "h=From:Subject", "l=999; h=From:Subject", "fail: the body is shorter than l=" },
  { "h=From:Subject; bh=", "h=From:Subject; bh=====", "fail: bh= is missing or no SHA-256" },
};

static void
test_changes (void)
{
  g_autofree char *text = seal_twice ();

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autofree char *changed = replace (text, changes[i].from, changes[i].to);
    g_autoptr (ArcVerdict) verdict = check (changed);
    g_autofree char *result = g_strconcat (arc_result_name (verdict->result),
                                           verdict->problem ? ": " : NULL, verdict->problem, NULL);

    g_test_message ("%s -> %s", changes[i].from, changes[i].to);
    g_assert_cmpstr (result, ==, changes[i].result);
  }
}

static void
test_none (void)
{
  g_autoptr (ArcVerdict) verdict = check (mail);

  g_assert_cmpint (verdict->result, ==, ARC_NONE);
  g_assert_null (arc_voucher (verdict, "example.com", "list.example"));
}

/* §5.2.1: a DNS that does not answer ends the chain; that it was the DNS is known nevertheless. */
static void
test_slow (void)
{
  g_autofree char *one = seal_once ();
  g_autofree char *two = arc_fixture_seal (&key, one, 2, "slow.example", "pass", "arc=pass");
  g_autofree char *broken = replace (two, "dmarc=pass", "dmarc=best");
  g_autoptr (ArcVerdict) open = check (two);
  g_autoptr (ArcVerdict) closed = check (broken);

  g_assert_cmpint (open->result, ==, ARC_FAIL);
  g_assert_true (open->temporary);
  g_assert_null (arc_voucher (open, "example.com", "list.example slow.example"));
  g_assert_cmpint (closed->result, ==, ARC_FAIL);
  g_assert_false (closed->temporary);
}

/* §4.2.1: fifty sets are a chain, one more is none; each key is asked for once, all together. */
static void
test_many (void)
{
  g_autofree char *text = seal_once ();

  for (guint i = 2; i <= ARC_SETS_MAX + 1; i++) {
    g_autofree char *before = g_steal_pointer (&text);
    g_autoptr (ArcVerdict) verdict = i % 10 == 0 || i > 49 ? check (before) : NULL;

    g_assert_true (verdict == NULL || verdict->result == ARC_PASS);
    text = arc_fixture_seal (&key, before, i, i % 2 ? "list.example" : "school.example", "pass",
                             "arc=pass");
  }
  g_autoptr (ArcVerdict) verdict = check (text);
  g_assert_cmpint (verdict->result, ==, ARC_FAIL);
  g_assert_cmpstr (verdict->problem, ==, "an instance is broken");
}

static void
test_ask (void)
{
  g_autofree char *text = seal_twice ();
  g_autofree char *broken = replace (text, "cv=pass", "cv=fail");
  g_autoptr (DkimHeader) header = dkim_header_read ((const guint8 *)text, strlen (text));
  g_autoptr (DkimHeader) other = dkim_header_read ((const guint8 *)broken, strlen (broken));
  g_autoptr (Answers) answers = answers_new ();

  arc_ask_keys (other, answers);
  g_assert_null (answers_next_question (answers)); /* nobody is asked for a chain that is none */
  arc_ask_keys (header, answers);
  g_assert_cmpstr (answers_next_question (answers)->name, ==, "k._domainkey.school.example");
  g_assert_cmpstr (answers_next_question (answers)->name, ==, "k._domainkey.list.example");
  g_assert_null (answers_next_question (answers));
}

/* Whom we do not trust may have made up all that stands before his seal. */
static void
test_voucher (void)
{
  static const struct {
    const char *author, *trusted, *voucher;
  } cases[] = {
    { "example.com", "list.example school.example", "list.example" },
    { "example.com", "  School.example\tLIST.example ", "list.example" },
    { "example.com", "school.example", NULL },
    { "example.com", "list.example", NULL },
    { "example.com", "", NULL },
    { "example.com", "example", NULL },
    { "example.net", "list.example school.example", NULL },
    { NULL, "list.example school.example", NULL },
  };
  g_autofree char *text = seal_twice ();
  g_autoptr (ArcVerdict) verdict = check (text);

  g_assert_cmpuint (verdict->sealers->len, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (arc_voucher (verdict, cases[i].author, cases[i].trusted), ==,
                     cases[i].voucher);
}

/* Only a result counts, not what looks like one. */
static void
test_results (void)
{
  static const struct {
    const char *results;
    gboolean vouches;
  } cases[] = {
    { "dmarc=pass header.from=example.com", TRUE },
    { "spf=pass; DMARC=PASS (p=reject) policy.x=y header.from=Example.com", TRUE },
    { "dmarc=fail header.from=example.com", FALSE },
    { "dmarc=pass header.from=example.org", FALSE },
    { "dmarc=pass", FALSE },
    { "spf=fail (; dmarc=pass header.from=example.com)", FALSE },
    { "spf=fail reason=dmarc=pass header.from=example.com", FALSE },
    { "spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=example.com\"@evil.example", FALSE },
    { "spf=pass smtp.mailfrom=\"\\\"; dmarc=pass header.from=example.com;\"", FALSE },
    { "spf=fail (a (b) \\) ; dmarc=pass header.from=example.com )", FALSE },
    { "spf=fail (never closed; dmarc=pass header.from=example.com", FALSE },
    { "spf=pass smtp.mailfrom=\"never closed; dmarc=pass header.from=example.com", FALSE },
    { "dmarc=pass header.from=example.com.evil.example", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text
        = arc_fixture_seal (&key, mail, 1, "list.example", "none", cases[i].results);
    g_autoptr (ArcVerdict) verdict = check (text);

    g_test_message ("%s", cases[i].results);
    g_assert_cmpint (verdict->result, ==, ARC_PASS);
    g_assert_cmpstr (arc_voucher (verdict, "example.com", "list.example"), ==,
                     cases[i].vouches ? "list.example" : NULL);
  }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  key = dkim_fixture_key (DKIM_ED25519_SHA256);
  g_test_add_func ("/arc/changes", test_changes);
  g_test_add_func ("/arc/none", test_none);
  g_test_add_func ("/arc/slow", test_slow);
  g_test_add_func ("/arc/many", test_many);
  g_test_add_func ("/arc/ask", test_ask);
  g_test_add_func ("/arc/voucher", test_voucher);
  g_test_add_func ("/arc/results", test_results);
  status = g_test_run ();
  dkim_fixture_key_clear (&key);
  return status;
}
