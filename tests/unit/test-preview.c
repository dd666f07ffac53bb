/* What a list of messages shows of each. */
#include "mail/preview.h"
#include <string.h>

#define HTML(text) "Content-Type: text/html; charset=utf-8\r\n\r\n" text "\r\n"
#define PLAIN(text) "Content-Type: text/plain\r\n\r\n" text "\r\n"
#define MULTIPART(kind, parts)                                                                     \
  "Content-Type: multipart/" kind "; boundary=b\r\n\r\n" parts "--b--\r\n"

static char *
preview (const char *message)
{
  g_autoptr (MimePart) root = mime_parse ((const guint8 *)message, strlen (message));

  return preview_new ((const guint8 *)message, root);
}

static void
test_texts (void)
{
  static const struct {
    const char *message, *preview;
  } cases[] = {
    { "Subject: x\r\n\r\nGood\r\n  morning,\r\n\r\nAnna\r\n", "Good morning, Anna" },
    { "Subject: x\r\n\r\n", "" },
    { "\r\n> what you said\r\nMy answer\r\n-- \r\nAnna\r\n", "My answer" },
    { "\r\n> only what you said\r\n", "> only what you said" },
    { "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
      "quoted-printable\r\n\r\nGr=FC=DFe\r\n",
      "Gr\303\274\303\237e" },
    { "Content-Transfer-Encoding: base64\r\n\r\nR3LDvMOfZQ==\r\n", "Gr\303\274\303\237e" },
    { "\r\nGr\374\337e without a charset\r\n", "Gr\303\274\303\237e without a charset" },
    { HTML ("<style>x</style><p>Hello&nbsp;<b>you</b></p>"), "Hello you" },
    { HTML ("a\342\200\214\342\200\213\302\255\315\217b"), "ab" },
    { MULTIPART ("alternative", "--b\r\n" HTML ("<p>html") "--b\r\n" PLAIN ("plain")), "plain" },
    { MULTIPART ("alternative", "--b\r\n" PLAIN (" ") "--b\r\n" HTML ("<p>html")), "html" },
    { MULTIPART ("mixed",
                 "--b\r\nContent-Disposition: attachment\r\n\r\nno\r\n"
                 "--b\r\nContent-Type: image/png\r\n\r\nno\r\n--b\r\n" PLAIN ("yes")),
      "yes" },
    { MULTIPART ("mixed", "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: a\r\n\r\nno\r\n"),
      "" },
    { MULTIPART ("encrypted", "--b\r\n" PLAIN ("Version: 1")), "" },
    { "\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n", "" },
    { "Content-Type: application/pkcs7-mime\r\n\r\nMIAG\r\n", "" },
    { MULTIPART ("signed", "--b\r\n" PLAIN ("signed words")), "signed words" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = preview (cases[i].message);
    g_assert_cmpstr (text, ==, cases[i].preview);
  }
}

/* A character is one, however many bytes it takes (RFC 8970 §3.3). */
static void
test_long (void)
{
  static const char *const words[] = { "word ", "\303\244", "\360\237\230\200" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autoptr (GString) message = g_string_new ("Content-Type: text/plain; charset=utf-8\r\n\r\n");
    g_autofree char *text = NULL;
    while (message->len < 100000)
      g_string_append (message, words[i]);
    text = preview (message->str);
    g_assert_true (g_utf8_validate (text, -1, NULL));
    g_assert_cmpint (g_utf8_strlen (text, -1), <=, PREVIEW_MAX);
    g_assert_cmpint (g_utf8_strlen (text, -1), >=, PREVIEW_MAX - 5);
  }
}

/* What was cut in the middle of a character shows no trace of it. */
static void
test_cut (void)
{
  g_autoptr (GString) message = g_string_new ("Content-Type: text/plain; charset=utf-8\r\n\r\nx");
  g_autofree char *text = NULL;

  while (message->len < 20000)
    g_string_append (message, "\342\200\213"); /* nothing to see */
  text = preview (message->str);
  g_assert_cmpstr (text, ==, "x");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/preview/texts", test_texts);
  g_test_add_func ("/preview/long", test_long);
  g_test_add_func ("/preview/cut", test_cut);
  return g_test_run ();
}
