/* Senders, and who keeps house beside them. */
#include "load-jobs.h"
#include "archive/backup.h"
#include "store/compact.h"
#include "store/mailbox.h"

#include <errno.h>

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

/* A store whose disk failed tries to open it again once a second. */
static gboolean
is_alive (Work *self, GRand *chance)
{
  gint64 until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  guint before = self->acknowledged;

  while (self->acknowledged == before && g_get_monotonic_time () < until) {
    if (self->moved_in || (self->moved_in = store_write_sync (self->store, move_in, self, NULL)))
      deliver (self, chance);
    if (self->acknowledged == before)
      g_usleep (100000);
  }
  return self->acknowledged > before;
}

/* Everything that a store does, once. */
static void
run_script (Work *self, GRand *chance)
{
  static const gint kinds[] = { 70, 85, 92, 97 };
  GMainContext *context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  for (guint round = 0; round < 2; round++) {
    for (guint i = 0; i < 4; i++)
      deliver (self, chance);
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
      change_mail (self, chance, kinds[i]);
    compact (self, context);
    back_up (self, round);
    checkpoint (self, SQLITE_CHECKPOINT_TRUNCATE);
  }
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
}

static gboolean
work_once (Work *self, void (*fault_over) (void), GError **error)
{
  GRand *chance = g_rand_new_with_seed (self->load->seed);
  gboolean alive;

  /* The fault may strike here, too; then they move in after it. */
  self->moved_in = store_write_sync (self->store, move_in, self, NULL);
  if (self->moved_in)
    run_script (self, chance);
  fault_over ();
  alive = is_alive (self, chance);
  g_rand_free (chance);
  if (!alive)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         "The store takes no mail after the fault");
  return alive;
}

gboolean
load_once (const Load *load, void (*fault_over) (void), GError **error)
{
  g_autofree char *folder = g_build_filename (load->root, "store", NULL);
  StoreOptions options = { .folder = folder };
  g_autofree gint64 *mailboxes = g_new0 (gint64, load->users);
  g_autofree gint *last_uid = g_new0 (gint, load->users);
  Work work = { .load = load, .mailboxes = mailboxes, .last_uid = last_uid };
  gboolean alive = FALSE;

  work.acks = fopen (load->acks, "ab");
  if (work.acks == NULL)
    g_error ("Cannot open %s: %s", load->acks, g_strerror (errno));
  work.store = store_open (&options, error);
  if (work.store != NULL)
    alive = work_once (&work, fault_over, error);
  g_clear_pointer (&work.store, store_close);
  fclose (work.acks);
  return alive;
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

  work.acks = fopen (load->acks, "ab");
  if (work.acks == NULL)
    g_error ("Cannot open %s: %s", load->acks, g_strerror (errno));
  work.store = store_open (&options, error);
  moved_in = work.store != NULL && store_write_sync (work.store, move_in, &work, error);
  if (moved_in && load->begun)
    load->begun ();
  if (moved_in)
    work_hard (&work);
  g_clear_pointer (&work.store, store_close);
  fclose (work.acks);
  return moved_in;
}
