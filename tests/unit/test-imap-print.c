#include "imap/imap-print.h"

static void
test_numbers (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  imap_print_number (out, 0);
  g_string_append_c (out, ' ');
  imap_print_number (out, 1234567890);
  g_string_append_c (out, ' ');
  imap_print_number (out, G_MAXUINT64);
  g_assert_cmpstr (out->str, ==, "0 1234567890 18446744073709551615");
}

static const struct {
  const char *path, *text, *printed;
} strings[] = {
  { "/imap-print/string/nil", NULL, "NIL" },
  { "/imap-print/string/empty", "", "\"\"" },
  { "/imap-print/string/quoted", "a \"b\" \\c", "\"a \\\"b\\\" \\\\c\"" },
  { "/imap-print/string/8-bit", "\xc3\xbc", "{2}\r\n\xc3\xbc" },
  { "/imap-print/string/line-end", "a\r\nb", "{4}\r\na\r\nb" },
};

static void
test_string (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) out = g_string_new (NULL);

  imap_print_string (out, strings[i].text);
  g_assert_cmpstr (out->str, ==, strings[i].printed);
}

static void
test_mailbox (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  imap_print_mailbox (out, "Entw\xc3\xbcrfe & mehr", FALSE);
  g_assert_cmpstr (out->str, ==, "\"Entw&APw-rfe &- mehr\"");
  g_string_truncate (out, 0);
  imap_print_mailbox (out, "Entw\xc3\xbcrfe & \"mehr\"", TRUE);
  g_assert_cmpstr (out->str, ==, "\"Entw\xc3\xbcrfe & \\\"mehr\\\"\"");
}

static void
test_flags (void)
{
  g_autoptr (GPtrArray) keywords = g_ptr_array_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  g_ptr_array_add (keywords, (char *)"$Forwarded");
  g_ptr_array_add (keywords, (char *)"$Junk");
  imap_print_flags (out, 0, FALSE, keywords);
  g_assert_cmpstr (out->str, ==, "");
  imap_print_flags (out, FLAG_SEEN | G_GUINT64_CONSTANT (1) << (FLAG_KEYWORD_FIRST + 1), TRUE,
                    keywords);
  g_assert_cmpstr (out->str, ==, "\\Seen \\Recent $Junk");
  /* A bit without a name is left out. */
  g_string_truncate (out, 0);
  imap_print_flags (out, FLAG_DRAFT | G_GUINT64_CONSTANT (1) << 40, FALSE, keywords);
  g_assert_cmpstr (out->str, ==, "\\Draft");
}

static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (100, 'a'), *too_long = g_strnfill (101, 'a');

  g_assert_cmpuint (imap_flag_bit ("\\sEEN"), ==, FLAG_SEEN);
  g_assert_cmpuint (imap_flag_bit ("\\Recent"), ==, 0);
  g_assert_cmpuint (imap_flag_bit ("Seen"), ==, 0);
  g_assert_true (imap_keyword_is_valid ("$Forwarded"));
  g_assert_true (imap_keyword_is_valid (longest));
  g_assert_false (imap_keyword_is_valid (too_long));
  g_assert_false (imap_keyword_is_valid ("\\Other"));
  g_assert_false (imap_keyword_is_valid (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-print/numbers", test_numbers);
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_test_add_data_func (strings[i].path, GSIZE_TO_POINTER (i), test_string);
  g_test_add_func ("/imap-print/mailbox", test_mailbox);
  g_test_add_func ("/imap-print/flags", test_flags);
  g_test_add_func ("/imap-print/names", test_names);
  return g_test_run ();
}
