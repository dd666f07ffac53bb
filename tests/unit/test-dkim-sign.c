/* Tests of daemon/policy/dkim-sign.c; that signatures are right is proved in test-dkim-verify.c. */
#include "policy/dkim-sign.h"
#include <string.h>
#include "dkim-fixture.h"

static void
test_keys (void)
{
  for (DkimAlgorithm algorithm = DKIM_RSA_SHA256; algorithm <= DKIM_ED25519_SHA256; algorithm++) {
    g_autofree char *pem = dkim_key_generate (algorithm, NULL);
    EVP_PKEY *key = dkim_key_read_private (pem, algorithm);
    g_autofree char *record = dkim_key_record (key, algorithm);
    const char *problem;
    g_autoptr (DkimKey) public = dkim_key_parse (record, algorithm, &problem);

    g_assert_null (problem);
    g_assert_cmpint (EVP_PKEY_eq (public->key, key), ==, 1);
    g_assert_cmpint (EVP_PKEY_get_bits (key), ==, algorithm == DKIM_RSA_SHA256 ? 2048 : 256);
    g_assert_null (dkim_key_read_private (pem, 1 - algorithm));
    EVP_PKEY_free (key);
  }
  g_assert_null (dkim_key_read_private ("", DKIM_RSA_SHA256));
  g_assert_null (dkim_key_read_private ("nonsense", DKIM_ED25519_SHA256));
}

/* The field is folded, and what matters is named once more than it is there. */
static void
test_field (void)
{
  static const char mail[] = "From: a@example.com\r\nTo: b@example.org\r\nX-Own: x\r\n"
                             "Received: from x\r\nIn-Reply-To: <1@x>\r\n\r\nText\r\n";
  g_auto (DkimFixtureKey) key = dkim_fixture_key (DKIM_RSA_SHA256);
  g_autofree char *text = dkim_fixture_sign (mail, "h1", &key, 1700000000);
  g_autoptr (DkimHeader) header = dkim_header_read ((const guint8 *)text, strlen (text));
  const HeaderField *field = &g_array_index (header->fields, HeaderField, 0);
  g_autofree char *value = header_unfold (header->bytes, field);
  const char *problem;
  g_autoptr (DkimSignature) signature = dkim_signature_parse (value, FALSE, &problem);
  g_autofree char *names = g_strjoinv (":", signature->fields);
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

  g_assert_null (problem);
  g_assert_cmpstr (names, ==,
                   "From:From:To:To:Cc:Subject:Date:Reply-To:Message-ID:In-Reply-To:MIME-Version:"
                   "Content-Type");
  g_assert_cmpstr (signature->selector, ==, "h1");
  g_assert_cmpint (signature->timestamp, ==, 1700000000);
  g_assert_true (signature->length == G_MAXUINT64); /* never l=: others could add to the mail */
  for (guint i = 0; lines[i]; i++)
    g_assert_cmpuint (strlen (lines[i]), <=, 78);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dkim-sign/keys", test_keys);
  g_test_add_func ("/dkim-sign/field", test_field);
  return g_test_run ();
}
