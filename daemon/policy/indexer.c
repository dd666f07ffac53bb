/* Fills the search indexes: goes round the mailboxes, and adds what lies beyond the UIDs that it
 * knows. */
#include "policy/indexer.h"
#include "log.h"
#include "metrics.h"
#include "platform/file.h"
#include "store/mailbox.h"
#include "store/search-index.h"
#include <string.h>

#define TICK (500 * G_TIME_SPAN_MILLISECOND)
#define ENTRIES_AT_ONCE 64
#define BYTES_AT_ONCE (4 * 1024 * 1024)
#define MESSAGE_MAX (32 * 1024 * 1024) /* bytes; a bigger one is looked at by every search */
/* While the store is busy the indexer rests as long as it works. */
#define BUSY_JOBS 8

struct _Indexer {
  Store *store;
  Digest *digest;
  GThread *thread;
  Grams *grams;
  GHashTable *uids; /* gint64 mailbox → guint32: known of the indexes */
  gint64 jobs; /* of the store, when it last rested */

  GMutex lock; /* what follows */
  GCond changed;
  gboolean stopping, sweeping;
  guint64 wanted, done; /* rounds */
};

typedef struct {
  gint64 mailbox, account;
  guint32 uid_next;
} Place;

/* What one batch reads. */
typedef struct {
  SearchIndex *index;
  gint64 mailbox;
  guint32 uid; /* up to here all is known */
  GArray *messages; /* gint64 */
  GPtrArray *bytes; /* GBytes, or NULL: cannot be read */
  GArray *uids; /* guint32, of the entries looked at */
  gsize size;
} Reading;

static gboolean
is_stopping (Indexer *self)
{
  g_mutex_lock (&self->lock);
  gboolean stopping = self->stopping;
  g_mutex_unlock (&self->lock);
  return stopping;
}

static gboolean
read_places (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT id, account, uid_next FROM mailbox WHERE deleted IS NULL"
                                   " ORDER BY account, id",
                                   "");

  if (!row)
    return FALSE;
  while (statement_next (row, &failure)) {
    Place place
        = { statement_int (row, 0), statement_int (row, 1), (guint32)statement_int (row, 2) };
    g_array_append_val ((GArray *)data, place);
  }
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

typedef struct {
  gint64 message;
  guint32 uid;
} Waiting;

static gboolean
note_entry (const Entry *entry, gpointer data)
{
  Waiting waiting = { entry->message, entry->uid };

  g_array_append_val ((GArray *)data, waiting);
  return ((GArray *)data)->len < ENTRIES_AT_ONCE;
}

static gboolean
take_message (StoreSnapshot *snapshot, Reading *self, gint64 message, GError **error)
{
  guint64 size = message_size (snapshot, message, NULL);
  GBytes *bytes
      = size <= MESSAGE_MAX ? message_read (snapshot, message, 0, G_MAXUINT64, NULL) : NULL;

  g_array_append_val (self->messages, message);
  g_ptr_array_add (self->bytes, bytes);
  self->size += bytes ? g_bytes_get_size (bytes) : 0;
  return TRUE;
}

static gboolean
read_messages (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Reading *self = data;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Waiting));

  if (!mailbox_each (store_snapshot_database (snapshot), self->mailbox, self->uid + 1, G_MAXUINT32,
                     TRUE, note_entry, entries, error))
    return FALSE;
  for (guint i = 0; i < entries->len && self->size < BYTES_AT_ONCE; i++) {
    const Waiting *waiting = &g_array_index (entries, Waiting, i);
    gboolean has;
    if (!search_index_has (self->index, waiting->message, &has, error)
        || (!has && !take_message (snapshot, self, waiting->message, error)))
      return FALSE;
    g_array_append_val (self->uids, waiting->uid);
  }
  return TRUE;
}

static void
add_pieces (Grams *grams, GBytes *text)
{
  gsize length;
  const char *next = g_bytes_get_data (text, &length);
  const char *end = next + length;

  while (next < end) {
    gsize piece = strnlen (next, (gsize)(end - next));
    grams_add (grams, next, piece);
    next += piece + 1;
  }
}

/* A message that kills its reader is one that every search looks at. */
static gboolean
add_message (Indexer *self, SearchIndex *index, gint64 message, GBytes *bytes, GError **error)
{
  gsize length;
  const guint8 *data = bytes ? g_bytes_get_data (bytes, &length) : NULL;
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) text = data ? digest_text (self->digest, data, length, &problem) : NULL;

  if (g_error_matches (problem, DIGEST_ERROR, DIGEST_ERROR_START)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  grams_clear (self->grams);
  if (text)
    add_pieces (self->grams, text);
  return search_index_add (index, message, text ? self->grams : NULL, error);
}

static gboolean
add_messages (Indexer *self, const Reading *reading, GError **error)
{
  for (guint i = 0; i < reading->messages->len; i++)
    if (!add_message (self, reading->index, g_array_index (reading->messages, gint64, i),
                      reading->bytes->pdata[i], error))
      return FALSE;
  return TRUE;
}

static void
bytes_free (gpointer bytes)
{
  if (bytes)
    g_bytes_unref (bytes);
}

static gboolean
add_batch (Indexer *self, Reading *reading, guint32 uid, GError **error)
{
  if (search_index_begin (reading->index, error) && add_messages (self, reading, error)
      && search_index_set_uid (reading->index, reading->mailbox, uid, error)
      && search_index_commit (reading->index, error))
    return search_index_settle (reading->index, error);
  search_index_roll_back (reading->index);
  return FALSE;
}

/* *UID moves on; what is gone without a trace is passed over up to UID_NEXT. */
static gboolean
fill_some (Indexer *self, SearchIndex *index, const Place *place, guint32 *uid, GError **error)
{
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GPtrArray) bytes = g_ptr_array_new_with_free_func (bytes_free);
  Reading reading = { index, place->mailbox, *uid, messages, bytes, uids, 0 };

  if (!store_read_sync (self->store, read_messages, &reading, error))
    return FALSE;
  *uid = uids->len > 0 ? g_array_index (uids, guint32, uids->len - 1) : place->uid_next - 1;
  return add_batch (self, &reading, *uid, error);
}

/* Gives the disk and the processor to those who wait for an answer. */
static void
rest (Indexer *self, gint64 worked)
{
  gint64 jobs = metric_get (METRIC_STORE_JOBS);

  if (jobs - self->jobs > BUSY_JOBS)
    g_usleep ((gulong)MIN (worked, G_USEC_PER_SEC));
  self->jobs = jobs;
}

static void
remember (Indexer *self, gint64 mailbox, guint32 uid)
{
  g_hash_table_insert (self->uids, g_memdup2 (&mailbox, sizeof mailbox), GUINT_TO_POINTER (uid));
}

static guint32
missing (Indexer *self, const Place *place)
{
  guint32 uid = GPOINTER_TO_UINT (g_hash_table_lookup (self->uids, &place->mailbox));

  return place->uid_next - 1 - MIN (uid, place->uid_next - 1);
}

static gboolean
fill_place (Indexer *self, SearchIndex *index, const Place *place, GError **error)
{
  guint32 uid;

  if (!search_index_uid (index, place->mailbox, &uid, error))
    return FALSE;
  if (uid >= place->uid_next) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_CORRUPT,
                         "A search index knows more than the store");
    return FALSE;
  }
  /* After a start the index knows more than we do. */
  metric_add (METRIC_SEARCH_BACKLOG, (gint64)(place->uid_next - 1 - uid) - missing (self, place));
  while (uid + 1 < place->uid_next && !is_stopping (self)) {
    gint64 begin = g_get_monotonic_time ();
    guint32 before = uid;
    if (!fill_some (self, index, place, &uid, error))
      return FALSE;
    metric_add (METRIC_SEARCH_BACKLOG, -(gint64)(MIN (uid, place->uid_next - 1) - before));
    rest (self, g_get_monotonic_time () - begin);
  }
  remember (self, place->mailbox, uid);
  return TRUE;
}

/* A damaged index is thrown away; the next round begins anew. */
static void
give_up (Indexer *self, gint64 account, const GError *error)
{
  g_autofree char *path = search_index_path (self->store, account);

  log_event (LOG_WARNING, "A search index cannot be filled", "path", path, "error", error->message,
             NULL);
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_CORRUPT))
    search_index_remove (self->store, account, NULL); /* tried again with the next error */
  g_hash_table_remove_all (self->uids);
}

static gboolean
fill_places (Indexer *self, const GArray *places)
{
  g_autoptr (SearchIndex) index = NULL;
  g_autoptr (GError) error = NULL;
  gint64 account = 0;

  for (guint i = 0; i < places->len && !is_stopping (self); i++) {
    const Place *place = &g_array_index (places, Place, i);
    if (missing (self, place) == 0)
      continue;
    if (place->account != account) {
      g_clear_pointer (&index, search_index_close);
      account = place->account;
      index = search_index_open (self->store, account, &error);
    }
    if (!index || !fill_place (self, index, place, &error)) {
      g_clear_pointer (&index, search_index_close);
      give_up (self, account, error);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
fill (Indexer *self)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  gint64 backlog = 0;

  if (!store_read_sync (self->store, read_places, places, NULL))
    return FALSE; /* the store says what is wrong with it */
  for (guint i = 0; i < places->len; i++)
    backlog += missing (self, &g_array_index (places, Place, i));
  metric_set (METRIC_SEARCH_BACKLOG, backlog);
  return fill_places (self, places);
}

static gboolean
is_account (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  gint64 *account = data;
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT 1 FROM account WHERE id = ?1", "i", *account);

  if (!row)
    return FALSE;
  if (!statement_next (row, NULL))
    *account = 0;
  statement_done (row);
  return TRUE;
}

typedef struct {
  gint64 message;
  GBytes *bytes;
} Again;

static gboolean
read_again (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Again *self = data;

  self->bytes = message_read (snapshot, self->message, 0, MESSAGE_MAX, NULL);
  return TRUE;
}

/* What lived in blocks that were dropped. */
static gboolean
add_again (Indexer *self, SearchIndex *index, const GArray *messages, GError **error)
{
  for (guint i = 0; i < messages->len && !is_stopping (self); i++) {
    Again again = { g_array_index (messages, gint64, i), NULL };
    gboolean added = store_read_sync (self->store, read_again, &again, error)
        && search_index_begin (index, error)
        && add_message (self, index, again.message, again.bytes, error)
        && search_index_commit (index, error);
    g_clear_pointer (&again.bytes, g_bytes_unref);
    if (!added) {
      search_index_roll_back (index);
      return FALSE;
    }
  }
  return search_index_settle (index, error);
}

static void
sweep_account (Indexer *self, gint64 account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) again = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (SearchIndex) index = NULL;
  gint64 found = account;

  if (store_read_sync (self->store, is_account, &found, &error) && found == 0) {
    if (!search_index_remove (self->store, account, &error))
      log_event (LOG_WARNING, "A search index stays for now", "error", error->message, NULL);
    return;
  }
  if (!error)
    index = search_index_open (self->store, account, &error);
  if (!index || !search_index_sweep (index, again, &error)
      || !add_again (self, index, again, &error)) {
    g_clear_pointer (&index, search_index_close);
    give_up (self, account, error);
  }
}

static void
sweep (Indexer *self)
{
  g_autofree char *folder = g_build_filename (store_folder (self->store), "search", NULL);
  g_autoptr (GPtrArray) names = file_exists (folder) ? file_list (folder, NULL) : NULL;

  for (guint i = 0; names && i < names->len && !is_stopping (self); i++) {
    char *end;
    gint64 account = (gint64)g_ascii_strtoull (names->pdata[i], &end, 10);
    if (account > 0 && g_str_equal (end, ".db"))
      sweep_account (self, account);
  }
}

/* Waits for the next round; FALSE: stop. */
static gboolean
wait (Indexer *self, gboolean *sweeping, guint64 *round)
{
  gint64 until = g_get_monotonic_time () + TICK;

  g_mutex_lock (&self->lock);
  while (!self->stopping && !self->sweeping && self->wanted == self->done
         && g_cond_wait_until (&self->changed, &self->lock, until))
    ;
  *sweeping = self->sweeping;
  self->sweeping = FALSE;
  *round = self->wanted;
  gboolean goes_on = !self->stopping;
  g_mutex_unlock (&self->lock);
  return goes_on;
}

static gpointer
work (gpointer data)
{
  Indexer *self = data;
  gboolean sweeping, filled = FALSE;
  gint64 looked = 0; /* jobs of the store, when the last round began */
  guint64 round;

  while (wait (self, &sweeping, &round)) {
    gint64 jobs = metric_get (METRIC_STORE_JOBS);
    if (sweeping)
      sweep (self);
    /* Without a job nothing can have come. */
    if (!filled || jobs != looked || round != self->done) {
      looked = jobs;
      filled = fill (self);
    }
    g_mutex_lock (&self->lock);
    self->done = round;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->lock);
  }
  return NULL;
}

Indexer *
indexer_new (Store *store, Digest *digest)
{
  Indexer *self = g_new0 (Indexer, 1);

  self->store = store;
  self->digest = digest;
  self->grams = grams_new ();
  self->uids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->sweeping = TRUE;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->thread = g_thread_new ("indexer", work, self);
  return self;
}

void
indexer_free (Indexer *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  grams_free (self->grams);
  g_hash_table_unref (self->uids);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

void
indexer_sweep (Indexer *self)
{
  g_mutex_lock (&self->lock);
  self->sweeping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
indexer_catch_up (Indexer *self)
{
  g_mutex_lock (&self->lock);
  guint64 round = ++self->wanted;
  g_cond_broadcast (&self->changed);
  while (self->done < round)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}
