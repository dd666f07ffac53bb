/* Adding, copying, moving and expunging entries. */
#include "store/mailbox-entries.h"
#include "store/prepared.h"
#include "store/thread.h"

static gboolean
insert_entry (StoreTransaction *transaction, MailboxChange *to, const Entry *entry, guint32 *uid,
              GError **error)
{
  if (to->uid_next == G_MAXUINT32) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         "The mailbox has given away all its UIDs");
    return FALSE;
  }
  *uid = to->uid_next++;
  mailbox_change_count (to, entry, 1);
  return database_run (transaction->database, error,
                       "INSERT INTO entry (mailbox, uid, message, flags, modseq, date, zone, size,"
                       " save_date) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                       "iiiiiiiii", to->mailbox, (gint64)*uid, entry->message, (gint64)entry->flags,
                       (gint64)to->modseq, entry->date, (gint64)entry->zone, (gint64)entry->size,
                       transaction->now);
}

static gboolean
find_size (StoreTransaction *transaction, gint64 message, guint64 *size, GError **error)
{
  const Append *append = transaction_find_append (transaction, message);
  GError *failure = NULL;

  if (append) {
    *size = prepared_message_size (append->message);
    return TRUE;
  }
  Statement *row = database_query (transaction->database, error,
                                   "SELECT size FROM message WHERE id = ?1", "i", message);
  if (!row)
    return FALSE;
  if (statement_next (row, &failure)) {
    *size = statement_int (row, 0);
    statement_done (row);
    return TRUE;
  }
  if (failure)
    g_propagate_error (error, failure);
  else
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no such message");
  return FALSE;
}

gboolean
mailbox_add (StoreTransaction *transaction, gint64 mailbox, gint64 message, guint64 flags,
             gint64 date, gint16 zone, guint32 *uid, GError **error)
{
  MailboxChange change;
  Entry entry = { .flags = flags & G_MAXINT64, .message = message, .date = date, .zone = zone };
  guint32 new_uid;

  if (!find_size (transaction, message, &entry.size, error)
      || !mailbox_change_begin (transaction, mailbox, &change, error)
      || !insert_entry (transaction, &change, &entry, &new_uid, error)
      || !mailbox_change_end (transaction, &change, error)
      || !thread_join (transaction, change.account, message, error)
      || !transaction_note_place (transaction, message, mailbox, new_uid, entry.flags, date, zone,
                                  error))
    return FALSE;
  if (uid)
    *uid = new_uid;
  return TRUE;
}

typedef struct {
  MailboxChange change;
  guint64 required;
} Expunging;

static gboolean
expunge_run (StoreTransaction *transaction, const EntryRun *run, gpointer data, GError **error)
{
  Expunging *self = data;
  MailboxChange *change = &self->change;
  guint going = 0;

  for (guint i = 0; i < run->count; i++) {
    const Entry *entry = &run->entries[i];
    if ((entry->flags & self->required) != self->required)
      continue;
    going++;
    mailbox_change_count (change, entry, -1);
  }
  if (going == 0)
    return TRUE;
  return database_run (transaction->database, error,
                       "UPDATE entry SET expunged = ?4, modseq = ?5 WHERE mailbox = ?1"
                       " AND uid BETWEEN ?2 AND ?3 AND expunged = 0 AND flags & ?6 = ?6",
                       "iiiiii", change->mailbox, (gint64)run->entries[0].uid,
                       (gint64)run->entries[run->count - 1].uid, transaction->now,
                       (gint64)change->modseq, (gint64)self->required);
}

gboolean
mailbox_expunge (StoreTransaction *transaction, gint64 mailbox, const UidRange *ranges, guint count,
                 guint64 required, guint32 *next, GError **error)
{
  Expunging expunging = { .required = required & G_MAXINT64 };

  return mailbox_change_begin (transaction, mailbox, &expunging.change, error)
      && mailbox_each_run (transaction, mailbox, ranges, count, next, expunge_run, &expunging,
                           error)
      && mailbox_change_end (transaction, &expunging.change, error);
}

typedef struct {
  MailboxChange *from, *to;
  gboolean move;
  guint64 bits[64]; /* the target's bit for each bit of the source, keywords as met */
  GPtrArray *keywords; /* of the source */
  GArray *source_uids, *target_uids;
} Copying;

/* A keyword has a bit of its own in each mailbox. */
static gboolean
translate_flags (StoreTransaction *transaction, Copying *self, guint64 flags, guint64 *result,
                 GError **error)
{
  *result = flags & ((G_GUINT64_CONSTANT (1) << FLAG_KEYWORD_FIRST) - 1);
  for (guint number = 0; number < self->keywords->len; number++) {
    guint bit = FLAG_KEYWORD_FIRST + number;
    if (!(flags >> bit & 1))
      continue;
    if (!self->bits[bit])
      self->bits[bit] = mailbox_keyword_bit (transaction, self->to->mailbox,
                                             self->keywords->pdata[number], error);
    if (!self->bits[bit])
      return FALSE;
    *result |= self->bits[bit];
  }
  return TRUE;
}

static gboolean
copy_entry (StoreTransaction *transaction, Copying *self, const Entry *entry, GError **error)
{
  Entry copy = *entry;
  guint32 uid;

  if (!translate_flags (transaction, self, entry->flags, &copy.flags, error)
      || !insert_entry (transaction, self->to, &copy, &uid, error)
      || !transaction_note_place (transaction, entry->message, self->to->mailbox, uid, copy.flags,
                                  entry->date, entry->zone, error))
    return FALSE;
  if (self->source_uids)
    g_array_append_val (self->source_uids, entry->uid);
  if (self->target_uids)
    g_array_append_val (self->target_uids, uid);
  return TRUE;
}

static gboolean
copy_run (StoreTransaction *transaction, const EntryRun *run, gpointer data, GError **error)
{
  Copying *self = data;

  for (guint i = 0; i < run->count; i++)
    if (!copy_entry (transaction, self, &run->entries[i], error))
      return FALSE;
  if (!self->move)
    return TRUE;
  Expunging expunging = { .change = *self->from };
  gboolean expunged = expunge_run (transaction, run, &expunging, error);
  *self->from = expunging.change;
  return expunged;
}

/* Into the mailbox itself: only what was there when the command came, and one row to write. */
static void
bound_to_itself (const MailboxChange *mailbox, UidRange *ranges, guint count)
{
  for (guint i = 0; i < count; i++)
    ranges[i].last = MIN (ranges[i].last, mailbox->uid_next - 1);
}

gboolean
mailbox_copy (StoreTransaction *transaction, gint64 from, const UidRange *ranges, guint count,
              gint64 to, gboolean move, guint32 *next, GArray *source_uids, GArray *target_uids,
              GError **error)
{
  MailboxChange source, target;
  g_autofree UidRange *bounded = g_memdup2 (ranges, count * sizeof *ranges);
  g_autoptr (Mailbox) mailbox = mailbox_load (transaction->database, from, error);
  Copying copying = { .from = &source,
                      .to = from == to ? &source : &target,
                      .move = move,
                      .source_uids = source_uids,
                      .target_uids = target_uids };

  *next = 0;
  if (!mailbox || !mailbox_change_begin (transaction, from, &source, error)
      || !mailbox_change_begin (transaction, to, &target, error))
    return FALSE;
  copying.keywords = mailbox->keywords;
  if (from == to)
    bound_to_itself (&source, bounded, count);
  return mailbox_each_run (transaction, from, bounded, count, next, copy_run, &copying, error)
      && mailbox_change_end (transaction, &source, error)
      && (from == to || mailbox_change_end (transaction, &target, error));
}
