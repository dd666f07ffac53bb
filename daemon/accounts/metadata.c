/* Keeps annotations. */
#include "accounts/metadata.h"

#include <string.h>

#define DEPTH_MAX 20

static gboolean
is_name_char (char c)
{
  return c >= 0x20 && c < 0x7f && c != '*' && c != '%';
}

/* Levels; 0: malformed. */
static guint
count_levels (const char *name)
{
  guint levels = 0;

  if (*name != '/' || strlen (name) > METADATA_NAME_MAX)
    return 0;
  for (const char *c = name; *c; c++) {
    if (!is_name_char (*c) || (*c == '/' && (c[1] == '/' || c[1] == '\0')))
      return 0;
    levels += *c == '/';
  }
  return levels <= DEPTH_MAX ? levels : 0;
}

char *
metadata_normalize (const char *name, gboolean whole)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  guint levels = count_levels (lower), least = whole ? 2 : 1;
  const char *second = levels > 0 ? strchr (lower + 1, '/') : NULL;
  gsize first = second ? (gsize)(second - lower) : strlen (lower);

  if (!(first == 8 && strncmp (lower, "/private", 8) == 0)
      && !(first == 7 && strncmp (lower, "/shared", 7) == 0))
    return NULL;
  if (whole && second && (g_str_equal (second, "/vendor") || g_str_has_prefix (second, "/vendor/")))
    least = 4;
  return levels >= least ? g_steal_pointer (&lower) : NULL;
}

gboolean
metadata_is_private (const char *name)
{
  return g_str_has_prefix (name, "/private");
}

gboolean
metadata_require (guint rights, GError **error)
{
  const guint any = RIGHT_READ | RIGHT_SEEN | RIGHT_WRITE | RIGHT_INSERT | RIGHT_POST;

  return place_require (rights, RIGHT_LOOKUP | (rights & any ? 0 : RIGHT_READ), error);
}

/* Whose it is: 0 is everybody's. */
static gint64
scope (gint64 account, const char *name)
{
  return metadata_is_private (name) ? account : 0;
}

static gboolean
is_meant (const char *name, guint depth, const char *found)
{
  gsize length = strlen (name);
  guint below = 0;

  if (strncmp (found, name, length) != 0 || (found[length] != '\0' && found[length] != '/'))
    return FALSE;
  for (const char *c = found + length; *c; c++)
    below += *c == '/';
  return below <= depth;
}

gboolean
metadata_each (Database *database, gint64 mailbox, gint64 account, const char *name, guint depth,
               MetadataFunc func, gpointer data, GError **error)
{
  GError *failure = NULL;
  Statement *row
      = database_query (database, error,
                        "SELECT entry, value FROM metadata WHERE mailbox = ?1 AND account = ?2"
                        " ORDER BY entry",
                        "ii", mailbox, scope (account, name));

  if (!row)
    return FALSE;
  while (!failure && statement_next (row, &failure)) {
    gsize length = 0;
    const guint8 *value = statement_blob (row, 1, &length);
    if (is_meant (name, depth, statement_text (row, 0)))
      (void)func (statement_text (row, 0), value ? value : (const guint8 *)"", length, data,
                  &failure);
  }
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

/* Who sees the annotation may hear that it has changed (RFC 5465 §5.6, §5.7). */
static gboolean
tell (StoreTransaction *transaction, gint64 mailbox, gint64 account, const char *name,
      GError **error)
{
  GError *failure = NULL;
  gint64 owner = WATCH_EVERYBODY;
  Statement *row;

  store_transaction_note (transaction, NOTE_METADATA, mailbox, scope (account, name), name);
  if (metadata_is_private (name)) {
    store_transaction_touch_account (transaction, account, WATCH_NOTES);
    return TRUE;
  }
  row = mailbox == METADATA_SERVER
      ? NULL
      : database_query (store_transaction_database (transaction), &failure,
                        "SELECT account FROM mailbox WHERE id = ?1", "i", mailbox);
  if (row && statement_next (row, &failure)) {
    owner = statement_int (row, 0);
    statement_done (row);
  }
  store_transaction_touch_account (transaction, owner, WATCH_NOTES);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

/* With the new value in it: is it too much? */
static gboolean
judge (Database *database, gint64 mailbox, gint64 account, const char *name,
       MetadataOutcome *outcome, GError **error)
{
  Statement *row = database_query (
      database, error,
      "SELECT (SELECT count (*) FROM metadata WHERE mailbox = ?1 AND account = ?2),"
      " (SELECT coalesce (sum (length (d.value)), 0) FROM metadata d WHERE d.account = ?3)"
      " + (SELECT coalesce (sum (length (d.value)), 0) FROM metadata d JOIN mailbox m"
      " ON m.id = d.mailbox WHERE d.account = 0 AND m.account = (SELECT account FROM mailbox"
      " WHERE id = ?1))",
      "iii", mailbox, scope (account, name), account);

  if (!row || !statement_next (row, error))
    return FALSE;
  if (statement_int (row, 0) > METADATA_ENTRIES_MAX || statement_int (row, 1) > METADATA_TOTAL_MAX)
    *outcome = METADATA_TOO_MANY;
  statement_done (row);
  return TRUE;
}

gboolean
metadata_put (StoreTransaction *transaction, gint64 mailbox, gint64 account, const char *name,
              GBytes *value, MetadataOutcome *outcome, GError **error)
{
  Database *database = store_transaction_database (transaction);

  *outcome = METADATA_DONE;
  if (!value)
    return database_run (database, error,
                         "DELETE FROM metadata WHERE mailbox = ?1 AND account = ?2 AND entry = ?3",
                         "iit", mailbox, scope (account, name), name)
        && (database_changes (database) == 0 || tell (transaction, mailbox, account, name, error));
  if (g_bytes_get_size (value) > METADATA_VALUE_MAX) {
    *outcome = METADATA_TOO_BIG;
    return TRUE;
  }
  return database_run (database, error,
                       "INSERT OR REPLACE INTO metadata (mailbox, account, entry, value)"
                       " VALUES (?1, ?2, ?3, ?4)",
                       "iitb", mailbox, scope (account, name), name, value)
      && tell (transaction, mailbox, account, name, error)
      && judge (database, mailbox, account, name, outcome, error);
}
