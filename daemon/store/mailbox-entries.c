/* What all changes of entries have in common: the mailbox's row, and going over entries in runs. */
#include "store/mailbox-entries.h"

gboolean
mailbox_change_begin (StoreTransaction *transaction, gint64 mailbox, MailboxChange *change,
                      GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (transaction->database, error,
                                   "SELECT account, modseq, uid_next FROM mailbox WHERE id = ?1"
                                   " AND deleted IS NULL",
                                   "i", mailbox);

  if (!row)
    return FALSE;
  if (!statement_next (row, &failure)) {
    if (failure)
      g_propagate_error (error, failure);
    else
      g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no such mailbox");
    return FALSE;
  }
  *change = (MailboxChange) {
    .mailbox = mailbox,
    .account = statement_int (row, 0),
    .modseq = statement_int (row, 1) + 1,
    .uid_next = statement_int (row, 2),
  };
  statement_done (row);
  return TRUE;
}

void
mailbox_change_count (MailboxChange *change, const Entry *entry, int sign)
{
  gint64 size = (gint64)entry->size * sign;

  change->messages += sign;
  change->unseen += entry->flags & FLAG_SEEN ? 0 : sign;
  change->size += size;
  change->marked += entry->flags & FLAG_DELETED ? sign : 0;
  change->marked_size += entry->flags & FLAG_DELETED ? size : 0;
  change->changed = TRUE;
}

gboolean
mailbox_change_end (StoreTransaction *transaction, const MailboxChange *change, GError **error)
{
  if (!change->changed)
    return TRUE;
  if (!database_run (transaction->database, error,
                     "UPDATE mailbox SET modseq = ?2, uid_next = ?3, messages = messages + ?4,"
                     " unseen = unseen + ?5, size = size + ?6, marked = marked + ?7,"
                     " marked_size = marked_size + ?8 WHERE id = ?1",
                     "iiiiiiii", change->mailbox, (gint64)change->modseq, (gint64)change->uid_next,
                     change->messages, change->unseen, change->size, change->marked,
                     change->marked_size)
      || (change->size != 0
          && !database_run (transaction->database, error,
                            "UPDATE account SET used = used + ?2 WHERE id = ?1", "ii",
                            change->account, change->size)))
    return FALSE;
  store_transaction_touch (transaction, change->mailbox);
  store_transaction_touch_account (transaction, change->account, WATCH_MESSAGES);
  return TRUE;
}

static gboolean
read_run (Database *database, gint64 mailbox, const UidRange *range, Entry *entries, guint *count,
          GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, error,
      "SELECT uid, flags, modseq, message, date, zone, size FROM entry"
      " WHERE mailbox = ?1 AND uid BETWEEN ?2 AND ?3 AND expunged = 0 ORDER BY uid LIMIT ?4",
      "iiii", mailbox, (gint64)range->first, (gint64)range->last, (gint64)ENTRY_RUN);

  *count = 0;
  if (!row)
    return FALSE;
  while (*count < ENTRY_RUN && statement_next (row, &failure))
    entries[(*count)++] = (Entry) {
      .uid = statement_int (row, 0),
      .flags = statement_int (row, 1),
      .modseq = statement_int (row, 2),
      .message = statement_int (row, 3),
      .date = statement_int (row, 4),
      .zone = statement_int (row, 5),
      .size = statement_int (row, 6),
    };
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

gboolean
mailbox_each_run (StoreTransaction *transaction, gint64 mailbox, const UidRange *ranges,
                  guint count, guint32 *next, EntryRunFunc func, gpointer data, GError **error)
{
  Entry entries[ENTRY_RUN];

  *next = 0;
  for (guint i = 0; i < count; i++) {
    UidRange rest = ranges[i];
    while (rest.first <= rest.last) {
      EntryRun run = { entries, 0 };
      if (!read_run (transaction->database, mailbox, &rest, entries, &run.count, error)
          || (run.count > 0 && !func (transaction, &run, data, error)))
        return FALSE;
      if (run.count < ENTRY_RUN || entries[run.count - 1].uid == G_MAXUINT32)
        break;
      rest.first = entries[run.count - 1].uid + 1;
      if (rest.first <= rest.last && store_transaction_slice_over (transaction)) {
        *next = rest.first;
        return TRUE;
      }
    }
    if (i + 1 < count && store_transaction_slice_over (transaction)) {
      *next = ranges[i + 1].first;
      return TRUE;
    }
  }
  return TRUE;
}
