/* Copies of messages with other encodings. */
#include "mail/rewriting.h"
#include <string.h>

static const char message[]
    = "A: 1\r\ncontent-transfer-encoding: 8bit\r\nB: 2\r\n\r\nbody \r\n\xff";

static void
check (const char *encoding, const char *more, void (*body) (Rewriting *, const MimePart *),
       const char *expected)
{
  g_autoptr (MimePart) part = mime_parse ((const guint8 *)message, sizeof message - 1);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  Rewriting self = { (const guint8 *)message, out, 0 };

  g_assert_true (rewriting_is_plain (part));
  rewriting_header (&self, part, encoding, more);
  body (&self, part);
  rewriting_copy (&self, sizeof message - 1);
  g_assert_cmpmem (out->data, out->len, expected, strlen (expected));
}

static void
test_bodies (void)
{
  check ("base64", "", rewriting_base64,
         "A: 1\r\nB: 2\r\nContent-Transfer-Encoding: base64\r\n\r\nYm9keSANCv8=\r\n");
  check ("quoted-printable", "C: 3\r\n", rewriting_quoted_printable,
         "A: 1\r\nB: 2\r\nContent-Transfer-Encoding: quoted-printable\r\nC: 3\r\n\r\n"
         "body=20\r\n=FF");
}

static void
test_copy (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  Rewriting self = { (const guint8 *)message, out, 0 };

  rewriting_copy (&self, 4);
  rewriting_copy (&self, 2); /* is there */
  rewriting_append (&self, "!");
  rewriting_copy (&self, sizeof message - 1);
  g_assert_cmpuint (out->len, ==, sizeof message);
  g_assert_cmpmem (out->data, 5, "A: 1!", 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rewriting/bodies", test_bodies);
  g_test_add_func ("/rewriting/copy", test_copy);
  return g_test_run ();
}
