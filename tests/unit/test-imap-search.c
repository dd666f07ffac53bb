#include "imap/imap-search.h"

#include <string.h>

static const struct {
  const char *path, *program;
  const char *shown; /* NULL: refused */
} programs[] = {
  { "/imap-search/one", "UNSEEN", "(flag 8=0)" },
  { "/imap-search/and", "SEEN DELETED", "(flag 8=8 flag 4=4)" },
  { "/imap-search/or", "OR SEEN NOT DRAFT", "(or(flag 8=8 not(flag 16=16)))" },
  { "/imap-search/group", "(SEEN (FLAGGED))", "((flag 8=8 (flag 2=2)))" },
  { "/imap-search/cheap-first", "BODY x SEEN", "(flag 8=8 body X)" },
  { "/imap-search/casemap", "SUBJECT abc", "(header Subject ABC)" },
  { "/imap-search/header", "HEADER X-A \"\"", "(header X-A )" },
  { "/imap-search/literal", "TEXT {3}\r\na b", "(text A B)" },
  { "/imap-search/charset", "CHARSET utf-8 FROM \"\xc3\x9f\"", "(header From \xc3\x9f)" },
  { "/imap-search/numbers", "1:3,5", "(numbers 1-3 5-5)" },
  { "/imap-search/uids", "UID 7:*", "(uids 7-9)" },
  { "/imap-search/size", "LARGER 10 SMALLER 20", "(larger 10 smaller 20)" },
  { "/imap-search/modseq", "MODSEQ \"/flags/\\\\seen\" priv 7 MODSEQ 8", "(modseq 7 modseq 8)" },
  { "/imap-search/modseq-type", "MODSEQ \"/flags/x\" 7", NULL },
  { "/imap-search/age", "OLDER 0", NULL },
  { "/imap-search/saved", "$ UID $", "(uids uids)" },
  { "/imap-search/keyword", "KEYWORD $x UNKEYWORD y", "(keyword $x=1 keyword y=0)" },
  { "/imap-search/recent", "OLD NEW RECENT", "(recent=0 new recent=1)" },
  { "/imap-search/day", "BEFORE 1-Feb-2020 SENTSINCE \"02-Feb-2020\"",
    "(before 1580515200 sent-since 1580601600)" },
  { "/imap-search/fuzzy", "FUZZY SUBJECT \"a b\" TEXT c", "(fuzzy(header~2 Subject A B) text C)" },
  { "/imap-search/fuzzy-group", "FUZZY (SEEN NOT FROM a BODY b)",
    "(fuzzy((flag 8=8 not(header From A) body~1 B)))" },
  { "/imap-search/fuzzy-no-word", "FUZZY TEXT \"!\"", "(fuzzy(text !))" },
  { "/imap-search/fuzzy-nothing", "FUZZY", NULL },
  { "/imap-search/empty", "", NULL },
  { "/imap-search/unknown", "NONSENSE", NULL },
  { "/imap-search/rest", "SEEN)", NULL },
  { "/imap-search/open-group", "(SEEN", NULL },
  { "/imap-search/empty-group", "()", NULL },
  { "/imap-search/or-one", "OR SEEN", NULL },
  { "/imap-search/no-argument", "FROM", NULL },
  { "/imap-search/bad-day", "ON 40-Feb-2020", NULL },
  { "/imap-search/bad-charset", "CHARSET KOI8-R ALL", NULL },
  { "/imap-search/number-beyond", "6", NULL },
  { "/imap-search/number-beyond-inside", "NOT (SEEN 4:6)", NULL },
};

static const char *const names[] = {
  [IMAP_KEY_OR] = "or",           [IMAP_KEY_NOT] = "not",
  [IMAP_KEY_ALL] = "all",         [IMAP_KEY_FLAG] = "flag",
  [IMAP_KEY_KEYWORD] = "keyword", [IMAP_KEY_RECENT] = "recent",
  [IMAP_KEY_NEW] = "new",         [IMAP_KEY_NUMBERS] = "numbers",
  [IMAP_KEY_UIDS] = "uids",       [IMAP_KEY_MODSEQ] = "modseq",
  [IMAP_KEY_BEFORE] = "before",   [IMAP_KEY_SENT_SINCE] = "sent-since",
  [IMAP_KEY_LARGER] = "larger",   [IMAP_KEY_SMALLER] = "smaller",
  [IMAP_KEY_HEADER] = "header",   [IMAP_KEY_BODY] = "body",
  [IMAP_KEY_TEXT] = "text",       [IMAP_KEY_FUZZY] = "fuzzy",
};

static void
show_argument (GString *out, const ImapKey *key)
{
  if (key->kind == IMAP_KEY_FLAG)
    g_string_append_printf (out, " %d=%d", (int)key->mask, (int)key->wanted);
  if (key->fuzzy)
    g_string_append_printf (out, "~%u", key->fuzzy->count);
  if (key->field)
    g_string_append_printf (out, " %s", key->field);
  if (key->text)
    g_string_append_printf (out, " %s", key->text);
  if (key->kind == IMAP_KEY_KEYWORD || key->kind == IMAP_KEY_RECENT)
    g_string_append_printf (out, "=%d", (int)key->wanted);
  if (key->size)
    g_string_append_printf (out, " %d", (int)key->size);
  if (key->day)
    g_string_append_printf (out, " %d", (int)key->day);
  for (guint i = 0; key->set && i < key->set->len; i++) {
    const UidRange *range = &g_array_index (key->set, UidRange, i);
    g_string_append_printf (out, " %u-%u", range->first, range->last);
  }
}

static void
show (GString *out, const ImapKey *key)
{
  if (key->kind != IMAP_KEY_AND)
    g_string_append (out, names[key->kind]);
  show_argument (out, key);
  if (key->children->len == 0)
    return;
  g_string_append_c (out, '(');
  for (guint i = 0; i < key->children->len; i++) {
    if (i > 0)
      g_string_append_c (out, ' ');
    show (out, g_ptr_array_index (key->children, i));
  }
  g_string_append_c (out, ')');
}

static void
test_program (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (UidRange));
  UidRange range = { 5, 9 };
  g_autoptr (ImapSequence) sequence = NULL;
  ImapParser parser = imap_parser (programs[i].program, strlen (programs[i].program));
  ImapSearchError error;
  g_autoptr (ImapKey) program = imap_search_parse (&parser, &error);
  g_autoptr (GString) out = g_string_new (NULL);

  g_array_append_val (uids, range);
  sequence = imap_sequence_new (uids);
  if (!programs[i].shown) {
    g_assert_true (!program || !imap_search_bind (program, sequence, NULL));
    return;
  }
  g_assert_nonnull (program);
  g_assert_true (imap_search_bind (program, sequence, NULL));
  show (out, program);
  g_assert_cmpstr (out->str, ==, programs[i].shown);
}

static void
test_bounds (void)
{
  g_autoptr (GString) deep = g_string_new (NULL), wide = g_string_new ("ALL");
  ImapSearchError error;
  ImapParser parser;

  for (guint i = 0; i < IMAP_SEARCH_DEPTH_MAX; i++)
    g_string_append (deep, "NOT ");
  g_string_append (deep, "ALL");
  parser = imap_parser (deep->str, deep->len);
  g_assert_null (imap_search_parse (&parser, &error));
  g_assert_cmpint (error, ==, IMAP_SEARCH_MALFORMED);

  for (guint i = 0; i < IMAP_SEARCH_KEYS_MAX; i++)
    g_string_append (wide, " ALL");
  parser = imap_parser (wide->str, wide->len);
  g_assert_null (imap_search_parse (&parser, &error));
}

static void
test_charset (void)
{
  static const char program[] = "CHARSET x ALL";
  ImapParser parser = imap_parser (program, strlen (program));
  ImapSearchError error;

  g_assert_null (imap_search_parse (&parser, &error));
  g_assert_cmpint (error, ==, IMAP_SEARCH_BAD_CHARSET);
}

static void
test_costly (void)
{
  static const struct {
    const char *program;
    gboolean costly;
  } costs[] = { { "SEEN 1", FALSE }, { "NOT OR SEEN BODY x", TRUE }, { "SUBJECT x", TRUE } };

  for (gsize i = 0; i < G_N_ELEMENTS (costs); i++) {
    ImapParser parser = imap_parser (costs[i].program, strlen (costs[i].program));
    ImapSearchError error;
    g_autoptr (ImapKey) program = imap_search_parse (&parser, &error);
    g_assert_cmpint (imap_key_is_costly (program), ==, costs[i].costly);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    g_test_add_data_func (programs[i].path, GSIZE_TO_POINTER (i), test_program);
  g_test_add_func ("/imap-search/bounds", test_bounds);
  g_test_add_func ("/imap-search/unknown-charset", test_charset);
  g_test_add_func ("/imap-search/costly", test_costly);
  return g_test_run ();
}
