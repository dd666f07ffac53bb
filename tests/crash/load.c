/* Senders, and what they were told. */
#include "load.h"
#include "archive/backup.h"
#include "store/compact.h"
#include "store/mailbox.h"
#include "store/parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define UIDS_AT_ONCE 3

typedef struct {
  const Load *load;
  Store *store;
  FILE *acks;
  GMutex lock;
  gint64 *mailboxes;
  gint *last_uid; /* atomic, of each mailbox */
  gint left; /* atomic: operations */
  gint stopping;
} Work;

/* Flushed: it survives the end of this process. */
static void
acknowledge (Work *self, AckKind kind, gint64 mailbox, guint32 uid, guint64 modseq, guint64 flags,
             const char *digest)
{
  g_mutex_lock (&self->lock);
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

static void
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

static void
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

typedef struct {
  Work *work;
  guint32 seed;
} Sender;

static gpointer
send_mails (gpointer data)
{
  g_autofree Sender *sender = data;
  Work *self = sender->work;
  GRand *chance = g_rand_new_with_seed (sender->seed);

  while (g_atomic_int_add (&self->left, -1) > 0) {
    gint kind = g_rand_int_range (chance, 0, 100);

    if (kind < 60)
      deliver (self, chance);
    else
      change_mail (self, chance, kind);
  }
  g_rand_free (chance);
  return NULL;
}

static void
did_compact (GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean *over = data;

  /* A refusal is the store's right; what counts is what the judge finds. */
  store_compact_finish (NULL, result, NULL, NULL);
  *over = TRUE;
}

static void
compact (Work *self, GMainContext *context)
{
  gboolean over = FALSE;

  store_compact_async (self->store, 0, did_compact, &over);
  while (!over)
    g_main_context_iteration (context, TRUE);
}

static void
checkpoint (Work *self, int mode)
{
  g_autoptr (Database) database = database_open (self->store->database_path, DATABASE_WRITE, NULL);

  if (database != NULL)
    store_checkpoint (database, mode, NULL); /* may find it busy */
}

static void
back_up (Work *self, guint number)
{
  g_autofree char *name = g_strdup_printf ("backup-%u", number);
  g_autofree char *folder = g_build_filename (self->load->root, name, NULL);

  if (g_file_test (folder, G_FILE_TEST_EXISTS))
    return; /* of an earlier run */
  if (backup_create (self->store, folder, NULL, NULL, NULL))
    acknowledge (self, ACK_BACKUP, 0, number, 0, 0, "-");
}

static gpointer
keep_house (gpointer data)
{
  Work *self = data;
  GMainContext *context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  for (guint round = 0; !g_atomic_int_get (&self->stopping); round++) {
    if (self->load->compaction)
      compact (self, context);
    checkpoint (self, round % 2 == 0 ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE);
    if (self->load->backups && round % 4 == 2)
      back_up (self, round / 4);
    g_usleep (50000);
  }
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  return NULL;
}

/* Finds the user's mailbox or makes both. */
static gboolean
move_one_in (StoreTransaction *transaction, Work *self, guint user, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *address = g_strdup_printf ("user%u@example.com", user);
  g_autoptr (Mailbox) mailbox = NULL;
  Statement *row;
  gint64 account;

  if (!database_run (database, error,
                     "INSERT OR IGNORE INTO account (address, domain) VALUES (?1, 1)", "t",
                     address))
    return FALSE;
  row = database_query (database, error, "SELECT id FROM account WHERE address = ?1", "t", address);
  if (row == NULL || !statement_next (row, error))
    return FALSE;
  account = statement_int (row, 0);
  statement_done (row);
  mailbox = mailbox_find (database, account, "INBOX", NULL);
  self->last_uid[user] = mailbox != NULL ? (gint)mailbox->uid_next - 1 : 0;
  self->mailboxes[user]
      = mailbox != NULL ? mailbox->id : mailbox_create (transaction, account, "INBOX", NULL, error);
  return self->mailboxes[user] != 0;
}

static gboolean
move_in (StoreTransaction *transaction, gpointer data, GError **error)
{
  Work *self = data;

  for (guint i = 0; i < self->load->users; i++)
    if (!move_one_in (transaction, self, i, error))
      return FALSE;
  return TRUE;
}

static void
work_hard (Work *self)
{
  g_autofree GThread **threads = g_new0 (GThread *, self->load->senders);
  GThread *keeper = g_thread_new ("keeper", keep_house, self);

  for (guint i = 0; i < self->load->senders; i++) {
    Sender *sender = g_new (Sender, 1);

    *sender = (Sender) { self, self->load->seed * 1000 + i };
    threads[i] = g_thread_new ("sender", send_mails, sender);
  }
  for (guint i = 0; i < self->load->senders; i++)
    g_thread_join (threads[i]);
  g_atomic_int_set (&self->stopping, TRUE);
  g_thread_join (keeper);
}

gboolean
load_run (const Load *load, GError **error)
{
  g_autofree char *folder = g_build_filename (load->root, "store", NULL);
  StoreOptions options = { .folder = folder };
  g_autofree gint64 *mailboxes = g_new0 (gint64, load->users);
  g_autofree gint *last_uid = g_new0 (gint, load->users);
  Work work = {
    .load = load, .mailboxes = mailboxes, .last_uid = last_uid, .left = (gint)load->operations
  };
  gboolean moved_in;

  work.acks = fopen (load->acks, "a");
  if (work.acks == NULL)
    g_error ("Cannot open %s: %s", load->acks, g_strerror (errno));
  work.store = store_open (&options, error);
  moved_in = work.store != NULL && store_write_sync (work.store, move_in, &work, error);
  if (moved_in)
    work_hard (&work);
  g_clear_pointer (&work.store, store_close);
  fclose (work.acks);
  return moved_in;
}
