/* Changes of many messages. */
#include "imap/imap-write.h"

#include "accounts/quota.h"
#include "imap/imap-sync.h"

#define AT_ONCE_MAX 1000 /* messages changed in one job */

/* A mailbox before and after the change. AFTER of id 0: somebody else came between the steps. */
typedef struct {
  MailboxNumbers before, after;
} Passage;

typedef struct _Write Write;
struct _Write {
  ImapSession *session; /* of the I/O thread: not for the job */
  ImapWriteDone done;
  gpointer done_data;

  /* The job's. */
  gboolean (*step) (Write *self, StoreTransaction *transaction, guint32 *next, GError **error);
  gint64 mailbox, account;
  guint rights; /* in MAILBOX, of this step */
  GArray *uids; /* UidRange: what is still to be done */
  guint position; /* index of the first range that is not done */
  GArray *modseqs; /* guint64: of the changes made */
  guint64 client_modseq; /* what the client knows, */
  guint64 known_modseq; /* and up to where it was compared with what others have changed: */
  GArray *foreign; /* guint32 */
  ImapFlagsChange *change;
  char *target;
  gboolean move;
  gboolean notified; /* the session uses NOTIFY */
  Passage here, there; /* of MAILBOX and of the target */
  ImapWritten written;
};

ImapFlagsChange *
imap_flags_change_new (void)
{
  ImapFlagsChange *change = g_new0 (ImapFlagsChange, 1);

  change->keywords = g_ptr_array_new_with_free_func (g_free);
  return change;
}

void
imap_flags_change_free (ImapFlagsChange *change)
{
  g_ptr_array_unref (change->keywords);
  g_free (change);
}

static void
write_free (Write *self)
{
  imap_session_unref (self->session);
  g_array_unref (self->uids);
  g_array_unref (self->modseqs);
  g_array_unref (self->foreign);
  g_clear_pointer (&self->change, imap_flags_change_free);
  g_free (self->target);
  g_array_unref (self->written.source_uids);
  g_array_unref (self->written.target_uids);
  g_array_unref (self->written.modified);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Write, write_free)

static Write *
write_new (ImapSession *session, GArray *uids, ImapWriteDone done, gpointer data)
{
  Write *self = g_new0 (Write, 1);

  self->session = imap_session_ref (session);
  self->mailbox = session->selected->mailbox;
  self->account = session->account;
  self->uids = uids;
  self->modseqs = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->client_modseq = self->known_modseq = session->selected->modseq;
  self->foreign = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->written.source_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->written.target_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->written.modified = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->done = done;
  self->done_data = data;
  return self;
}

static const UidRange *
rest (const Write *self, guint *count)
{
  *count = self->uids->len - self->position;
  return &g_array_index (self->uids, UidRange, self->position);
}

static gboolean
step_flags (Write *self, StoreTransaction *transaction, guint32 *next, GError **error)
{
  guint64 flags = self->change->flags;
  guint64 since = self->change->conditional ? self->change->unchanged_since : G_MAXUINT64;
  guint64 mask = rights_flags (self->rights);
  gboolean keywords = (self->rights & RIGHT_WRITE) != 0;
  gboolean any = flags != 0 || self->change->keywords->len > 0;
  gboolean some = (flags & mask) != 0 || (keywords && self->change->keywords->len > 0);
  guint count;
  const UidRange *ranges = rest (self, &count);

  /* Flags without a right are passed over while some other is left (RFC 4314 §4). */
  if (mask == 0 || (any && !some))
    return place_require (RIGHT_LOOKUP, RIGHT_WRITE, error);
  for (guint i = 0; keywords && i < self->change->keywords->len; i++) {
    guint64 bit = mailbox_keyword_bit (transaction, self->mailbox,
                                       g_ptr_array_index (self->change->keywords, i), error);
    if (bit == 0)
      return FALSE;
    flags |= bit;
  }
  return mailbox_store_masked (transaction, self->mailbox, ranges, count, self->change->change,
                               flags, mask, since, next, self->written.modified, error);
}

static gboolean
step_expunge (Write *self, StoreTransaction *transaction, guint32 *next, GError **error)
{
  guint count;
  const UidRange *ranges = rest (self, &count);

  return place_require (self->rights, RIGHT_EXPUNGE, error)
      && mailbox_expunge (transaction, self->mailbox, ranges, count, FLAG_DELETED, next, error);
}

/* What is left to be copied must fit, before the first of it is. Within one account a MOVE takes
 * no room. */
static gboolean
has_room (Write *self, Database *database, const Mailbox *target, GError **error)
{
  g_autoptr (Mailbox) source = mailbox_load (database, self->mailbox, error);
  gint64 bytes = 0, messages = 0;

  if (!source || (self->move && source->account == target->account))
    return source != NULL;
  for (guint i = self->position; i < self->uids->len; i++) {
    const UidRange *range = &g_array_index (self->uids, UidRange, i);
    Statement *row
        = database_query (database, error,
                          "SELECT coalesce (sum (size), 0), count (*) FROM entry"
                          " WHERE mailbox = ?1 AND uid BETWEEN ?2 AND ?3"
                          " AND expunged = 0",
                          "iii", self->mailbox, (gint64)range->first, (gint64)range->last);
    if (!row || !statement_next (row, error))
      return FALSE;
    bytes += statement_int (row, 0);
    messages += statement_int (row, 1);
    statement_done (row);
  }
  return quota_require (database, target->account, bytes, messages, 0, error);
}

/* Flags that may not be set there do not come along (RFC 4314 §4). */
static gboolean
drop_flags (StoreTransaction *transaction, const Place *target, const GArray *uids, guint from,
            GError **error)
{
  guint64 mask = G_MAXINT64 & ~rights_flags (target->rights);
  guint32 next;

  if (mask == 0 || from == uids->len)
    return TRUE;
  UidRange new
      = { g_array_index (uids, guint32, from), g_array_index (uids, guint32, uids->len - 1) };
  return mailbox_store (transaction, target->mailbox->id, &new, 1, FLAGS_REMOVE, mask, G_MAXUINT64,
                        &next, NULL, error);
}

static void
step_changed (Passage *passage, const MailboxNumbers *before, const MailboxNumbers *after)
{
  gboolean first = passage->before.id == 0;
  gboolean whole
      = first || (passage->after.id == before->id && passage->after.modseq == before->modseq);

  if (first)
    passage->before = *before;
  passage->after = whole ? *after : (MailboxNumbers) { 0 };
}

static gboolean
step_copy (Write *self, StoreTransaction *transaction, guint32 *next, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Place) target
      = place_find (database, self->account, self->target, RIGHT_INSERT, error);
  guint before = self->written.target_uids->len;
  MailboxNumbers before_copy, after = { 0 };
  guint count;
  const UidRange *ranges = rest (self, &count);

  if (!target || (self->move && !place_require (self->rights, RIGHT_MARK | RIGHT_EXPUNGE, error))
      || (before == 0 && !has_room (self, database, target->mailbox, error)))
    return FALSE;
  self->written.target_validity = target->mailbox->uid_validity;
  before_copy = mailbox_numbers (target->mailbox);
  if (!mailbox_copy (transaction, self->mailbox, ranges, count, target->mailbox->id, self->move,
                     next, self->written.source_uids, self->written.target_uids, error)
      || !drop_flags (transaction, target, self->written.target_uids, before, error)
      || (self->notified && !mailbox_read_numbers (database, before_copy.id, &after, error)))
    return FALSE;
  step_changed (&self->there, &before_copy, &after);
  return TRUE;
}

static gboolean
note_foreign (const Entry *entry, gpointer data)
{
  GArray *foreign = data;

  if (!entry->expunged)
    g_array_append_val (foreign, entry->uid);
  return TRUE;
}

/* An entry keeps only its last MODSEQ: what others changed is noted before our change hides it. */
static gboolean
compare_modseq (Write *self, Database *database, MailboxNumbers *numbers, GError **error)
{
  g_autoptr (Mailbox) row = mailbox_load (database, self->mailbox, error);

  if (!row || !place_rights (database, self->account, row, &self->rights, error))
    return FALSE;
  *numbers = mailbox_numbers (row);
  return !self->change || row->modseq <= self->known_modseq
      || mailbox_changes (database, self->mailbox, self->known_modseq, note_foreign, self->foreign,
                          error);
}

static gboolean
take_step (Write *self, StoreTransaction *transaction, guint32 *next, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Mailbox) row = NULL;
  MailboxNumbers before, after;

  if (!compare_modseq (self, database, &before, error)
      || !self->step (self, transaction, next, error))
    return FALSE;
  row = mailbox_load (database, self->mailbox, error);
  if (!row)
    return FALSE;
  after = mailbox_numbers (row);
  step_changed (&self->here, &before, &after);
  if (row->modseq > before.modseq)
    g_array_append_val (self->modseqs, row->modseq);
  self->known_modseq = row->modseq;
  return TRUE;
}

/* May run twice, when a neighbour's failure undid the first (store.h). */
static gboolean
run_at_once (StoreTransaction *transaction, gpointer data, GError **error)
{
  Write *self = data;
  guint32 next;

  self->known_modseq = self->client_modseq;
  g_array_set_size (self->modseqs, 0);
  g_array_set_size (self->foreign, 0);
  g_array_set_size (self->written.source_uids, 0);
  g_array_set_size (self->written.target_uids, 0);
  g_array_set_size (self->written.modified, 0);
  self->here = self->there = (Passage) { 0 };
  return self->uids->len == 0 || take_step (self, transaction, &next, error);
}

/* NEXT is the first UID that is not done. */
static void
go_to (Write *self, guint32 next)
{
  while (self->position < self->uids->len) {
    UidRange *range = &g_array_index (self->uids, UidRange, self->position);
    if (range->last >= next) {
      range->first = MAX (range->first, next);
      return;
    }
    self->position++;
  }
}

static gboolean
run_slice (StoreTransaction *transaction, gpointer data, gboolean *done, GError **error)
{
  Write *self = data;
  guint32 next = 0;

  if (!take_step (self, transaction, &next, error))
    return FALSE;
  if (next > 0)
    go_to (self, next);
  *done = next == 0 || self->position == self->uids->len;
  return TRUE;
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Write) self = data;
  g_autoptr (GError) error = NULL;
  gboolean written = store_write_finish (self->session->service->store, result, &error);

  if (written)
    imap_session_did_change (self->session, &self->here.before, &self->here.after);
  if (self->there.before.id)
    imap_session_did_add (self->session, self->written.target_uids, &self->there.before,
                          &self->there.after);
  if (self->change) {
    g_autoptr (GArray) foreign = imap_set_of_uids (self->foreign);
    imap_sync_skip (self->session, self->modseqs, foreign);
  }
  self->done (self->session, &self->written, written ? NULL : error, self->done_data);
}

static guint64
count_uids (const GArray *uids)
{
  guint64 count = 0;

  for (guint i = 0; i < uids->len; i++) {
    const UidRange *range = &g_array_index (uids, UidRange, i);
    count += range->last - range->first + 1;
  }
  return count;
}

static void
start (Write *self)
{
  Store *store = self->session->service->store;

  if (count_uids (self->uids) <= AT_ONCE_MAX)
    store_write_async (store, run_at_once, self, NULL, NULL, did_write, self);
  else
    store_write_bulk_async (store, run_slice, self, NULL, NULL, did_write, self);
}

void
imap_write_flags (ImapSession *session, GArray *uids, ImapFlagsChange *change, ImapWriteDone done,
                  gpointer data)
{
  Write *self = write_new (session, uids, done, data);

  self->step = step_flags;
  self->change = change;
  start (self);
}

void
imap_write_expunge (ImapSession *session, GArray *uids, ImapWriteDone done, gpointer data)
{
  UidRange all = { 1, G_MAXUINT32 };
  Write *self;

  /* Also messages that were flagged meanwhile and are not announced (clients count on it). */
  if (!uids) {
    uids = g_array_new (FALSE, FALSE, sizeof (UidRange));
    g_array_append_val (uids, all);
  }
  self = write_new (session, uids, done, data);
  self->step = step_expunge;
  start (self);
}

void
imap_write_copy (ImapSession *session, GArray *uids, const char *target, gboolean move,
                 ImapWriteDone done, gpointer data)
{
  Write *self = write_new (session, uids, done, data);

  self->step = step_copy;
  self->target = g_strdup (target);
  self->notified = session->notify != NULL;
  self->move = move;
  start (self);
}
