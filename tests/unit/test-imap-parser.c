#include "imap/imap-parser.h"

#include <string.h>

static ImapParser
parser_of (const char *text)
{
  return imap_parser (text, strlen (text));
}

typedef char *(*TakeText) (ImapParser *parser);

static const struct {
  const char *path;
  TakeText take;
  const char *input;
  const char *text; /* NULL: refused */
  const char *rest;
} texts[] = {
  { "/imap-parser/atom", imap_parser_atom, "FETCH 1", "FETCH", " 1" },
  { "/imap-parser/atom/none", imap_parser_atom, "(x)", NULL, "(x)" },
  { "/imap-parser/atom/8-bit", imap_parser_atom, "a\xc3\xa4", "a", "\xc3\xa4" },
  { "/imap-parser/tag", imap_parser_tag, "a.1] x", "a.1]", " x" },
  { "/imap-parser/tag/plus", imap_parser_tag, "+ x", NULL, "+ x" },
  { "/imap-parser/astring/bracket", imap_parser_astring, "a]b c", "a]b", " c" },
  { "/imap-parser/astring/quoted", imap_parser_astring, "\"a \\\"b\\\\\" c", "a \"b\\", " c" },
  { "/imap-parser/astring/empty", imap_parser_astring, "\"\"", "", "" },
  { "/imap-parser/astring/literal", imap_parser_astring, "{3}\r\na b)", "a b", ")" },
  { "/imap-parser/astring/literal-plus", imap_parser_astring, "{0+}\r\n x", "", " x" },
  { "/imap-parser/quoted/open", imap_parser_astring, "\"abc", NULL, "\"abc" },
  { "/imap-parser/quoted/line-end", imap_parser_astring, "\"a\r\n\"", NULL, "\"a\r\n\"" },
  { "/imap-parser/quoted/escape-at-end", imap_parser_astring, "\"a\\", NULL, "\"a\\" },
  { "/imap-parser/literal/short", imap_parser_astring, "{4}\r\nabc", NULL, "{4}\r\nabc" },
  { "/imap-parser/literal/huge", imap_parser_astring, "{99999999999999999999}\r\nabc", NULL,
    "{99999999999999999999}\r\nabc" },
  { "/imap-parser/list-mailbox", imap_parser_list_mailbox, "a/%*) x", "a/%*", ") x" },
  { "/imap-parser/flag/system", imap_parser_flag, "\\Seen)", "\\Seen", ")" },
  { "/imap-parser/flag/keyword", imap_parser_flag, "$Junk ", "$Junk", " " },
  { "/imap-parser/flag/star", imap_parser_flag, "\\*", NULL, "\\*" },
  { "/imap-parser/mailbox/inbox", imap_parser_mailbox, "inBox", "INBOX", "" },
  { "/imap-parser/mailbox/below-inbox", imap_parser_mailbox, "inbox/a", "INBOX/a", "" },
  { "/imap-parser/mailbox/not-inbox", imap_parser_mailbox, "inboxes", "inboxes", "" },
  { "/imap-parser/mailbox/utf7", imap_parser_mailbox, "Entw&APw-rfe", "Entw\xc3\xbcrfe", "" },
  { "/imap-parser/mailbox/bad-utf7", imap_parser_mailbox, "a&b", NULL, "a&b" },
  { "/imap-parser/mailbox/utf8", imap_parser_mailbox, "\"\xc3\xbc\"", "\xc3\xbc", "" },
  { "/imap-parser/mailbox/decomposed", imap_parser_mailbox, "\"u\xcc\x88\"", "\xc3\xbc", "" },
  { "/imap-parser/mailbox/latin-1", imap_parser_mailbox, "\"\xfc\"", NULL, "\"\xfc\"" },
  { "/imap-parser/mailbox/line-separator", imap_parser_mailbox, "\"a\xe2\x80\xa8\"", NULL,
    "\"a\xe2\x80\xa8\"" },
  { "/imap-parser/mailbox/control", imap_parser_mailbox, "\"a\x01\"", NULL, "\"a\x01\"" },
};

static void
test_text (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  ImapParser parser = parser_of (texts[i].input);
  g_autofree char *text = texts[i].take (&parser);

  g_assert_cmpstr (text, ==, texts[i].text);
  g_assert_cmpstr ((const char *)parser.bytes + parser.position, ==, texts[i].rest);
}

static void
test_nul (void)
{
  static const char quoted[] = "\"a\0b\"";
  static const char literal[] = "{3}\r\na\0b";
  ImapParser parser = imap_parser (quoted, sizeof quoted - 1);

  g_assert_null (imap_parser_string (&parser));
  parser = imap_parser (literal, sizeof literal - 1);
  g_assert_null (imap_parser_string (&parser));
}

static void
test_word (void)
{
  ImapParser parser = parser_of ("Uid FLAGSX BODY[1]");

  g_assert_true (imap_parser_word (&parser, "UID"));
  g_assert_true (imap_parser_space (&parser));
  g_assert_false (imap_parser_word (&parser, "FLAGS"));
  g_assert_true (imap_parser_word (&parser, "FLAGSX"));
  g_assert_true (imap_parser_space (&parser));
  g_assert_true (imap_parser_word (&parser, "BODY"));
  g_assert_cmpint (imap_parser_peek (&parser), ==, '[');
}

static void
test_numbers (void)
{
  ImapParser parser = parser_of ("4294967295 4294967296 9223372036854775807");
  guint32 number;
  guint64 wide;

  g_assert_true (imap_parser_number (&parser, &number));
  g_assert_cmpuint (number, ==, G_MAXUINT32);
  g_assert_true (imap_parser_space (&parser));
  g_assert_false (imap_parser_number (&parser, &number));
  g_assert_true (imap_parser_number64 (&parser, &wide));
  g_assert_cmpuint (wide, ==, G_GUINT64_CONSTANT (4294967296));
  g_assert_true (imap_parser_space (&parser));
  g_assert_true (imap_parser_number64 (&parser, &wide));
  g_assert_cmpuint (wide, ==, G_MAXINT64);
  g_assert_false (imap_parser_number64 (&parser, &wide));
}

static void
test_dates (void)
{
  ImapParser parser = parser_of ("1-Feb-2020 \"24-Nov-2026\" 24-Foo-2026");
  gint64 day, seconds;
  gint16 zone;

  g_assert_true (imap_parser_date (&parser, &day));
  g_assert_cmpint (day, ==, 1580515200);
  g_assert_true (imap_parser_space (&parser));
  g_assert_true (imap_parser_date (&parser, &day));
  g_assert_cmpint (day, ==, 1795478400);
  g_assert_true (imap_parser_space (&parser));
  g_assert_false (imap_parser_date (&parser, &day));

  parser = parser_of ("\"24-Nov-2026 09:13:54 +0130\"");
  g_assert_true (imap_parser_date_time (&parser, &seconds, &zone));
  g_assert_cmpint (seconds, ==, 1795478400 + 7 * 3600 + 43 * 60 + 54);
  g_assert_cmpint (zone, ==, 90);
}

static gboolean
count_atom (ImapParser *parser, gpointer data)
{
  g_autofree char *atom = imap_parser_atom (parser);

  (*(guint *)data)++;
  return atom != NULL;
}

static void
test_list (void)
{
  static const struct {
    const char *input;
    gboolean good;
    guint count;
  } lists[] = {
    { "()", TRUE, 0 },  { "(a)", TRUE, 1 },   { "(a b c)", TRUE, 3 },
    { "(a", FALSE, 1 }, { "(a )", FALSE, 2 }, { "a", FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    ImapParser parser = parser_of (lists[i].input);
    guint count = 0;
    g_assert_cmpint (imap_parser_list (&parser, count_atom, &count), ==, lists[i].good);
    g_assert_cmpuint (count, ==, lists[i].count);
  }
}

static void
test_nstring (void)
{
  ImapParser parser = parser_of ("NIL \"x\" atom");
  char *text = (char *)"";

  g_assert_true (imap_parser_nstring (&parser, &text));
  g_assert_null (text);
  g_assert_true (imap_parser_space (&parser));
  g_assert_true (imap_parser_nstring (&parser, &text));
  g_assert_cmpstr (text, ==, "x");
  g_free (text);
  g_assert_true (imap_parser_space (&parser));
  g_assert_false (imap_parser_nstring (&parser, &text));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_test_add_data_func (texts[i].path, GSIZE_TO_POINTER (i), test_text);
  g_test_add_func ("/imap-parser/nul", test_nul);
  g_test_add_func ("/imap-parser/word", test_word);
  g_test_add_func ("/imap-parser/numbers", test_numbers);
  g_test_add_func ("/imap-parser/dates", test_dates);
  g_test_add_func ("/imap-parser/list", test_list);
  g_test_add_func ("/imap-parser/nstring", test_nstring);
  return g_test_run ();
}
