/* Tests of daemon/policy/arc.c: chains that are sealed here, and what is done to them. */
#include "policy/arc.h"
#include <string.h>
#include "dkim-fixture.h"

static const char mail[] = "From: Anna <anna@example.com>\r\nSubject: Lunch\r\n\r\nHello\r\n";

static DkimFixtureKey key;

/* The Ed25519 signature over DATA in Base64 (RFC 8463 §3). */
static char *
sign (const GString *data)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 digest[32], signature[64];
  gsize length = sizeof signature;

  EVP_Digest (data->str, data->len, digest, NULL, EVP_sha256 (), NULL);
  g_assert_cmpint (EVP_DigestSignInit (context, NULL, NULL, NULL, key.key), ==, 1);
  g_assert_cmpint (EVP_DigestSign (context, signature, &length, digest, sizeof digest), ==, 1);
  EVP_MD_CTX_free (context);
  return g_base64_encode (signature, length);
}

static char *
message_signature (const char *text, guint instance, const char *domain)
{
  static const char *const names[] = { "From", "Subject", NULL };
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  guint64 total;
  g_autofree char *hash
      = g_base64_encode (dkim_message_body_hash (message, DKIM_RELAXED, G_MAXUINT64, &total), 32);
  g_autofree char *field = g_strdup_printf (
      "ARC-Message-Signature: i=%u; a=ed25519-sha256; c=relaxed/relaxed; d=%s; s=k;\r\n"
      "\th=From:Subject; bh=%s; b=",
      instance, domain, hash);
  g_autoptr (GString) data = g_string_new (NULL);
  g_autofree char *signature = NULL;

  dkim_header_append (dkim_message_header (message), data, names, DKIM_RELAXED, -1);
  dkim_append_unsigned (data, (const guint8 *)field, strlen (field), DKIM_RELAXED);
  signature = sign (data);
  return g_strconcat (field, signature, "\r\n", NULL);
}

/* The ARC fields of TEXT in the order of RFC 8617 §5.1.1, each as it stands there. */
static void
append_sets (GString *data, const char *text, guint count)
{
  static const char *const kinds[]
      = { "ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal" };
  g_autoptr (DkimHeader) header = dkim_header_read ((const guint8 *)text, strlen (text));

  for (guint i = 1; i <= count; i++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
      g_autofree char *begin = g_strdup_printf ("%s: i=%u;", kinds[k], i);

      for (guint f = 0; f < header->fields->len; f++) {
        const ByteRange *whole = &g_array_index (header->fields, HeaderField, f).whole;
        if (g_str_has_prefix (text + whole->offset, begin))
          dkim_canon_field (data, (const guint8 *)text + whole->offset, whole->length,
                            DKIM_RELAXED);
      }
    }
}

/* TEXT with another set on top. */
static char *
seal (const char *text, guint instance, const char *domain, const char *state, const char *results)
{
  g_autofree char *signature = message_signature (text, instance, domain);
  g_autofree char *inner = g_strdup_printf ("%sARC-Authentication-Results: i=%u; %s; %s\r\n%s",
                                            signature, instance, domain, results, text);
  g_autofree char *field = g_strdup_printf (
      "ARC-Seal: i=%u; a=ed25519-sha256; cv=%s; d=%s; s=k; t=1700000000;\r\n\tb=", instance, state,
      domain);
  g_autoptr (GString) data = g_string_new (NULL);
  g_autofree char *mark = NULL;

  append_sets (data, inner, instance);
  dkim_append_unsigned (data, (const guint8 *)field, strlen (field), DKIM_RELAXED);
  mark = sign (data);
  return g_strconcat (field, mark, "\r\n", inner, NULL);
}

static ArcVerdict *
check (const char *text)
{
  const ZoneRecord zone[] = {
    { "k._domainkey.list.example", QUESTION_TXT, key.record },
    { "k._domainkey.school.example", QUESTION_TXT, key.record },
    { "k._domainkey.slow.example", QUESTION_TXT, NULL },
    { NULL },
  };
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  g_autoptr (Answers) answers = answers_new ();
  ArcVerdict *verdict;

  while (!(verdict = arc_check (message, answers)))
    g_assert_cmpuint (zone_answer (answers, zone), >, 0);
  return verdict;
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
  return seal (mail, 1, "list.example", "none", "dmarc=pass header.from=example.com");
}

static char *
seal_twice (void)
{
  g_autofree char *one = seal_once ();

  return seal (one, 2, "school.example", "pass", "dmarc=fail header.from=example.com; arc=pass");
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
  { "ARC-Seal: i=2; a=ed25519-sha256", "ARC-Seal: i=2; a=rsa-sha1", "fail: a seal cannot be read" },
  { "ARC-Seal: i=2;", "ARC-Seal: i=2; h=From;", "fail: a seal has h=" },
  { "ARC-Seal: i=2", "ARC-Seal: i=3", "fail: a set is not whole" },
  { "ARC-Seal: i=2", "X-Seal: i=2", "fail: a set is not whole" },
  { "ARC-Seal: i=2", "ARC-Seal: i=1", "fail: an instance is there twice" },
  { "ARC-Seal: i=2", "ARC-Seal: i=51", "fail: an instance is broken" },
  { "ARC-Seal: i=2", "ARC-Seal: i=0", "fail: an instance is broken" },
  { "ARC-Seal: i=2", "ARC-Seal: i=x", "fail: an instance is broken" },
  { "ARC-Authentication-Results: i=2;", "ARC-Authentication-Results: school.example; i=2;",
    "fail: an instance is broken" },
  { "h=From:Subject", "h=Subject:X", "fail: From is not signed" },
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
  g_assert_false (arc_vouches (verdict, "example.com", "list.example"));
}

/* A DNS that does not answer leaves it open; a broken link stays one. */
static void
test_slow (void)
{
  g_autofree char *one = seal_once ();
  g_autofree char *two = seal (one, 2, "slow.example", "pass", "arc=pass");
  g_autofree char *broken = replace (two, "dmarc=pass", "dmarc=best");
  g_autoptr (ArcVerdict) open = check (two);
  g_autoptr (ArcVerdict) closed = check (broken);

  g_assert_cmpint (open->result, ==, ARC_TEMPERROR);
  g_assert_cmpint (closed->result, ==, ARC_FAIL);
}

/* Whom we do not trust may have made up all that stands before his seal. */
static void
test_vouches (void)
{
  static const struct {
    const char *author, *trusted;
    gboolean vouches;
  } cases[] = {
    { "example.com", "list.example school.example", TRUE },
    { "example.com", "school.example", FALSE },
    { "example.com", "list.example", FALSE },
    { "example.com", "", FALSE },
    { "example.net", "list.example school.example", FALSE },
  };
  g_autofree char *text = seal_twice ();
  g_autoptr (ArcVerdict) verdict = check (text);

  g_assert_cmpuint (verdict->sealers->len, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (arc_vouches (verdict, cases[i].author, cases[i].trusted), ==,
                     cases[i].vouches);
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
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = seal (mail, 1, "list.example", "none", cases[i].results);
    g_autoptr (ArcVerdict) verdict = check (text);

    g_test_message ("%s", cases[i].results);
    g_assert_cmpint (verdict->result, ==, ARC_PASS);
    g_assert_cmpint (arc_vouches (verdict, "example.com", "list.example"), ==, cases[i].vouches);
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
  g_test_add_func ("/arc/vouches", test_vouches);
  g_test_add_func ("/arc/results", test_results);
  status = g_test_run ();
  dkim_fixture_key_clear (&key);
  return status;
}
