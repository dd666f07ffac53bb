/* The pieces of a message that SEARCH looks at. */
#include "mail/message-text.h"
#include "mail/encoding.h"
#include <string.h>

static gboolean
note (const char *folded, gpointer data)
{
  g_string_append_printf (data, "%s|", folded);
  return TRUE;
}

static gboolean
stop (const char *folded, gpointer data)
{
  return ++*(guint *)data < 2;
}

static const struct {
  const char *message, *header, *body;
} cases[] = {
  { "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nBody\r\n", "gru\314\210sse|subject|",
    "body\r\n|" },
  { "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
    "quoted-printable\r\n"
    "\r\n=C4",
    "text/plain; charset=iso-8859-1|content-type|quoted-printable|content-transfer-encoding|",
    "a\314\210|" },
  { "Content-Type: text/html\r\n\r\n<p>One<b>Word</b>\r\n \t&amp; more", "text/html|content-type|",
    " oneword & more|" },
  { "Content-Type: image/png\r\n\r\nnot looked at", "image/png|content-type|", "" },
  { "Content-Type: message/rfc822\r\n\r\nSubject: Inner\r\n\r\nText",
    "message/rfc822|content-type|", "inner|subject|text|" },
  { "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nOne\r\n--b\r\n"
    "Content-Type: message/rfc822\r\n\r\nFrom: x\r\n\r\nTwo\r\n--b--\r\n",
    "multipart/mixed; boundary=b|content-type|", "one|x|from|two|" },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const guint8 *message = (const guint8 *)cases[i].message;
    gsize length = strlen (cases[i].message);
    g_autoptr (GString) header = g_string_new (NULL), body = g_string_new (NULL);

    g_assert_true (message_text_header (message, length, text_fold, note, header));
    g_assert_true (message_text_body (message, length, text_fold, note, body));
    g_assert_cmpstr (header->str, ==, cases[i].header);
    g_assert_cmpstr (body->str, ==, cases[i].body);
  }
}

static void
test_stop (void)
{
  guint told = 0;
  const char *message = "A: b\r\nC: d\r\n\r\n";

  g_assert_false (
      message_text_header ((const guint8 *)message, strlen (message), text_fold, stop, &told));
  g_assert_cmpuint (told, ==, 2);
}

static const char header[] = "From: =?utf-8?q?J=C3=B6rg?= <joerg@example.com>\r\n"
                             "Subject: a\r\n folded line\r\n\r\n";

static void
test_header_holds (void)
{
  static const struct {
    const char *field, *text;
    gboolean matches;
  } tries[] = {
    { "from", "j\xc3\xb6rg", TRUE },
    { "From", "joerg@", TRUE },
    { "Subject", "a folded", TRUE },
    { "Subject", "j\xc3\xb6rg", FALSE },
    { "Cc", "", FALSE },
    { "Subject", "", TRUE },
    { NULL, "folded", TRUE },
    { NULL, "subject", TRUE },
    { NULL, "nothing", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tries); i++) {
    g_autofree char *mapped = text_casemap (tries[i].text);
    g_assert_cmpint (
        message_header_holds ((const guint8 *)header, strlen (header), tries[i].field, mapped), ==,
        tries[i].matches);
  }
}

static const char multipart[] = "Subject: outer\r\n"
                                "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                                "--b\r\n"
                                "Content-Type: text/plain; charset=iso-8859-1\r\n"
                                "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                                "Gr=FC=DFe\r\n"
                                "--b\r\n"
                                "Content-Type: image/png\r\n\r\n"
                                "secret\r\n"
                                "--b\r\n"
                                "Content-Type: message/rfc822\r\n\r\n"
                                "Subject: inner\r\n\r\n"
                                "deep\r\n"
                                "--b--\r\n";

static void
test_body_holds (void)
{
  static const struct {
    const char *text;
    gboolean matches;
  } tries[] = {
    { "GR\xc3\x9c\xc3\x9f", TRUE },
    { "gr\xc3\xbcsse", FALSE },
    { "inner", TRUE },
    { "deep", TRUE },
    { "secret", FALSE },
    { "outer", FALSE },
    { "", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tries); i++) {
    g_autofree char *mapped = text_casemap (tries[i].text);
    g_assert_cmpint (message_body_holds ((const guint8 *)multipart, strlen (multipart), mapped), ==,
                     tries[i].matches);
  }
}

/* One message in a store, tested against many programs. */
int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message-text/cases", test_cases);
  g_test_add_func ("/message-text/stop", test_stop);
  g_test_add_func ("/message-text/header-holds", test_header_holds);
  g_test_add_func ("/message-text/body-holds", test_body_holds);
  return g_test_run ();
}
