/* Creating, renaming, deleting and subscribing mailboxes. */
#include "store/batch.h"
#include "store/mailbox.h"

#define NAME_MAX_BYTES 1000
#define DEPTH_MAX 30

/* INBOX is the same in any case, also as the first part of a name (RFC 9051 §5.1). */
char *
mailbox_canonical_name (const char *name)
{
  if (g_ascii_strncasecmp (name, "INBOX", 5) == 0 && (name[5] == 0 || name[5] == '/'))
    return g_strconcat ("INBOX", name + 5, NULL);
  return g_strdup (name);
}

static gboolean
name_is_possible (const char *name, GError **error)
{
  gsize length = strlen (name);
  guint depth = 0;
  gboolean possible = length > 0 && length <= NAME_MAX_BYTES && g_utf8_validate (name, length, NULL)
      && name[0] != '/' && name[length - 1] != '/' && !strstr (name, "//");

  for (const char *c = name; possible && *c; c++) {
    depth += *c == '/';
    if ((guint8)*c < 0x20 || *c == 0x7f)
      possible = FALSE;
  }
  possible = possible && depth < DEPTH_MAX;
  if (!possible)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         "This name is not possible for a mailbox");
  return possible;
}

/* One counter for all mailboxes of the store, not behind the clock: no value ever comes twice. */
static gboolean
next_uid_validity (StoreTransaction *transaction, gint64 *value, GError **error)
{
  Statement *row = database_query (transaction->database, error,
                                   "UPDATE counter SET value = max (value + 1, ?1)"
                                   " WHERE name = 'uid_validity' RETURNING value",
                                   "i", transaction->now);

  if (!row || !statement_next (row, error))
    return FALSE;
  *value = statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

/* 0: there is none, or ERROR. */
static gint64
find_id (Database *database, gint64 account, const char *name, GError **error)
{
  Statement *row
      = database_query (database, error, "SELECT id FROM mailbox WHERE account = ?1 AND name = ?2",
                        "it", account, name);

  if (!row || !statement_next (row, error))
    return 0;
  gint64 id = statement_int (row, 0);
  statement_done (row);
  return id;
}

static gint64
insert (StoreTransaction *transaction, gint64 account, const char *name, const char *special_use,
        GError **error)
{
  gint64 uid_validity;

  if (!next_uid_validity (transaction, &uid_validity, error)
      || !database_run (transaction->database, error,
                        "INSERT INTO mailbox (account, name, special_use, uid_validity)"
                        " VALUES (?1, ?2, ?3, ?4)",
                        "itti", account, name, special_use, uid_validity)) {
    if (error && g_error_matches (*error, STORE_ERROR, STORE_ERROR_EXISTS)) {
      g_clear_error (error);
      g_set_error_literal (error, STORE_ERROR, STORE_ERROR_EXISTS, "This mailbox exists already");
    }
    return 0;
  }
  store_transaction_touch_account (transaction, account, WATCH_NAMES);
  return database_last_id (transaction->database);
}

static gboolean
create_parents (StoreTransaction *transaction, gint64 account, const char *name, GError **error)
{
  for (const char *slash = strchr (name, '/'); slash; slash = strchr (slash + 1, '/')) {
    g_autofree char *parent = g_strndup (name, slash - name);
    GError *failure = NULL;
    gint64 id = find_id (transaction->database, account, parent, &failure);
    if (!id && !failure)
      id = insert (transaction, account, parent, NULL, &failure);
    if (!id) {
      g_propagate_error (error, failure);
      return FALSE;
    }
  }
  return TRUE;
}

gint64
mailbox_create (StoreTransaction *transaction, gint64 account, const char *name,
                const char *special_use, GError **error)
{
  g_autofree char *canonical = mailbox_canonical_name (name);

  if (!name_is_possible (canonical, error)
      || !create_parents (transaction, account, canonical, error))
    return 0;
  return insert (transaction, account, canonical, special_use, error);
}

static gboolean
use_is_free (Database *database, gint64 mailbox, const char *special_use, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, error,
      "SELECT 1 FROM mailbox m, mailbox other WHERE m.id = ?1 AND (m.name = 'INBOX'"
      " OR (other.account = m.account AND other.special_use = ?2 AND other.id <> m.id)) LIMIT 1",
      "it", mailbox, special_use);
  gboolean taken;

  if (!row)
    return FALSE;
  taken = statement_next (row, &failure);
  statement_done (row);
  if (taken)
    g_set_error (&failure, STORE_ERROR, STORE_ERROR_USE, "Another mailbox is for %s",
                 special_use + 1);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

gint64
mailbox_find_use (Database *database, gint64 mailbox, const char *special_use, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, &failure,
      "SELECT other.id FROM mailbox JOIN mailbox AS other USING (account)"
      " WHERE mailbox.id = ?1 AND other.special_use = ?2 AND other.deleted IS NULL",
      "it", mailbox, special_use);
  gint64 found = mailbox;

  if (row && statement_next (row, &failure))
    found = statement_int (row, 0);
  if (row)
    statement_done (row);
  if (failure == NULL)
    return found;
  g_propagate_error (error, failure);
  return 0;
}

gboolean
mailbox_set_use (StoreTransaction *transaction, gint64 mailbox, const char *special_use,
                 GError **error)
{
  static const char *const uses[] = { "\\Archive", "\\Drafts", "\\Junk", "\\Sent", "\\Trash" };
  const char *use = NULL;

  for (guint i = 0; special_use && i < G_N_ELEMENTS (uses); i++)
    if (g_ascii_strcasecmp (uses[i], special_use) == 0)
      use = uses[i];
  if (special_use && !use) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_USE, "No mailbox here has that use");
    return FALSE;
  }
  if (use && !use_is_free (transaction->database, mailbox, use, error))
    return FALSE;
  store_transaction_touch (transaction, mailbox);
  return database_run (transaction->database, error,
                       "UPDATE mailbox SET special_use = ?2 WHERE id = ?1", "it", mailbox, use);
}

static gboolean
find_existing (StoreTransaction *transaction, gint64 account, const char *name, gint64 *id,
               GError **error)
{
  GError *failure = NULL;

  *id = find_id (transaction->database, account, name, &failure);
  if (*id)
    return TRUE;
  if (failure)
    g_propagate_error (error, failure);
  else
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no such mailbox");
  return FALSE;
}

/* The mail goes to a new mailbox; INBOX stays, empty, and its sessions see the mail go
 * (RFC 9051 §6.3.6). */
static gboolean
move_inbox (StoreTransaction *transaction, gint64 account, gint64 inbox, const char *to,
            GError **error)
{
  gint64 target = mailbox_create (transaction, account, to, NULL, error);
  UidRange all = { 1, G_MAXUINT32 };
  guint32 next;

  if (target)
    store_transaction_note (transaction, NOTE_INBOX_RENAMED, target, account, "");
  return target
      && mailbox_copy (transaction, inbox, &all, 1, target, TRUE, &next, NULL, NULL, error)
      /* Both have the annotations afterwards (RFC 5464 §4.1). */
      && database_run (transaction->database, error,
                       "INSERT INTO metadata (mailbox, account, entry, value)"
                       " SELECT ?2, account, entry, value FROM metadata WHERE mailbox = ?1",
                       "ii", inbox, target);
}

/* Names that begin with "from/" follow. Their subscriptions come along: the person who renames a
 * folder wants to see it, and clients forget to subscribe. */
static gboolean
rename_tree (StoreTransaction *transaction, gint64 account, const char *from, const char *to,
             GError **error)
{
  g_autofree char *first = g_strconcat (from, "/", NULL);
  g_autofree char *behind = g_strconcat (from, "0", NULL); /* '0' follows '/' */
  gint64 skip = g_utf8_strlen (from, -1) + 1;

  return database_run (transaction->database, error,
                       "UPDATE mailbox SET name = ?2 || substr (name, ?3)"
                       " WHERE account = ?1 AND (name = ?4 OR (name >= ?5 AND name < ?6))",
                       "itittt", account, to, skip, from, first, behind)
      && database_run (transaction->database, error,
                       "UPDATE OR REPLACE subscription SET name = ?2 || substr (name, ?3)"
                       " WHERE account = ?1 AND (name = ?4 OR (name >= ?5 AND name < ?6))",
                       "itittt", account, to, skip, from, first, behind);
}

static gboolean
rename_is_possible (StoreTransaction *transaction, gint64 account, const char *from, const char *to,
                    GError **error)
{
  GError *failure = NULL;
  gsize length = strlen (from);

  if (!name_is_possible (to, error))
    return FALSE;
  if (strncmp (to, from, length) == 0 && to[length] == '/' && !g_str_equal (from, "INBOX")) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         "A mailbox cannot be moved below itself");
    return FALSE;
  }
  if (find_id (transaction->database, account, to, &failure)) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_EXISTS, "This mailbox exists already");
    return FALSE;
  }
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

gboolean
mailbox_rename (StoreTransaction *transaction, gint64 account, const char *from, const char *to,
                GError **error)
{
  g_autofree char *old = mailbox_canonical_name (from);
  g_autofree char *new = mailbox_canonical_name (to);
  gint64 id;

  transaction_forget_names (transaction);
  if (!find_existing (transaction, account, old, &id, error)
      || !rename_is_possible (transaction, account, old, new, error))
    return FALSE;
  if (g_str_equal (old, "INBOX"))
    return move_inbox (transaction, account, id, new, error);
  if (!create_parents (transaction, account, new, error)
      || !rename_tree (transaction, account, old, new, error))
    return FALSE;
  store_transaction_touch (transaction, id);
  store_transaction_touch_account (transaction, account, WATCH_NAMES);
  return TRUE;
}

static gboolean
has_children (Database *database, gint64 account, const char *name, gboolean *answer,
              GError **error)
{
  g_autofree char *first = g_strconcat (name, "/", NULL);
  g_autofree char *behind = g_strconcat (name, "0", NULL);
  GError *failure = NULL;
  Statement *row = database_query (database, error,
                                   "SELECT 1 FROM mailbox WHERE account = ?1 AND name >= ?2"
                                   " AND name < ?3 LIMIT 1",
                                   "itt", account, first, behind);

  if (!row)
    return FALSE;
  *answer = statement_next (row, &failure);
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

/* The row loses its name at once; its entries are compaction's, after the retention. */
static gboolean
drop (StoreTransaction *transaction, gint64 account, gint64 id, GError **error)
{
  if (!database_run (transaction->database, error,
                     "UPDATE account SET used = used - (SELECT size FROM mailbox WHERE id = ?2)"
                     " WHERE id = ?1",
                     "ii", account, id)
      || !database_run (transaction->database, error,
                        "UPDATE mailbox SET name = NULL, special_use = NULL, deleted = ?2,"
                        " modseq = modseq + 1 WHERE id = ?1",
                        "ii", id, transaction->now))
    return FALSE;
  store_transaction_touch (transaction, id);
  store_transaction_touch_account (transaction, account, WATCH_NAMES);
  return TRUE;
}

gboolean
mailbox_delete (StoreTransaction *transaction, gint64 account, const char *name, GError **error)
{
  g_autofree char *canonical = mailbox_canonical_name (name);
  gboolean parent;
  gint64 id;

  transaction_forget_names (transaction);
  if (!find_existing (transaction, account, canonical, &id, error)
      || !has_children (transaction->database, account, canonical, &parent, error))
    return FALSE;
  if (parent || g_str_equal (canonical, "INBOX")) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         parent ? "Delete the mailboxes below it first"
                                : "INBOX cannot be deleted");
    return FALSE;
  }
  return drop (transaction, account, id, error);
}

gboolean
mailbox_delete_all (StoreTransaction *transaction, gint64 account, GError **error)
{
  g_autoptr (GPtrArray) list = mailbox_list (transaction->database, account, error);

  transaction_forget_names (transaction);
  for (guint i = 0; list && i < list->len; i++) {
    const Mailbox *mailbox = list->pdata[i];
    if (mailbox->id && !drop (transaction, account, mailbox->id, error))
      return FALSE;
  }
  return list
      && database_run (transaction->database, error, "DELETE FROM subscription WHERE account = ?1",
                       "i", account);
}

gboolean
mailbox_subscribe (StoreTransaction *transaction, gint64 account, const char *name,
                   gboolean subscribed, GError **error)
{
  g_autofree char *canonical = mailbox_canonical_name (name);

  store_transaction_touch_account (transaction, account, WATCH_NAMES);
  if (!subscribed)
    return database_run (transaction->database, error,
                         "DELETE FROM subscription WHERE account = ?1 AND name = ?2", "it", account,
                         canonical);
  return name_is_possible (canonical, error)
      && database_run (transaction->database, error,
                       "INSERT INTO subscription (account, name) VALUES (?1, ?2)"
                       " ON CONFLICT DO NOTHING",
                       "it", account, canonical);
}
