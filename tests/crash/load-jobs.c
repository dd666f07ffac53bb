/* What senders ask of a store, and what they were told. */
#include "load-jobs.h"
#include "store/mailbox.h"

#include <errno.h>
#include <string.h>

/* Flushed: it survives the end of this process. */
void
acknowledge (Work *self, AckKind kind, gint64 mailbox, guint32 uid, guint64 modseq, guint64 flags,
             const char *digest)
{
  g_mutex_lock (&self->lock);
  self->acknowledged += kind == ACK_ADDED;
  if (fprintf (self->acks,
               "%" G_GINT64_FORMAT " %c %" G_GINT64_FORMAT " %u %" G_GUINT64_FORMAT
               " %" G_GUINT64_FORMAT " %s\n",
               g_get_monotonic_time (), kind, mailbox, uid, modseq, flags, digest)
          < 0
      || fflush (self->acks) != 0)
    g_error ("Cannot write the acknowledgements: %s", g_strerror (errno));
  g_mutex_unlock (&self->lock);
}

gboolean
ack_parse (const char **text, Ack *ack)
{
  const char *end = strchr (*text, '\n');
  char kind;

  if (end == NULL)
    return FALSE;
  if (sscanf (*text,
              "%" G_GINT64_FORMAT " %c %" G_GINT64_FORMAT " %u %" G_GUINT64_FORMAT
              " %" G_GUINT64_FORMAT " %64s",
              &ack->time, &kind, &ack->mailbox, &ack->uid, &ack->modseq, &ack->flags, ack->digest)
      != 7)
    g_error ("An acknowledgement makes no sense: %.80s", *text);
  ack->kind = (AckKind)kind;
  *text = end + 1;
  return TRUE;
}

#define UIDS_AT_ONCE 3

/* One job of a sender, and what became of each UID that it touched. */
typedef struct {
  Work *work;
  gint64 mailboxes[UIDS_AT_ONCE];
  guint count;
  PreparedMessage *message;
  UidRange range;
  gint64 target;
  gboolean move;
  FlagsChange change;
  guint64 flags;
  Ack acks[2 * UIDS_AT_ONCE];
  guint ack_count;
} Task;

/* What the entry is when the job ends: this is what the client is told. */
static gboolean
note_entry (Database *database, Task *job, AckKind kind, gint64 mailbox, guint32 uid,
            GError **error)
{
  Statement *row = database_query (database, error,
                                   "SELECT e.modseq, e.flags, e.expunged, lower (hex (m.digest))"
                                   " FROM entry e JOIN message m ON m.id = e.message"
                                   " WHERE e.mailbox = ?1 AND e.uid = ?2",
                                   "ii", mailbox, (gint64)uid);
  g_autoptr (GError) failure = NULL;
  Ack *ack = &job->acks[job->ack_count];

  if (row == NULL)
    return FALSE;
  if (statement_next (row, &failure)) {
    gboolean expunged = statement_int (row, 2) != 0;

    *ack = (Ack) { .kind = kind,
                   .mailbox = mailbox,
                   .uid = uid,
                   .modseq = (guint64)statement_int (row, 0),
                   .flags = (guint64)statement_int (row, 1) };
    g_strlcpy (ack->digest, statement_text (row, 3), sizeof ack->digest);
    job->ack_count += expunged == (kind == ACK_EXPUNGED);
    statement_done (row);
  }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return *error == NULL;
}

static gboolean
run_deliver (StoreTransaction *transaction, gpointer data, GError **error)
{
  Task *job = data;
  Database *database = store_transaction_database (transaction);
  gint64 message = message_append (transaction, job->message, error);

  job->ack_count = 0;
  if (message == 0)
    return FALSE;
  for (guint i = 0; i < job->count; i++) {
    Ack *ack = &job->acks[job->ack_count++];

    *ack = (Ack) { .kind = ACK_ADDED, .mailbox = job->mailboxes[i] };
    if (!mailbox_add (transaction, ack->mailbox, message, 0, 1700000000, 60, &ack->uid, error))
      return FALSE;
  }
  /* The message's own row is written when the job has told all places: its digest is known. */
  for (guint i = 0; i < job->count; i++) {
    Statement *row = database_query (database, error,
                                     "SELECT modseq FROM entry WHERE mailbox = ?1 AND uid = ?2",
                                     "ii", job->acks[i].mailbox, (gint64)job->acks[i].uid);
    if (row == NULL || !statement_next (row, error))
      return FALSE;
    job->acks[i].modseq = (guint64)statement_int (row, 0);
    statement_done (row);
  }
  return TRUE;
}

static gboolean
run_flags (StoreTransaction *transaction, gpointer data, GError **error)
{
  Task *job = data;
  guint32 next;

  job->ack_count = 0;
  return mailbox_store (transaction, job->mailboxes[0], &job->range, 1, job->change, job->flags,
                        G_MAXUINT64, &next, NULL, error)
      && note_entry (store_transaction_database (transaction), job, ACK_FLAGS, job->mailboxes[0],
                     job->range.first, error);
}

static gboolean
run_expunge (StoreTransaction *transaction, gpointer data, GError **error)
{
  Task *job = data;
  guint32 next;

  job->ack_count = 0;
  return mailbox_expunge (transaction, job->mailboxes[0], &job->range, 1, 0, &next, error)
      && note_entry (store_transaction_database (transaction), job, ACK_EXPUNGED, job->mailboxes[0],
                     job->range.first, error);
}

static gboolean
run_copy (StoreTransaction *transaction, gpointer data, GError **error)
{
  Task *job = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 next;

  job->ack_count = 0;
  if (!mailbox_copy (transaction, job->mailboxes[0], &job->range, 1, job->target, job->move, &next,
                     sources, targets, error))
    return FALSE;
  for (guint i = 0; i < targets->len; i++)
    if (!note_entry (database, job, ACK_ADDED, job->target, g_array_index (targets, guint32, i),
                     error))
      return FALSE;
  for (guint i = 0; job->move && i < sources->len; i++)
    if (!note_entry (database, job, ACK_EXPUNGED, job->mailboxes[0],
                     g_array_index (sources, guint32, i), error))
      return FALSE;
  return TRUE;
}

static guint
index_of (Work *self, gint64 mailbox)
{
  for (guint i = 0; i < self->load->users; i++)
    if (self->mailboxes[i] == mailbox)
      return i;
  g_assert_not_reached ();
}

static void
hand_in (Work *self, StoreWriteFunc func, Task *job, const char *digest)
{
  g_autoptr (GError) error = NULL;

  if (!store_write_sync (self->store, func, job, &error))
    return; /* refused: nothing was promised */
  for (guint i = 0; i < job->ack_count; i++) {
    const Ack *ack = &job->acks[i];

    acknowledge (self, ack->kind, ack->mailbox, ack->uid, ack->modseq, ack->flags,
                 digest != NULL ? digest : ack->digest);
    if (ack->kind == ACK_ADDED)
      g_atomic_int_set (&self->last_uid[index_of (self, ack->mailbox)], (gint)ack->uid);
  }
}

/* Mostly small, some with several frames, some in a segment of their own. */
static GBytes *
make_mail (GRand *chance)
{
  gint kind = g_rand_int_range (chance, 0, 100);
  gsize length = kind == 0 ? 1200000
      : kind < 4           ? 300000
                           : (gsize)g_rand_int_range (chance, 1, 6000);
  guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = i % 64 == 63 ? '\n' : (guint8)(g_rand_int (chance) % 40 + 60);
  return g_bytes_new_take (bytes, length);
}

void
deliver (Work *self, GRand *chance)
{
  g_autoptr (GBytes) mail = make_mail (chance);
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, mail);
  g_autoptr (PreparedMessage) message = prepared_message_new (self->store, mail, NULL, NULL, NULL);
  Task job = { .work = self, .message = message };

  if (message == NULL)
    return;
  job.count = g_rand_int_range (chance, 0, 5) == 0 ? UIDS_AT_ONCE : 1;
  for (guint i = 0; i < job.count; i++)
    job.mailboxes[i] = self->mailboxes[g_rand_int (chance) % self->load->users];
  hand_in (self, run_deliver, &job, digest);
}

void
change_mail (Work *self, GRand *chance, gint kind)
{
  guint from = g_rand_int (chance) % self->load->users;
  gint last = g_atomic_int_get (&self->last_uid[from]);
  Task job = { .work = self, .mailboxes = { self->mailboxes[from] } };

  if (last == 0)
    return;
  job.range.first = job.range.last = (guint32)g_rand_int_range (chance, 1, last + 1);
  job.target = self->mailboxes[g_rand_int (chance) % self->load->users];
  job.move = kind >= 95 && job.target != job.mailboxes[0];
  job.change = (FlagsChange)g_rand_int_range (chance, 0, 3);
  job.flags = g_rand_int (chance) % 32;
  if (kind < 80) {
    hand_in (self, run_flags, &job, NULL);
    return;
  }
  if (kind < 90 || job.move)
    acknowledge (self, ACK_EXPUNGE_BEGUN, job.mailboxes[0], job.range.first, 0, 0, "-");
  hand_in (self, kind < 90 ? run_expunge : run_copy, &job, NULL);
}
