/* Measures the store: a large mailbox, appends with many producers, flags beside deliveries.
 *   bench-store [MAILS] [FOLDER]
 * Prints one line a measurement. Nothing here is a test: the numbers are for people. */
#include "metrics.h"
#include "store/mailbox.h"
#include "tests/system/process.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>

#define MESSAGE_SIZE 4096

typedef struct {
  Store *store;
  gint64 account, mailbox, shared_message;
  gint64 left; /* entries still to be made */
  guint64 seen;
  GArray *uids;
  guint32 next;
} Bench;

static double
now (void)
{
  return g_get_monotonic_time () / 1e6;
}

static void
must (gboolean done, GError *error)
{
  if (!done)
    g_error ("%s", error ? error->message : "failed");
}

static GBytes *
make_mail (guint number)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "From: ada@example.com\r\nSubject: Mail %u\r\n\r\n", number);
  while (text->len < MESSAGE_SIZE)
    g_string_append_printf (text, "Line %u of a letter about %u and %u, as people write.\r\n",
                            g_random_int () % 1000, g_random_int (), number);
  g_string_truncate (text, MESSAGE_SIZE);
  return g_string_free_to_bytes (text);
}

static PreparedMessage *
prepare (Store *store, guint number)
{
  g_autoptr (GBytes) bytes = make_mail (number);
  g_autoptr (GBytes) summary = g_bytes_new_from_bytes (bytes, 0, 700);
  const char *recipients[] = { "ada@example.com", NULL };
  MessageEnvelope envelope = { "bob@example.net", recipients };
  GError *error = NULL;
  PreparedMessage *message = prepared_message_new (store, bytes, summary, &envelope, &error);

  must (message != NULL, error);
  return message;
}

typedef struct {
  gint64 mailbox;
  PreparedMessage *message;
} Mail;

static void
mail_free (gpointer data)
{
  Mail *mail = data;

  prepared_message_unref (mail->message);
  g_free (mail);
}

static gboolean
deliver (StoreTransaction *transaction, gpointer data, GError **error)
{
  Mail *mail = data;
  gint64 id = message_append (transaction, mail->message, error);

  return id
      && mailbox_add (transaction, mail->mailbox, id, 0, store_transaction_now (transaction), 60,
                      NULL, error);
}

static gboolean
create (StoreTransaction *transaction, gpointer data, GError **error)
{
  Bench *self = data;
  g_autofree char *name = g_strdup_printf ("box %u", g_random_int ());

  if (!self->account) {
    database_run (store_transaction_database (transaction), error,
                  "INSERT INTO account (address, domain) VALUES ('ada@example.com', 1)", "");
    self->account = database_last_id (store_transaction_database (transaction));
  }
  self->mailbox = mailbox_create (transaction, self->account, name, NULL, error);
  return self->mailbox != 0;
}

static gboolean
append_shared (StoreTransaction *transaction, gpointer data, GError **error)
{
  Bench *self = data;
  g_autoptr (PreparedMessage) message = prepare (self->store, 0);

  self->shared_message = message_append (transaction, message, error);
  return mailbox_add (transaction, self->mailbox, self->shared_message, 0, 0, 0, NULL, error);
}

static gboolean
fill (StoreTransaction *transaction, gpointer data, gboolean *done, GError **error)
{
  Bench *self = data;

  while (self->left > 0 && !store_transaction_slice_over (transaction)) {
    if (!mailbox_add (transaction, self->mailbox, self->shared_message, 0, 0, 0, NULL, error))
      return FALSE;
    self->left--;
  }
  *done = self->left == 0;
  return TRUE;
}

static gboolean
read_uids (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Bench *self = data;

  self->uids = mailbox_uids (store_snapshot_database (snapshot), self->mailbox, error);
  return self->uids != NULL;
}

static gboolean
count_entry (const Entry *entry, gpointer data)
{
  ((Bench *)data)->seen++;
  return TRUE;
}

static gboolean
read_each (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Bench *self = data;

  self->seen = 0;
  return mailbox_each (store_snapshot_database (snapshot), self->mailbox, 1, G_MAXUINT32, FALSE,
                       count_entry, self, error);
}

static gboolean
change_all (StoreTransaction *transaction, Bench *self, FlagsChange change, gboolean *done,
            GError **error)
{
  UidRange rest = { MAX (self->next, 1), G_MAXUINT32 };
  gboolean stored = mailbox_store (transaction, self->mailbox, &rest, 1, change, FLAG_SEEN,
                                   G_MAXUINT64, &self->next, NULL, error);

  *done = self->next == 0;
  return stored;
}

static gboolean
flag_all (StoreTransaction *transaction, gpointer data, gboolean *done, GError **error)
{
  return change_all (transaction, data, FLAGS_ADD, done, error);
}

static gboolean
unflag_all (StoreTransaction *transaction, gpointer data, gboolean *done, GError **error)
{
  return change_all (transaction, data, FLAGS_REMOVE, done, error);
}

static gboolean
expunge_all (StoreTransaction *transaction, gpointer data, gboolean *done, GError **error)
{
  Bench *self = data;
  UidRange rest = { MAX (self->next, 1), G_MAXUINT32 };
  gboolean expunged = mailbox_expunge (transaction, self->mailbox, &rest, 1, 0, &self->next, error);

  *done = self->next == 0;
  return expunged;
}

static void
measure_read (Bench *bench, const char *name, StoreReadFunc func)
{
  GError *error = NULL;
  double best = 1e9;

  for (guint i = 0; i < 5; i++) {
    double start = now ();
    must (store_read_sync (bench->store, func, bench, &error), error);
    best = MIN (best, now () - start);
  }
  printf ("%-34s %10.2f ms\n", name, best * 1e3);
}

static void
measure_bulk (Bench *bench, const char *name, StoreBulkFunc func)
{
  GError *error = NULL;
  double start = now ();

  bench->next = 0;
  must (store_write_bulk_sync (bench->store, func, bench, &error), error);
  printf ("%-34s %10.2f ms\n", name, (now () - start) * 1e3);
}

/* N producers, each with one mail on its way, like SMTP sessions. */
typedef struct {
  Bench *bench;
  GMainLoop *loop;
  GThreadPool *workers;
  GMainContext *context;
  guint to_start, to_finish;
} Producing;

static void produce (Producing *self);

static void
did_deliver (GObject *source, GAsyncResult *result, gpointer data)
{
  Producing *self = data;
  GError *error = NULL;

  must (store_write_finish (self->bench->store, result, &error), error);
  if (--self->to_finish == 0)
    g_main_loop_quit (self->loop);
  else
    produce (self);
}

typedef struct {
  Producing *producing;
  Mail *mail;
} Made;

static gboolean
did_prepare (gpointer data)
{
  g_autofree Made *made = data;

  store_write_async (made->producing->bench->store, deliver, made->mail, mail_free, NULL,
                     did_deliver, made->producing);
  return G_SOURCE_REMOVE;
}

static void
work (gpointer data, gpointer user_data)
{
  Producing *self = user_data;
  Made *made = g_new0 (Made, 1);

  made->producing = self;
  made->mail = g_new0 (Mail, 1);
  made->mail->mailbox = self->bench->mailbox;
  made->mail->message = prepare (self->bench->store, GPOINTER_TO_UINT (data));
  g_main_context_invoke (self->context, did_prepare, made);
}

static void
produce (Producing *self)
{
  if (self->to_start == 0)
    return;
  g_thread_pool_push (self->workers, GUINT_TO_POINTER (self->to_start), NULL);
  self->to_start--;
}

static void
measure_appends (Bench *bench, const char *what, guint producers, guint mails)
{
  Producing self
      = { bench, g_main_loop_new (NULL, FALSE), NULL, g_main_context_default (), mails, mails };
  gint64 flushes = metric_get (METRIC_STORE_FLUSHES);
  gint64 batches = metric_get (METRIC_STORE_BATCHES);

  self.workers = g_thread_pool_new (work, &self, 2, FALSE, NULL);
  double start = now (), used = process_seconds ();
  for (guint i = 0; i < producers; i++)
    produce (&self);
  g_main_loop_run (self.loop);
  double took = now () - start;
  used = process_seconds () - used;
  g_thread_pool_free (self.workers, FALSE, TRUE);
  g_main_loop_unref (self.loop);
  printf (
      "%s, %3u producers: %8.0f mails/s, %.4f flushes/mail, %.1f mails/batch, %.3f ms CPU/mail\n",
      what, producers, mails / took, (metric_get (METRIC_STORE_FLUSHES) - flushes) / (double)mails,
      mails / (double)(metric_get (METRIC_STORE_BATCHES) - batches), used * 1e3 / mails);
}

static void
did_bulk (GObject *source, GAsyncResult *result, gpointer data)
{
  double *start = data;
  GError *error = NULL;

  must (store_write_finish (NULL, result, &error), error);
  printf ("%-34s %10.2f ms\n", "flags of all beside deliveries", (now () - *start) * 1e3);
  *start = 0;
}

/* Flags of all go on in one mailbox while mail arrives in another. */
static void
measure_beside (Bench *bench)
{
  Bench other = { .store = bench->store, .account = bench->account };
  GError *error = NULL;
  double start = now ();

  must (store_write_sync (bench->store, create, &other, &error), error);
  bench->next = 0;
  store_write_bulk_async (bench->store, unflag_all, bench, NULL, NULL, did_bulk, &start);
  measure_appends (&other, "beside bulk work", 100, 10000);
  while (start > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
measure_all (Bench *bench)
{
  GError *error = NULL;

  must (store_write_sync (bench->store, create, bench, &error), error);
  measure_appends (bench, "empty mailbox", 1, 500);
  measure_appends (bench, "empty mailbox", 10, 2000);
  measure_appends (bench, "empty mailbox", 100, 10000);
  must (store_write_sync (bench->store, create, bench, &error), error);
  must (store_write_sync (bench->store, append_shared, bench, &error), error);
  measure_bulk (bench, "filling the mailbox", fill);
  measure_read (bench, "mailbox_uids", read_uids);
  measure_read (bench, "mailbox_each", read_each);
  measure_bulk (bench, "mailbox_store of all", flag_all);
  measure_appends (bench, "full mailbox", 100, 10000);
  measure_beside (bench);
  measure_bulk (bench, "mailbox_expunge of all", expunge_all);
}

int
main (int argc, char **argv)
{
  gint64 mails = argc > 1 ? atoll (argv[1]) : 100000;
  g_autofree char *folder
      = argc > 2 ? g_strdup (argv[2]) : g_dir_make_tmp ("bench-store-XXXXXX", NULL);
  StoreOptions options = { .folder = folder };
  GError *error = NULL;
  Bench bench = { .store = store_open (&options, &error), .left = mails - 1 };

  must (bench.store != NULL, error);
  setvbuf (stdout, NULL, _IOLBF, 0);
  measure_all (&bench);
  store_close (bench.store);
  double start = now ();
  bench.store = store_open (&options, &error);
  must (bench.store != NULL, error);
  printf ("%-34s %10.2f ms\n", "opening again", (now () - start) * 1e3);
  store_close (bench.store);
  printf ("%" G_GINT64_FORMAT " mails; remove %s\n", mails, folder);
  return 0;
}
