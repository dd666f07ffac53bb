/* Keys as people write them; answers that are signed, forged, cut off. (knot is the second opinion:
 * tests/clients/acme.py.) */
#include "net/tsig.h"
#include <openssl/hmac.h>
#include <string.h>

#define SECRET "c2VjcmV0" /* "secret" */

static const struct {
  const char *text, *algorithm;
} keys[] = {
  { "hmac-sha256:update.example:" SECRET, "hmac-sha256" },
  { "HMAC-SHA512:update.example.:" SECRET, "hmac-sha512" },
  { "update.example:" SECRET, "hmac-sha256" },
  { "hmac-md5:update.example:" SECRET, NULL },
  { "update.example", NULL },
  { "", NULL },
  { ":" SECRET, NULL },
  { "a..b:" SECRET, NULL },
  { "update.example:c2Vj!", NULL },
  { "update.example:", NULL },
  { "hmac-sha256:a:b:" SECRET, NULL },
};

static void
test_keys (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TsigKey) key = tsig_key_parse (keys[i].text, &error);
    g_test_message ("%s", keys[i].text);
    g_assert_cmpstr (key ? key->algorithm : NULL, ==, keys[i].algorithm);
    g_assert_cmpint (key == NULL, ==, error != NULL);
  }
}

static GByteArray *
question (void)
{
  static const guint8 head[12] = { 0x12, 0x34, 0xa8, 0, 0, 1 };
  GByteArray *message = g_byte_array_new ();

  g_byte_array_append (message, head, sizeof head);
  g_assert_true (dns_wire_append_name (message, "example.com"));
  dns_wire_append_16 (message, 6);
  dns_wire_append_16 (message, 1);
  return message;
}

/* What a server would send: its MAC is over the request's MAC, the message and the variables. */
static GByteArray *
sign_answer (const TsigKey *key, const TsigMac *request, gint64 time, guint code)
{
  GByteArray *message = question ();
  g_autoptr (GByteArray) covered = g_byte_array_new ();
  g_autoptr (GByteArray) record = g_byte_array_new ();
  guint8 mac[64];
  unsigned int length = sizeof mac;

  dns_wire_append_16 (covered, (guint)request->length);
  g_byte_array_append (covered, request->bytes, (guint)request->length);
  g_byte_array_append (covered, message->data, message->len);
  g_byte_array_append (covered, key->name, (guint)key->name_length);
  dns_wire_append_16 (covered, 255);
  dns_wire_append_32 (covered, 0);
  dns_wire_append_name (covered, "hmac-sha256");
  dns_wire_append_16 (covered, 0);
  dns_wire_append_32 (covered, (guint32)time);
  dns_wire_append_16 (covered, 300);
  dns_wire_append_16 (covered, code);
  dns_wire_append_16 (covered, 0);
  HMAC (EVP_sha256 (), "secret", 6, covered->data, covered->len, mac, &length);

  dns_wire_append_name (record, "hmac-sha256");
  dns_wire_append_16 (record, 0);
  dns_wire_append_32 (record, (guint32)time);
  dns_wire_append_16 (record, 300);
  dns_wire_append_16 (record, length);
  g_byte_array_append (record, mac, length);
  dns_wire_append_16 (record, 0x1234);
  dns_wire_append_16 (record, code);
  dns_wire_append_16 (record, 0);
  dns_wire_append_name (message, "update.example");
  dns_wire_append_16 (message, 250);
  dns_wire_append_16 (message, 255);
  dns_wire_append_32 (message, 0);
  dns_wire_append_16 (message, record->len);
  g_byte_array_append (message, record->data, record->len);
  message->data[11] = 1;
  return message;
}

static void
test_verify (void)
{
  g_autoptr (TsigKey) key = tsig_key_parse ("update.example:" SECRET, NULL);
  g_autoptr (TsigKey) other = tsig_key_parse ("other.example:" SECRET, NULL);
  g_autoptr (GByteArray) request = question ();
  TsigMac mac, wrong = { .length = 32 };
  guint code;

  g_autoptr (GByteArray) bare = question ();
  tsig_sign (key, request, 1000, &mac);
  g_assert_cmpuint (mac.length, ==, 32);
  g_assert_cmpuint (request->data[11], ==, 1);
  g_autoptr (GByteArray) answer = sign_answer (key, &mac, 1000, 0);
  g_autoptr (GByteArray) late = sign_answer (key, &mac, 1000, 18);
  g_assert_cmpint (tsig_verify (key, answer->data, answer->len, &mac, 1200, &code), ==, TSIG_GOOD);
  g_assert_cmpint (tsig_verify (key, answer->data, answer->len, &mac, 1301, &code), ==,
                   TSIG_FORGED);
  g_assert_cmpint (tsig_verify (key, answer->data, answer->len, &wrong, 1000, &code), ==,
                   TSIG_FORGED);
  g_assert_cmpint (tsig_verify (other, answer->data, answer->len, &mac, 1000, &code), ==,
                   TSIG_FORGED);
  g_assert_cmpint (tsig_verify (key, late->data, late->len, &mac, 1000, &code), ==, TSIG_REFUSED);
  g_assert_cmpuint (code, ==, 18);
  g_assert_cmpint (tsig_verify (key, bare->data, bare->len, &mac, 1000, &code), ==, TSIG_NONE);
  for (gsize length = 0; length < answer->len; length++)
    g_assert_cmpint (tsig_verify (key, answer->data, length, &mac, 1000, &code), !=, TSIG_GOOD);
  for (gsize i = 2; i < answer->len; i++) { /* each bit of the message counts, but for its number */
    const gboolean is_name = i >= 29 && i < 45; /* whose case is no matter */
    answer->data[i] ^= 1;
    if (!is_name)
      g_assert_cmpint (tsig_verify (key, answer->data, answer->len, &mac, 1000, &code), !=,
                       TSIG_GOOD);
    answer->data[i] ^= 1;
  }
}

static void
test_names (void)
{
  static const guint8 circle[] = { 1, 'a', 0xc0, 0 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *label = g_strnfill (64, 'a');

  g_assert_true (dns_wire_append_name (bytes, "A.b."));
  g_assert_cmpmem (bytes->data, bytes->len, "\1a\1b", 5);
  g_assert_false (dns_wire_append_name (bytes, label));
  g_assert_cmpuint (dns_wire_skip_name (circle, sizeof circle, 0), ==, 4);
  g_assert_cmpuint (dns_wire_skip_name (circle, 3, 0), ==, 0);
  g_assert_cmpuint (dns_wire_skip_name ((const guint8 *)"\5ab", 3, 0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tsig/keys", test_keys);
  g_test_add_func ("/tsig/verify", test_verify);
  g_test_add_func ("/tsig/names", test_names);
  return g_test_run ();
}
