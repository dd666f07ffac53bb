/* Tests of daemon/policy/arc-sign.c: the sets it makes are held against arc.c; another reader is
 * asked in tests/queue/forward.py. */
#include "policy/arc-sign.h"
#include "policy/arc-chain.h"
#include "arc-fixture.h"

#define NOW 1700000000

static const char mail[] = "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=k; h=From; bh=YWJj;"
                           " b=YWJj\r\nFrom: Anna <anna@example.com>\r\nSubject: Lunch\r\n\r\n"
                           "Hello\r\n";
static const char results[] = "mx.office.example;\r\n\tdmarc=pass header.from=example.com";

static DkimFixtureKey stranger; /* that sealed before */
static char *pem, *record; /* ours */

static GPtrArray *
keys_new (DkimAlgorithm algorithm, DkimKeyState state)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  const DkimStoredKey key = { .domain = (char *)"office.example",
                              .selector = (char *)"r1",
                              .algorithm = algorithm,
                              .state = state,
                              .pem = pem };

  g_ptr_array_add (keys, g_memdup2 (&key, sizeof key));
  return keys;
}

/* TEXT with a set of ours on top, or NULL. */
static char *
seal (const char *text, ArcResult chain, GPtrArray *keys)
{
  const ArcSealing sealing = { keys, results, chain };
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  g_autofree char *set = arc_sign (message, &sealing, NOW);

  return set ? g_strconcat (set, text, NULL) : NULL;
}

static ArcVerdict *
check (const char *text)
{
  const ZoneRecord zone[] = {
    { "k._domainkey.list.example", QUESTION_TXT, stranger.record },
    { "r1._domainkey.office.example", QUESTION_TXT, record },
    { NULL },
  };

  return arc_fixture_check (text, zone, NOW);
}

static void
test_first (void)
{
  g_autoptr (GPtrArray) keys = keys_new (DKIM_RSA_SHA256, DKIM_KEY_ACTIVE);
  g_autofree char *sealed = seal (mail, ARC_NONE, keys);
  g_autoptr (ArcVerdict) verdict = check (sealed);
  g_auto (GStrv) lines = g_strsplit (sealed, "\r\n", -1);

  g_assert_cmpstr (verdict->problem, ==, NULL);
  g_assert_cmpint (verdict->result, ==, ARC_PASS);
  g_assert_cmpuint (verdict->sealers->len, ==, 1);
  g_assert_cmpstr (arc_voucher (verdict, "example.com", "office.example"), ==, "office.example");
  g_assert_true (g_str_has_prefix (sealed, "ARC-Seal: i=1; a=rsa-sha256; cv=none;"));
  g_assert_nonnull (strstr (sealed, "DKIM-Signature;")); /* named last in h= (§4.1.2) */
  for (guint i = 0; lines[i]; i++)
    if (!g_str_has_prefix (lines[i], "DKIM-Signature"))
      g_assert_cmpuint (strlen (lines[i]), <=, 78);
}

static void
test_longer (void)
{
  g_autoptr (GPtrArray) keys = keys_new (DKIM_RSA_SHA256, DKIM_KEY_ACTIVE);
  g_autofree char *before
      = arc_fixture_seal (&stranger, mail, 1, "list.example", "none", "dmarc=pass");
  g_autofree char *sealed = seal (before, ARC_PASS, keys);
  g_autofree char *again = seal (sealed, ARC_PASS, keys);
  g_autoptr (ArcVerdict) verdict = check (again);

  g_assert_cmpstr (verdict->problem, ==, NULL);
  g_assert_cmpint (verdict->result, ==, ARC_PASS);
  g_assert_cmpuint (verdict->sealers->len, ==, 3);
  g_assert_cmpstr (verdict->sealers->pdata[0], ==, "list.example");
}

/* What the seal of a broken chain signs: its own set alone (§5.1.2). */
static void
assert_signs_itself (const char *text, guint instance)
{
  const ZoneRecord zone[] = { { "r1._domainkey.office.example", QUESTION_TXT, record }, { NULL } };
  static const char *const names[] = { "ARC-Authentication-Results", "ARC-Message-Signature" };
  g_autoptr (DkimHeader) header = dkim_header_read ((const guint8 *)text, strlen (text));
  g_autoptr (Answers) answers = answers_new ();
  g_autoptr (GString) data = g_string_new (NULL);
  g_autofree char *begin = g_strdup_printf ("ARC-Seal: i=%u; a=rsa-sha256; cv=fail;", instance);
  const HeaderField *fields = (const HeaderField *)(void *)header->fields->data;
  g_autofree char *value = header_unfold (header->bytes, &fields[0]);
  g_autofree char *state = NULL;
  const char *problem;
  g_autoptr (DkimSignature) signature = dkim_seal_parse (value, &state, &problem);
  DkimVerdict verdict = { .signature = signature };

  g_assert_true (g_str_has_prefix (text, begin));
  g_assert_null (problem);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const guint field = 2 - i; /* seal, message signature, results */
    g_assert_true (dkim_header_is_named (header, field, names[i]));
    dkim_canon_field (data, header->bytes + fields[field].whole.offset, fields[field].whole.length,
                      DKIM_RELAXED);
  }
  dkim_append_unsigned (data, header->bytes, fields[0].whole.length, DKIM_RELAXED);
  while (!dkim_verify_data (&verdict, data, answers))
    g_assert_cmpuint (zone_answer (answers, zone), >, 0);
  g_assert_cmpint (verdict.result, ==, DKIM_PASS);
}

static void
test_broken (void)
{
  g_autoptr (GPtrArray) keys = keys_new (DKIM_RSA_SHA256, DKIM_KEY_ACTIVE);
  g_autofree char *odd = g_strconcat ("ARC-Seal: i=7; cv=none\r\nARC-Seal: i=7; cv=pass\r\n"
                                      "ARC-Message-Signature: i=x\r\n",
                                      mail, NULL);
  g_autofree char *sealed = seal (odd, ARC_FAIL, keys);
  g_autoptr (ArcVerdict) verdict = check (sealed);

  g_assert_cmpint (verdict->result, ==, ARC_FAIL);
  assert_signs_itself (sealed, 8);
  g_assert_null (seal (sealed, ARC_FAIL, keys)); /* it was given up before (§5.1 step 2) */
}

static void
test_none (void)
{
  static const struct {
    DkimAlgorithm algorithm;
    DkimKeyState state;
  } useless[] = { { DKIM_RSA_SHA256, DKIM_KEY_NEXT },
                  { DKIM_RSA_SHA256, DKIM_KEY_OLD },
                  { DKIM_ED25519_SHA256, DKIM_KEY_ACTIVE } };
  g_autoptr (GPtrArray) good = keys_new (DKIM_RSA_SHA256, DKIM_KEY_ACTIVE);
  g_autofree char *full = g_strconcat ("ARC-Seal: i=50; cv=pass\r\n", mail, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (useless); i++) {
    g_autoptr (GPtrArray) keys = keys_new (useless[i].algorithm, useless[i].state);
    g_assert_null (seal (mail, ARC_NONE, keys));
  }
  g_assert_null (seal (full, ARC_FAIL, good)); /* §4.2.1: 50 sets at most */
}

int
main (int argc, char **argv)
{
  EVP_PKEY *key;

  g_test_init (&argc, &argv, NULL);
  stranger = dkim_fixture_key (DKIM_ED25519_SHA256);
  pem = dkim_key_generate (DKIM_RSA_SHA256, NULL);
  key = dkim_key_read_private (pem, DKIM_RSA_SHA256);
  record = dkim_key_record (key, DKIM_RSA_SHA256);
  EVP_PKEY_free (key);
  g_test_add_func ("/arc-sign/first", test_first);
  g_test_add_func ("/arc-sign/longer", test_longer);
  g_test_add_func ("/arc-sign/broken", test_broken);
  g_test_add_func ("/arc-sign/none", test_none);
  return g_test_run ();
}
