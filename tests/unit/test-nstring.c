/* Strings and numbers as IMAP sends them. */
#include "mail/nstring.h"
#include <string.h>

static void
test_strings (void)
{
  static const struct {
    const char *text, *sent;
  } cases[] = {
    { NULL, "NIL" },
    { "", "\"\"" },
    { "plain text", "\"plain text\"" },
    { "a\"b", "{3}\r\na\"b" },
    { "a\\b", "{3}\r\na\\b" },
    { "\303\274", "{2}\r\n\303\274" },
    { "a\tb", "{3}\r\na\tb" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) out = g_string_new (NULL);

    nstring_append (out, cases[i].text);
    g_assert_cmpstr (out->str, ==, cases[i].sent);
  }
}

static void
test_long (void)
{
  g_autofree char *text = g_strnfill (2000, 'x');
  g_autoptr (GString) out = g_string_new (NULL);

  nstring_append (out, text);
  g_assert_true (g_str_has_prefix (out->str, "{2000}\r\nxx"));
  g_assert_cmpuint (out->len, ==, 2008);
}

static void
test_numbers (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  number_append (out, 0);
  g_string_append_c (out, ' ');
  number_append (out, G_MAXUINT64);
  g_assert_cmpstr (out->str, ==, "0 18446744073709551615");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nstring/strings", test_strings);
  g_test_add_func ("/nstring/long", test_long);
  g_test_add_func ("/nstring/numbers", test_numbers);
  return g_test_run ();
}
