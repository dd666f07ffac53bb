/* Mailboxes and entries, read. */
#include "store/mailbox.h"

#define COLUMNS                                                                                    \
  "SELECT m.id, m.account, m.name, m.special_use, EXISTS (SELECT 1 FROM subscription s"            \
  " WHERE s.account = m.account AND s.name = m.name), m.uid_validity, m.uid_next, m.modseq,"       \
  " m.modseq_floor, m.messages, m.unseen, m.size, m.recent_from, m.marked,"                        \
  " m.marked_size FROM mailbox m "

void
mailbox_free (Mailbox *mailbox)
{
  if (!mailbox)
    return;
  g_free (mailbox->name);
  g_free (mailbox->special_use);
  g_ptr_array_unref (mailbox->keywords);
  g_free (mailbox);
}

static Mailbox *
mailbox_new (void)
{
  Mailbox *self = g_new0 (Mailbox, 1);

  self->keywords = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static Mailbox *
read_row (Statement *row)
{
  Mailbox *self = mailbox_new ();

  self->id = statement_int (row, 0);
  self->account = statement_int (row, 1);
  self->name = g_strdup (statement_text (row, 2));
  self->special_use = g_strdup (statement_text (row, 3));
  self->subscribed = statement_int (row, 4) != 0;
  self->uid_validity = statement_int (row, 5);
  self->uid_next = statement_int (row, 6);
  self->modseq = statement_int (row, 7);
  self->modseq_floor = statement_int (row, 8);
  self->messages = statement_int (row, 9);
  self->unseen = statement_int (row, 10);
  self->size = statement_int (row, 11);
  self->recent_from = statement_int (row, 12);
  self->marked = statement_int (row, 13);
  self->marked_size = statement_int (row, 14);
  return self;
}

static gboolean
read_keywords (Database *database, Mailbox *mailbox, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (database, error,
                                   "SELECT number, name FROM keyword WHERE mailbox = ?1"
                                   " ORDER BY number",
                                   "i", mailbox->id);

  if (!row)
    return FALSE;
  while (statement_next (row, &failure)) {
    while (mailbox->keywords->len < MIN (statement_int (row, 0), KEYWORDS_MAX))
      g_ptr_array_add (mailbox->keywords, g_strdup (""));
    g_ptr_array_add (mailbox->keywords, g_strdup (statement_text (row, 1)));
  }
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static Mailbox *
load_one (Database *database, Statement *row, GError **error)
{
  GError *failure = NULL;

  if (!row)
    return NULL;
  if (!statement_next (row, &failure)) {
    if (failure)
      g_propagate_error (error, failure);
    else
      g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no such mailbox");
    return NULL;
  }
  g_autoptr (Mailbox) mailbox = read_row (row);
  statement_done (row);
  return read_keywords (database, mailbox, error) ? g_steal_pointer (&mailbox) : NULL;
}

Mailbox *
mailbox_load (Database *database, gint64 id, GError **error)
{
  return load_one (
      database,
      database_query (database, error, COLUMNS "WHERE m.id = ?1 AND m.deleted IS NULL", "i", id),
      error);
}

Mailbox *
mailbox_find (Database *database, gint64 account, const char *name, GError **error)
{
  g_autofree char *canonical = mailbox_canonical_name (name);

  return load_one (database,
                   database_query (database, error, COLUMNS "WHERE m.account = ?1 AND m.name = ?2",
                                   "it", account, canonical),
                   error);
}

static gboolean
add_all (Database *database, gint64 account, GPtrArray *list, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, error, COLUMNS "WHERE m.account = ?1 AND m.deleted IS NULL", "i", account);

  if (!row)
    return FALSE;
  while (!failure && statement_next (row, &failure)) {
    Mailbox *mailbox = read_row (row);
    g_ptr_array_add (list, mailbox);
    read_keywords (database, mailbox, &failure);
  }
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
add_ghosts (Database *database, gint64 account, GPtrArray *list, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, error,
      "SELECT s.name FROM subscription s WHERE s.account = ?1 AND NOT EXISTS"
      " (SELECT 1 FROM mailbox m WHERE m.account = s.account AND m.name = s.name)",
      "i", account);

  if (!row)
    return FALSE;
  while (statement_next (row, &failure)) {
    Mailbox *mailbox = mailbox_new ();
    mailbox->account = account;
    mailbox->name = g_strdup (statement_text (row, 0));
    mailbox->subscribed = TRUE;
    g_ptr_array_add (list, mailbox);
  }
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const char *left = (*(Mailbox *const *)a)->name, *right = (*(Mailbox *const *)b)->name;
  int inbox = g_str_equal (right, "INBOX") - g_str_equal (left, "INBOX");

  return inbox ? inbox : strcmp (left, right);
}

GPtrArray *
mailbox_list (Database *database, gint64 account, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)mailbox_free);

  if (!add_all (database, account, list, error) || !add_ghosts (database, account, list, error))
    return NULL;
  g_ptr_array_sort (list, compare_names);
  return g_steal_pointer (&list);
}

static Entry
read_entry (Statement *row)
{
  return (Entry) {
    .uid = statement_int (row, 0),
    .flags = statement_int (row, 1),
    .modseq = statement_int (row, 2),
    .message = statement_int (row, 3),
    .date = statement_int (row, 4),
    .zone = statement_int (row, 5),
    .size = statement_int (row, 6),
    .save_date = statement_int (row, 7),
    .expunged = statement_int (row, 8) > 0,
  };
}

static gboolean
tell_entries (Statement *row, gboolean with_expunged, EntryFunc func, gpointer data, GError **error)
{
  GError *failure = NULL;

  if (!row)
    return FALSE;
  while (statement_next (row, &failure)) {
    Entry entry = read_entry (row);
    if ((with_expunged || !entry.expunged) && !func (&entry, data))
      break;
  }
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

gboolean
mailbox_each (Database *database, gint64 mailbox, guint32 first, guint32 last,
              gboolean with_expunged, EntryFunc func, gpointer data, GError **error)
{
  Statement *rows = database_query (
      database, error,
      "SELECT uid, flags, modseq, message, date, zone, size, save_date, expunged FROM entry"
      " WHERE mailbox = ?1 AND uid BETWEEN ?2 AND ?3 ORDER BY uid",
      "iii", mailbox, (gint64)first, (gint64)last);

  return tell_entries (rows, with_expunged, func, data, error);
}

gboolean
mailbox_changes (Database *database, gint64 mailbox, guint64 modseq, EntryFunc func, gpointer data,
                 GError **error)
{
  Statement *rows = database_query (
      database, error,
      "SELECT uid, flags, modseq, message, date, zone, size, save_date, expunged"
      " FROM entry INDEXED BY entry_modseq WHERE mailbox = ?1 AND modseq > ?2 ORDER BY modseq, uid",
      "ii", mailbox, (gint64)MIN (modseq, G_MAXINT64));

  return tell_entries (rows, TRUE, func, data, error);
}

/* Without gaps the lowest and the highest UID say it all, whatever the size: that is how a mailbox
 * is until its first mail in the middle goes. RANGE is left alone when there are gaps. */
static gboolean
find_gapless (Database *database, gint64 mailbox, UidRange *range, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, error,
      "SELECT messages,"
      " (SELECT uid FROM entry WHERE mailbox = ?1 AND expunged = 0 ORDER BY uid LIMIT 1),"
      " (SELECT uid FROM entry WHERE mailbox = ?1 AND expunged = 0 ORDER BY uid DESC LIMIT 1)"
      " FROM mailbox WHERE id = ?1",
      "i", mailbox);

  if (!row)
    return FALSE;
  if (statement_next (row, &failure)) {
    const gint64 messages = statement_int (row, 0);
    const gint64 first = statement_int (row, 1), last = statement_int (row, 2);
    if (first > 0 && last - first + 1 == messages)
      *range = (UidRange) { (guint32)first, (guint32)last };
  }
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
read_ranges (Database *database, gint64 mailbox, GArray *ranges, GError **error)
{
  UidRange range = { 0, 0 };
  GError *failure = NULL;
  Statement *row = database_query (database, error,
                                   "SELECT uid FROM entry WHERE mailbox = ?1 AND expunged = 0"
                                   " ORDER BY uid",
                                   "i", mailbox);

  if (!row)
    return FALSE;
  while (statement_next (row, &failure)) {
    guint32 uid = statement_int (row, 0);
    if (range.first && uid == range.last + 1) {
      range.last = uid;
      continue;
    }
    if (range.first)
      g_array_append_val (ranges, range);
    range = (UidRange) { uid, uid };
  }
  if (range.first)
    g_array_append_val (ranges, range);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

GArray *
mailbox_uids (Database *database, gint64 mailbox, GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (UidRange));
  UidRange all = { 0, 0 };

  if (!find_gapless (database, mailbox, &all, error))
    return NULL;
  if (all.first)
    g_array_append_val (ranges, all);
  else if (!read_ranges (database, mailbox, ranges, error))
    return NULL;
  return g_steal_pointer (&ranges);
}
