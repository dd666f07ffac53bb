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
free_row (gpointer data)
{
  mailbox_free (data);
}

static void
add_row (GPtrArray *rows, gint64 id, const char *name, const char *special_use, gboolean subscribed)
{
  Mailbox *row = g_new0 (Mailbox, 1);

  row->id = id;
  row->name = g_strdup (name);
  row->special_use = g_strdup (special_use);
  row->subscribed = subscribed;
  row->keywords = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (rows, row);
}

static GPtrArray *
rows_new (void)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (free_row);

  add_row (rows, 1, "INBOX", NULL, TRUE);
  add_row (rows, 2, "Sent", "\\Sent", TRUE);
  add_row (rows, 3, "a", NULL, FALSE);
  add_row (rows, 4, "a/b", NULL, TRUE);
  add_row (rows, 0, "gone", NULL, TRUE);
  return rows;
}

static void
test_list (void)
{
  g_autoptr (GPtrArray) rows = rows_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  imap_list_print (out, rows, "%");
  g_assert_cmpstr (out->str, ==,
                   "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\r\n"
                   "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent\"\r\n"
                   "* LIST (\\HasChildren) \"/\" \"a\"\r\n");
}

static void
test_subscribed (void)
{
  g_autoptr (GPtrArray) rows = rows_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  imap_list_print_subscribed (out, rows, "*");
  g_assert_cmpstr (out->str, ==,
                   "* LSUB (\\HasNoChildren) \"/\" \"INBOX\"\r\n"
                   "* LSUB (\\HasNoChildren \\Sent) \"/\" \"Sent\"\r\n"
                   "* LSUB (\\HasNoChildren) \"/\" \"a/b\"\r\n"
                   "* LSUB (\\Noselect) \"/\" \"gone\"\r\n");
  g_string_truncate (out, 0);
  imap_list_print_subscribed (out, rows, "a%");
  g_assert_cmpstr (out->str, ==, "* LSUB (\\Noselect) \"/\" \"a\"\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-list/patterns", test_patterns);
  g_test_add_func ("/imap-list/hostile-pattern", test_hostile_pattern);
  g_test_add_func ("/imap-list/list", test_list);
  g_test_add_func ("/imap-list/subscribed", test_subscribed);
  return g_test_run ();
}
