/* Random renames: a client that applies what it is told, line by line, has today's names. */
#include "imap/imap-notify-renames.h"

#include <string.h>

#define IDS 9
#define ROUNDS 20000

/* "b/a/c": few names, so that they meet. */
static char *
random_name (void)
{
  GString *name = g_string_new (NULL);

  do
    g_string_append_printf (name, "%s%c", name->len ? "/" : "", 'a' + g_test_rand_int_range (0, 3));
  while (name->len < 7 && g_test_rand_int_range (0, 2));
  return g_string_free (name, FALSE);
}

static void
put_row (ImapKnown *known, gint64 id, const char *name)
{
  ImapKnownRow *row = imap_known_row_new (name);

  row->id = id;
  row->events = IMAP_NOTIFY_MAILBOX_NAME;
  imap_known_put (known, row);
}

/* Some mailboxes, each with a name of its own. */
static ImapKnown *
random_known (void)
{
  ImapKnown *known = imap_known_new (NULL);

  for (gint64 id = 1; id <= IDS; id++) {
    g_autofree char *name = random_name ();
    if (imap_known_find (known, name) || g_test_rand_int_range (0, 8) == 0)
      continue;
    put_row (known, id, name);
  }
  return known;
}

/* As it was, but for a few. */
static ImapKnown *
changed (const ImapKnown *before)
{
  ImapKnown *known = imap_known_new (NULL);

  for (gint64 id = 1; id <= IDS; id++) {
    const ImapKnownRow *old = imap_known_find_id (before, id);
    g_autofree char *name
        = old && g_test_rand_int_range (0, 3) ? g_strdup (old->name) : random_name ();
    if (imap_known_find (known, name) || g_test_rand_int_range (0, 12) == 0)
      continue;
    put_row (known, id, name);
  }
  return known;
}

#define NEW G_MAXINT64

static GHashTable *
client_new (const ImapKnown *before)
{
  GHashTable *client = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gint64 id = 1; id <= IDS; id++) {
    const ImapKnownRow *row = imap_known_find_id (before, id);
    if (row)
      g_hash_table_insert (client, g_strdup (row->name), g_memdup2 (&id, sizeof id));
  }
  return client;
}

static void
client_rename (GHashTable *client, const char *old, const char *new)
{
  g_autofree char *below = g_strconcat (old, "/", NULL);
  g_autoptr (GHashTable) moved = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  char *name;
  gint64 *id;

  g_hash_table_iter_init (&iter, client);
  while (g_hash_table_iter_next (&iter, (gpointer *)&name, (gpointer *)&id))
    if (g_str_equal (name, old) || g_str_has_prefix (name, below)) {
      g_hash_table_insert (moved, name, id);
      g_hash_table_iter_steal (&iter);
    }
  g_hash_table_iter_init (&iter, moved);
  while (g_hash_table_iter_next (&iter, (gpointer *)&name, (gpointer *)&id)) {
    g_hash_table_replace (client, g_strconcat (new, name + strlen (old), NULL), id);
    g_free (name);
  }
}

/* "* LIST (ATTRIBUTES) "/" "NAME" ("OLDNAME" ("OLD"))" */
static void
client_hear (GHashTable *client, const char *line)
{
  g_auto (GStrv) parts = g_strsplit (line, "\"", -1);
  gint64 new = NEW;

  if (g_strv_length (parts) > 6)
    client_rename (client, parts[7], parts[3]);
  else if (strstr (line, "\\NonExistent"))
    g_hash_table_remove (client, parts[3]);
  else if (!g_hash_table_contains (client, parts[3]))
    g_hash_table_insert (client, g_strdup (parts[3]), g_memdup2 (&new, sizeof new));
}

/* Names that were given up are told as new; all others are known by their ids. */
static guint
check (GHashTable *client, const ImapKnown *before, const ImapKnown *now,
       const ImapNotifyRenames *renames)
{
  guint given_up = 0;

  for (gint64 id = 1; id <= IDS; id++) {
    const ImapKnownRow *old = imap_known_find_id (before, id);
    const ImapKnownRow *row = imap_known_find_id (now, id);
    if (!old)
      continue;
    const char *name = imap_notify_renames_name (renames, old);
    if (name && row) {
      const gint64 *found = g_hash_table_lookup (client, name);
      g_assert_cmpstr (name, ==, row->name);
      g_assert_cmpint (found ? *found : 0, ==, id);
    }
    given_up += row && !name;
  }
  return given_up;
}

static void
test_random (void)
{
  guint renamed = 0, given_up = 0;

  for (guint round = 0; round < ROUNDS; round++) {
    g_autoptr (ImapKnown) before = random_known ();
    g_autoptr (ImapKnown) now = changed (before);
    g_autoptr (ImapNotifyList) list = imap_notify_list_new ();
    g_autoptr (ImapNotifyRenames) renames = imap_notify_renames_tell (before, now, list);
    g_autoptr (GHashTable) client = client_new (before);
    g_autoptr (GPtrArray) places = g_ptr_array_new ();
    g_autoptr (GString) out = g_string_new (NULL);
    imap_notify_list_print (list, now, places, FALSE, out);
    g_auto (GStrv) lines = g_strsplit (out->str, "\r\n", -1);
    for (char **line = lines; *line && **line; line++) {
      client_hear (client, *line);
      renamed += strstr (*line, "OLDNAME") != NULL;
    }
    given_up += check (client, before, now, renames);
  }
  g_test_message ("%u renames, %u given up", renamed, given_up);
  g_assert_cmpuint (renamed, >, ROUNDS);
  g_assert_cmpuint (given_up, <, renamed / 5);
}

/* Names that nobody watches are not told. */
static void
test_unwatched (void)
{
  g_autoptr (ImapKnown) before = imap_known_new (NULL), now = imap_known_new (NULL);
  g_autoptr (ImapNotifyList) list = imap_notify_list_new ();
  g_autoptr (GPtrArray) places = g_ptr_array_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  ImapKnownRow *old = imap_known_row_new ("a"), *row = imap_known_row_new ("b");

  old->id = row->id = 1;
  imap_known_put (before, old);
  imap_known_put (now, row);
  g_autoptr (ImapNotifyRenames) renames = imap_notify_renames_tell (before, now, list);
  imap_notify_list_print (list, now, places, FALSE, out);
  g_assert_cmpstr (out->str, ==, "");
  g_assert_cmpstr (imap_notify_renames_name (renames, old), ==, "a");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-notify-renames/random", test_random);
  g_test_add_func ("/imap-notify-renames/unwatched", test_unwatched);
  return g_test_run ();
}
