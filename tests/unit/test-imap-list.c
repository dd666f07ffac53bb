#include "imap/imap-list.h"

#include <string.h>

static const struct {
  const char *pattern, *name;
  gboolean matches;
} patterns[] = {
  { "*", "INBOX", TRUE },      { "*", "a/b/c", TRUE },
  { "%", "a", TRUE },          { "%", "a/b", FALSE },
  { "a/%", "a/b", TRUE },      { "a/%", "a/b/c", FALSE },
  { "a/%/c", "a/b/c", TRUE },  { "a/*c", "a/b/c", TRUE },
  { "*b%", "a/bc", TRUE },     { "*b%", "a/b/c", FALSE },
  { "%/b*", "a/b/c", TRUE },   { "a%c%e", "abcde", TRUE },
  { "a%c%f", "abcde", FALSE }, { "*%x", "a/b/x", TRUE },
  { "%a%", "ba/", FALSE },     { "", "", TRUE },
  { "", "a", FALSE },          { "a", "a/", FALSE },
  { "a*", "a", TRUE },         { "a%%%", "a", TRUE },
  { "**", "", TRUE },          { "*a*%b", "xa/ya/zb", TRUE },
  { "%%/%", "a/b", TRUE },     { "INBOX", "inbox", FALSE },
};

static void
test_patterns (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++) {
    g_test_message ("%s against %s", patterns[i].pattern, patterns[i].name);
    g_assert_cmpint (imap_list_matches (patterns[i].pattern, patterns[i].name), ==,
                     patterns[i].matches);
  }
}

static void
test_hostile_pattern (void)
{
  g_autofree char *name = g_strnfill (1000, 'a');
  g_autoptr (GString) pattern = g_string_new (NULL);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 300; i++)
    g_string_append (pattern, i % 2 ? "*a" : "%a");
  g_string_append_c (pattern, 'b');
  g_assert_false (imap_list_matches (pattern->str, name));
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
}

static void
add_place (GPtrArray *places, gint64 id, const char *name, const char *special_use,
           gboolean subscribed)
{
  Place *place = g_new0 (Place, 1);

  place->name = g_strdup (name);
  place->rights = RIGHTS_ALL;
  place->mailbox = g_new0 (Mailbox, 1);
  place->mailbox->id = id;
  place->mailbox->special_use = g_strdup (special_use);
  place->mailbox->subscribed = subscribed;
  place->mailbox->keywords = g_ptr_array_new ();
  g_ptr_array_add (places, place);
}

static GPtrArray *
places_new (void)
{
  GPtrArray *places = g_ptr_array_new_with_free_func ((GDestroyNotify)place_free);

  add_place (places, 1, "INBOX", NULL, TRUE);
  add_place (places, 2, "Sent", "\\Sent", TRUE);
  add_place (places, 3, "a", NULL, FALSE);
  add_place (places, 4, "a b", NULL, FALSE); /* sorts between a and its child */
  add_place (places, 5, "a/b", NULL, TRUE);
  add_place (places, 6, "a/c", "\\Junk", FALSE);
  add_place (places, 7, "far/away", NULL, FALSE);
  add_place (places, 0, "gone", NULL, TRUE);
  return places;
}

/* The names and attributes of the answer, "NAME(ATTRIBUTES)INFO" without what is always there. */
static char *
shorten (const char *answer)
{
  static const struct {
    const char *from, *to;
  } words[] = {
    { "\\* (LIST|LSUB|XLIST) \\(([^)]*)\\) \"/\" \"([^\"]*)\"([^\r]*)\r\n", "\\3(\\2)\\4 " },
    { "\\\\Has(No)?Children", "\\1C" },
    { " $", "" },
  };
  char *text = g_strdup (answer);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autofree char *old = text;
    g_autoptr (GRegex) regex = g_regex_new (words[i].from, 0, 0, NULL);
    text = g_regex_replace (regex, old, -1, 0, words[i].to, 0, NULL);
  }
  return text;
}

static const struct {
  ImapListKind kind;
  const char *arguments, *expected;
} lists[] = {
  { IMAP_LIST, " \"\" %", "INBOX(NoC) Sent(NoC \\Sent) a(C) a b(NoC) far(C \\Noselect)" },
  { IMAP_LIST, " \"\" *",
    "INBOX(NoC) Sent(NoC \\Sent) a(C) a b(NoC) a/b(NoC) a/c(NoC \\Junk) far/away(NoC)" },
  { IMAP_LIST, " \"a/\" %", "a/b(NoC) a/c(NoC \\Junk)" },
  { IMAP_LIST, " \"\" (f% Sent)", "Sent(NoC \\Sent) far(C \\NonExistent)" },
  { IMAP_LIST, " (SUBSCRIBED) \"\" *",
    "INBOX(NoC \\Subscribed) Sent(NoC \\Subscribed \\Sent) a/b(NoC \\Subscribed) "
    "gone(NoC \\NonExistent \\Subscribed)" },
  { IMAP_LIST, " (SUBSCRIBED) \"\" a%", "" },
  { IMAP_LIST, " (SUBSCRIBED RECURSIVEMATCH) \"\" %",
    "INBOX(NoC \\Subscribed) Sent(NoC \\Subscribed \\Sent) a(C) (\"CHILDINFO\" (\"SUBSCRIBED\")) "
    "gone(NoC \\NonExistent \\Subscribed)" },
  /* The child is told itself: no need for its parent (RFC 5258 §3.5). */
  { IMAP_LIST, " (SUBSCRIBED RECURSIVEMATCH) \"\" a*", "a/b(NoC \\Subscribed)" },
  { IMAP_LIST, " (SPECIAL-USE) \"\" *", "Sent(NoC \\Sent) a/c(NoC \\Junk)" },
  { IMAP_LIST, " (SPECIAL-USE SUBSCRIBED) \"\" *", "Sent(NoC \\Subscribed \\Sent)" },
  { IMAP_LIST, " (REMOTE) \"\" a", "a(C)" },
  { IMAP_LIST, " \"\" \"INBOX\" RETURN (SUBSCRIBED CHILDREN)", "INBOX(NoC \\Subscribed)" },
  { IMAP_LIST, " () \"\" \"\"", "" },
  { IMAP_LSUB, " \"\" *", "INBOX(NoC) Sent(NoC \\Sent) a/b(NoC) gone(NoC \\Noselect)" },
  { IMAP_LSUB, " \"\" a%", "a(C \\Noselect)" },
  { IMAP_LSUB, " \"\" a", "" },
  { IMAP_XLIST, " \"\" *",
    "INBOX(NoC \\Inbox) Sent(NoC \\Sent) a(C) a b(NoC) a/b(NoC) a/c(NoC \\Spam) far/away(NoC)" },
};

static void
test_lists (void)
{
  g_autoptr (GPtrArray) places = places_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    ImapParser parser = imap_parser (lists[i].arguments, strlen (lists[i].arguments));
    g_autoptr (ImapListRequest) request
        = imap_list_request_parse (&parser, lists[i].kind != IMAP_LIST);
    g_autoptr (GString) out = g_string_new (NULL);
    g_autofree char *shown = NULL;
    g_test_message ("%d%s", lists[i].kind, lists[i].arguments);
    g_assert_nonnull (request);
    request->select |= lists[i].kind == IMAP_LSUB ? IMAP_LIST_SUBSCRIBED : 0;
    g_assert_true (imap_list_print (out, lists[i].kind, request, places, NULL, NULL, NULL));
    shown = shorten (out->str);
    g_assert_cmpstr (shown, ==, lists[i].expected);
  }
}

static gboolean
note_listed (GString *out, const Place *place, gpointer data, GError **error)
{
  g_string_append_printf (out, "[%s]", place->name);
  if (!g_str_equal (place->name, data))
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FAILED, "enough");
  return FALSE;
}

/* Told after each mailbox that was asked for, and its failure is the listing's. */
static void
test_listed (void)
{
  g_autoptr (GPtrArray) places = places_new ();
  ImapParser parser = imap_parser (" \"\" %", 5);
  g_autoptr (ImapListRequest) request = imap_list_request_parse (&parser, FALSE);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (
      imap_list_print (out, IMAP_LIST, request, places, note_listed, (char *)"Sent", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
  g_assert_cmpstr (out->str, ==,
                   "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\r\n[INBOX]"
                   "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent\"\r\n[Sent]");
}

/* Ten thousand mailboxes in one another: the cost must not be their square. */
static void
test_many (void)
{
  static const char text[] = " (SUBSCRIBED RECURSIVEMATCH) \"\" %";
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func ((GDestroyNotify)place_free);
  ImapParser parser = imap_parser (text, strlen (text));
  g_autoptr (ImapListRequest) request = imap_list_request_parse (&parser, FALSE);
  g_autoptr (GString) out = g_string_new (NULL);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 10000; i++) {
    g_autofree char *name = g_strdup_printf ("a/b%u/c/d/e%u", i / 10, i);
    add_place (places, i + 1, name, NULL, TRUE);
  }
  g_assert_true (imap_list_print (out, IMAP_LIST, request, places, NULL, NULL, NULL));
  g_assert_cmpstr (out->str, ==,
                   "* LIST (\\HasChildren \\NonExistent) \"/\" \"a\" (\"CHILDINFO\" "
                   "(\"SUBSCRIBED\"))\r\n");
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-list/patterns", test_patterns);
  g_test_add_func ("/imap-list/hostile-pattern", test_hostile_pattern);
  g_test_add_func ("/imap-list/lists", test_lists);
  g_test_add_func ("/imap-list/listed", test_listed);
  g_test_add_func ("/imap-list/many", test_many);
  return g_test_run ();
}
