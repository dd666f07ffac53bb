/* Changing flags and keywords. */
#include "store/mailbox-entries.h"

/* Whatever the change, the new flags are (old & keep) | set. */
typedef struct {
  MailboxChange change;
  guint64 keep, set, unchanged_since;
  GArray *modified;
} Storing;

static gboolean
store_run (StoreTransaction *transaction, const EntryRun *run, gpointer data, GError **error)
{
  Storing *self = data;
  guint changing = 0;

  for (guint i = 0; i < run->count; i++) {
    const Entry *entry = &run->entries[i];
    guint64 flags = (entry->flags & self->keep) | self->set;
    if (entry->modseq > self->unchanged_since) {
      if (self->modified)
        g_array_append_val (self->modified, entry->uid);
      continue;
    }
    if (flags == entry->flags)
      continue;
    Entry new = *entry;
    new.flags = flags;
    changing++;
    mailbox_change_count (&self->change, entry, -1);
    mailbox_change_count (&self->change, &new, 1);
  }
  if (changing == 0)
    return TRUE;
  return database_run (transaction->database, error,
                       "UPDATE entry SET flags = (flags & ?4) | ?5, modseq = ?6"
                       " WHERE mailbox = ?1 AND uid BETWEEN ?2 AND ?3 AND expunged = 0"
                       " AND modseq <= ?7 AND flags <> ((flags & ?4) | ?5)",
                       "iiiiiii", self->change.mailbox, (gint64)run->entries[0].uid,
                       (gint64)run->entries[run->count - 1].uid, (gint64)self->keep,
                       (gint64)self->set, (gint64)self->change.modseq,
                       (gint64)MIN (self->unchanged_since, G_MAXINT64));
}

gboolean
mailbox_store (StoreTransaction *transaction, gint64 mailbox, const UidRange *ranges, guint count,
               FlagsChange change, guint64 flags, guint64 unchanged_since, guint32 *next,
               GArray *modified, GError **error)
{
  return mailbox_store_masked (transaction, mailbox, ranges, count, change, flags, G_MAXINT64,
                               unchanged_since, next, modified, error);
}

gboolean
mailbox_store_masked (StoreTransaction *transaction, gint64 mailbox, const UidRange *ranges,
                      guint count, FlagsChange change, guint64 flags, guint64 mask,
                      guint64 unchanged_since, guint32 *next, GArray *modified, GError **error)
{
  Storing storing = {
    .keep = change == FLAGS_ADD  ? G_MAXINT64
        : change == FLAGS_REMOVE ? G_MAXINT64 & ~(flags & mask)
                                 : G_MAXINT64 & ~mask,
    .set = change == FLAGS_REMOVE ? 0 : flags & mask & G_MAXINT64,
    .unchanged_since = unchanged_since,
    .modified = modified,
  };

  return mailbox_change_begin (transaction, mailbox, &storing.change, error)
      && mailbox_each_run (transaction, mailbox, ranges, count, next, store_run, &storing, error)
      && mailbox_change_end (transaction, &storing.change, error);
}

/* -1: there is none, or ERROR. */
static gint64
find_keyword (Database *database, gint64 mailbox, const char *keyword, GError **error)
{
  Statement *row = database_query (database, error,
                                   "SELECT number FROM keyword WHERE mailbox = ?1 AND name = ?2",
                                   "it", mailbox, keyword);

  if (!row || !statement_next (row, error))
    return -1;
  gint64 number = statement_int (row, 0);
  statement_done (row);
  return number;
}

static gint64
count_keywords (Database *database, gint64 mailbox, GError **error)
{
  Statement *row = database_query (database, error,
                                   "SELECT count(*) FROM keyword WHERE mailbox = ?1", "i", mailbox);

  if (!row || !statement_next (row, error))
    return -1;
  gint64 count = statement_int (row, 0);
  statement_done (row);
  return count;
}

guint64
mailbox_keyword_bit (StoreTransaction *transaction, gint64 mailbox, const char *keyword,
                     GError **error)
{
  GError *failure = NULL;
  gint64 number = find_keyword (transaction->database, mailbox, keyword, &failure);

  if (number < 0 && !failure) {
    number = count_keywords (transaction->database, mailbox, &failure);
    if (number >= KEYWORDS_MAX)
      g_set_error (&failure, STORE_ERROR, STORE_ERROR_INVALID,
                   "A mailbox can have %d keywords, and all are used", KEYWORDS_MAX);
    else if (number >= 0)
      database_run (transaction->database, &failure,
                    "INSERT INTO keyword (mailbox, number, name) VALUES (?1, ?2, ?3)", "iit",
                    mailbox, number, keyword);
  }
  if (failure) {
    g_propagate_error (error, failure);
    return 0;
  }
  return G_GUINT64_CONSTANT (1) << (FLAG_KEYWORD_FIRST + number);
}

gboolean
mailbox_claim_recent (StoreTransaction *transaction, gint64 mailbox, guint32 *recent_from,
                      GError **error)
{
  g_autoptr (Mailbox) row = mailbox_load (transaction->database, mailbox, error);

  if (!row)
    return FALSE;
  *recent_from = row->recent_from;
  return row->recent_from == row->uid_next
      || database_run (transaction->database, error,
                       "UPDATE mailbox SET recent_from = uid_next WHERE id = ?1", "i", mailbox);
}
