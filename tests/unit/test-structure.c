/* BODY and BODYSTRUCTURE. */
#include "mail/structure.h"
#include <string.h>

static const struct {
  const char *name, *message, *structure;
} cases[] = {
  { "default", "\r\nx\r\n", "(\"text\" \"plain\" NIL NIL NIL \"7BIT\" 3 1 NIL NIL NIL NIL)" },
  { "attachment",
    "Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n"
    "Content-ID: <1@x>\r\nContent-Description: Pic\r\nContent-MD5: abc\r\n"
    "Content-Disposition: attachment; filename*=utf-8''%C3%BC\r\n"
    "Content-Language: de, en\r\nContent-Location: http://x/\r\n\r\nAAAA",
    "(\"image\" \"png\" (\"name\" \"a.png\") \"<1@x>\" \"Pic\" \"base64\" 4 \"abc\" "
    "(\"attachment\" (\"filename\" {2}\r\n\303\274)) (\"de\" \"en\") \"http://x/\")" },
  { "no-disposition-parameters", "Content-Disposition: inline\r\n\r\n",
    "(\"text\" \"plain\" NIL NIL NIL \"7BIT\" 0 0 NIL (\"inline\" NIL) NIL NIL)" },
  { "alternative",
    "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\na\r\n"
    "--b\r\nContent-Type: text/html\r\n\r\nb\r\n--b--\r\n",
    "((\"text\" \"plain\" NIL NIL NIL \"7BIT\" 1 1 NIL NIL NIL NIL)"
    "(\"text\" \"html\" NIL NIL NIL \"7BIT\" 1 1 NIL NIL NIL NIL) \"alternative\" "
    "(\"boundary\" \"b\") NIL NIL NIL)" },
};

static void
test_case (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  const guint8 *message = (const guint8 *)cases[index].message;
  g_autoptr (MimePart) root = mime_parse (message, strlen (cases[index].message));
  g_autoptr (GString) out = g_string_new (NULL);

  structure_append (out, message, root, TRUE);
  g_assert_cmpstr (out->str, ==, cases[index].structure);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/structure/%s", cases[i].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
  }
  return g_test_run ();
}
