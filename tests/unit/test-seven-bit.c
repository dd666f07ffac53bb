/* 8-bit bodies for servers that take only 7 bits. */
#include "mail/seven-bit.h"
#include "mail/encoding.h"
#include "mail/mime.h"
#include <string.h>

static const struct {
  const char *message;
  const char *encoded; /* NULL: it cannot be done */
} cases[] = {
  { "Subject: x\r\n\r\nplain\r\n", "Subject: x\r\n\r\nplain\r\n" },
  { "", "" },
  { "Subject: Gr\xc3\xbc\xc3\x9f"
    "e\r\n\r\nplain\r\n",
    NULL },
  { "Content-Transfer-Encoding: base64\r\n\r\n\xc3\xbc\r\n", NULL },
  { "Subject: x\r\n\r\nGr\xc3\xbc\xc3\x9f"
    "e = \r\n.\r\n",
    "Subject: x\r\nContent-Transfer-Encoding: quoted-printable\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=unknown-8bit\r\n\r\nGr=C3=BC=C3=9Fe =3D=20\r\n.\r\n" },
  { "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\n\xc3\xbc\ra\nb",
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=BC=0Da=0Ab" },
  { "MIME-Version: 1.0\r\nContent-Type: image/x; a=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "\xff\xfe",
    "MIME-Version: 1.0\r\nContent-Type: image/x; a=b\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "//4=\r\n" },
  { "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\n--b\r\n\r\nplain\r\n--b\r\n"
    "Content-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xc3\xbc\r\n--b--\r\n",
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    "Content-Transfer-Encoding: 7bit\r\n\r\n--b\r\n\r\nplain\r\n--b\r\n"
    "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=BC\r\n"
    "--b--\r\n" },
  { "MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "Subject: in\r\nContent-Type: text/plain\r\n\r\n\xc3\xbc",
    "MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    "Subject: in\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    "=C3=BC" },
  { "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\xc3\xbc\r\n--b\r\n\r\n"
    "x\r\n--b--\r\n",
    NULL },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) encoded
        = seven_bit_encode ((const guint8 *)cases[i].message, strlen (cases[i].message));
    gsize length = 0;
    const char *bytes = encoded ? g_bytes_get_data (encoded, &length) : NULL;
    g_test_message ("case %" G_GSIZE_FORMAT, i);
    g_assert_cmpint (encoded != NULL, ==, cases[i].encoded != NULL);
    if (encoded)
      g_assert_cmpmem (bytes, length, cases[i].encoded, strlen (cases[i].encoded));
  }
}

/* Every body comes back as it was, in lines that are short. */
static void
test_back (void)
{
  static const char header[]
      = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";

  for (guint round = 0; round < 200; round++) {
    g_autoptr (GByteArray) message = g_byte_array_new (), decoded = NULL;
    g_autoptr (GBytes) encoded = NULL;
    g_autoptr (MimePart) root = NULL;
    gsize length, start = 0;
    const guint8 *bytes;
    g_byte_array_append (message, (const guint8 *)header, sizeof header - 1);
    for (guint i = 0; i < 600; i++) {
      static const char some[] = " \t\r\n=.aZ\xc3\xbc";
      const guint8 byte = (guint8)some[g_test_rand_int_range (0, sizeof some - 1)];
      g_byte_array_append (message, byte == '\n' ? (const guint8 *)"\r\n" : &byte,
                           byte == '\n' ? 2 : 1);
    }
    encoded = seven_bit_encode (message->data, message->len);
    bytes = g_bytes_get_data (encoded, &length);
    for (gsize i = 0; i < length; i++) {
      g_assert_cmpuint (bytes[i], <, 0x80);
      g_assert_cmpuint (i - start, <=, 78);
      start = bytes[i] == '\n' ? i + 1 : start;
    }
    root = mime_parse (bytes, length);
    decoded = encoding_decode (root->encoding, bytes + root->body.offset, root->body.length);
    g_assert_cmpmem (decoded->data, decoded->len, message->data + sizeof header - 1,
                     message->len - (sizeof header - 1));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seven-bit/cases", test_cases);
  g_test_add_func ("/seven-bit/back", test_back);
  return g_test_run ();
}
