/* NUL bytes in bodies become Base64; all else stays as it is. */
#include "mail/binary-body.h"
#include "mail/encoding.h"
#include "mail/mime.h"
#include <string.h>

#define BYTES(text) text, sizeof text - 1

static void
test_encoded (void)
{
  static const struct {
    const char *message;
    gsize length;
    const char *encoded; /* NULL: it stays */
  } cases[] = {
    { BYTES ("Subject: x\r\n\r\nplain"), NULL },
    { BYTES (""), NULL },
    { BYTES ("Subject: \0\r\n\r\nplain"), NULL },
    { BYTES ("Content-Transfer-Encoding: base64\r\n\r\nAA\0A"), NULL },
    { BYTES ("Subject: x\r\n\r\na\0b"),
      "Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\nYQBi\r\n" },
    { BYTES ("Content-Transfer-Encoding: binary\r\nSubject: x\r\n\r\n\0"),
      "Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\nAA==\r\n" },
    { BYTES (
          "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: binary\r\n\r\n"
          "--b\r\n\r\nplain\r\n--b\r\nContent-Transfer-Encoding: BINARY\r\n\r\na\0b\r\n--b--\r\n"),
      "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: binary\r\n\r\n"
      "--b\r\n\r\nplain\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nYQBi\r\n\r\n--b--\r\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) encoded
        = binary_body_encode ((const guint8 *)cases[i].message, cases[i].length, FALSE);
    gsize length = 0;
    const char *bytes = encoded ? g_bytes_get_data (encoded, &length) : NULL;
    g_assert_cmpint (encoded != NULL, ==, cases[i].encoded != NULL);
    if (encoded)
      g_assert_cmpmem (bytes, length, cases[i].encoded, strlen (cases[i].encoded));
  }
}

/* Nothing is lost (RFC 3516 §4.4). */
static void
test_back (void)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  g_autoptr (GByteArray) decoded = NULL;
  g_autoptr (GBytes) encoded = NULL;
  g_autoptr (MimePart) root = NULL;
  guint8 body[1000];
  gsize length;
  const guint8 *bytes;

  for (guint i = 0; i < sizeof body; i++)
    body[i] = (guint8)(i * 7);
  g_byte_array_append (message, (const guint8 *)"Subject: x\r\n\r\n", 14);
  g_byte_array_append (message, body, sizeof body);
  encoded = binary_body_encode (message->data, message->len, FALSE);
  bytes = g_bytes_get_data (encoded, &length);
  g_assert_null (memchr (bytes, 0, length));
  root = mime_parse (bytes, length);
  decoded = encoding_decode (root->encoding, bytes + root->body.offset, root->body.length);
  g_assert_cmpmem (decoded->data, decoded->len, body, sizeof body);
}

/* BODY=BINARYMIME: what is declared binary and is no text of lines. */
static void
test_lines (void)
{
  static const struct {
    const char *body;
    gboolean encoded;
  } cases[] = {
    { "one\r\ntwo\r\n", FALSE }, { "", FALSE },        { "one", FALSE },
    { "a\nb\r\n", TRUE },        { "a\rb\r\n", TRUE }, { "a\r", TRUE },
  };
  g_autofree char *fill = g_strnfill (1000, 'x');
  g_autofree char *longer = g_strconcat ("Content-Transfer-Encoding: binary\r\n\r\n", fill, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *message
        = g_strconcat ("Content-Transfer-Encoding: binary\r\n\r\n", cases[i].body, NULL);
    g_autoptr (GBytes) encoded
        = binary_body_encode ((const guint8 *)message, strlen (message), TRUE);
    g_autoptr (GBytes) kept = binary_body_encode ((const guint8 *)message, strlen (message), FALSE);
    g_autoptr (GBytes) text
        = binary_body_encode ((const guint8 *)cases[i].body, strlen (cases[i].body), TRUE);
    g_assert_cmpint (encoded != NULL, ==, cases[i].encoded);
    g_assert_null (kept);
    g_assert_null (text);
  }
  g_autoptr (GBytes) encoded = binary_body_encode ((const guint8 *)longer, strlen (longer), TRUE);
  g_assert_nonnull (encoded);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/binary-body/encoded", test_encoded);
  g_test_add_func ("/binary-body/back", test_back);
  g_test_add_func ("/binary-body/lines", test_lines);
  return g_test_run ();
}
