/* Several write jobs in one transaction, and the records they append. */
#include "store/batch.h"
#include "store/message-keys.h"
#include "store/prepared.h"

#define BUFFER_MAX (4 * 1024 * 1024)

static void
append_free (gpointer data)
{
  Append *append = data;

  prepared_message_unref (append->message);
  g_ptr_array_unref (append->places);
  g_free (append);
}

static void
place_name_free (gpointer data)
{
  PlaceName *place = data;

  g_free (place->account);
  g_free (place->name);
  g_free (place);
}

Batch *
batch_new (Store *store, Database *database)
{
  Batch *self = g_new0 (Batch, 1);

  self->store = store;
  self->database = database;
  self->now = g_get_real_time () / G_USEC_PER_SEC;
  self->touched = g_array_new (FALSE, FALSE, sizeof (Touch));
  self->notes = g_ptr_array_new_with_free_func ((GDestroyNotify)note_free);
  self->appends = g_ptr_array_new_with_free_func (append_free);
  self->own = g_ptr_array_new_with_free_func ((GDestroyNotify)prepared_message_unref);
  self->place_names = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, place_name_free);
  self->buffer = g_byte_array_new ();
  return self;
}

void
batch_free (Batch *batch)
{
  if (!batch)
    return;
  g_array_unref (batch->touched);
  g_ptr_array_unref (batch->notes);
  g_ptr_array_unref (batch->appends);
  g_ptr_array_unref (batch->own);
  g_hash_table_unref (batch->place_names);
  g_byte_array_unref (batch->buffer);
  g_free (batch);
}

gboolean
batch_begin (Batch *batch, GError **error)
{
  return database_run (batch->database, error, "BEGIN IMMEDIATE", "");
}

Append *
transaction_find_append (StoreTransaction *transaction, gint64 message)
{
  for (guint i = 0; i < transaction->appends->len; i++) {
    Append *append = transaction->appends->pdata[i];
    if (append->id == message)
      return append;
  }
  return NULL;
}

static PlaceName *
find_place_name (Batch *self, gint64 mailbox, GError **error)
{
  PlaceName *place = g_hash_table_lookup (self->place_names, &mailbox);

  if (place)
    return place;
  Statement *row = database_query (self->database, error,
                                   "SELECT coalesce (a.address, ''), coalesce (m.name, ''),"
                                   " m.uid_validity FROM mailbox m LEFT JOIN account a"
                                   " ON a.id = m.account WHERE m.id = ?1",
                                   "i", mailbox);
  if (!row || !statement_next (row, error)) {
    if (error && !*error)
      g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no such mailbox");
    return NULL;
  }
  place = g_new0 (PlaceName, 1);
  place->account = g_strdup (statement_text (row, 0));
  place->name = g_strdup (statement_text (row, 1));
  place->uid_validity = statement_int (row, 2);
  statement_done (row);
  g_hash_table_insert (self->place_names, g_memdup2 (&mailbox, sizeof mailbox), place);
  return place;
}

void
transaction_forget_names (StoreTransaction *transaction)
{
  g_hash_table_remove_all (transaction->place_names);
}

static char **
keyword_names (Batch *self, gint64 mailbox, guint64 flags, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (flags >> FLAG_KEYWORD_FIRST == 0)
    return NULL;
  Statement *row = database_query (self->database, error,
                                   "SELECT number, name FROM keyword WHERE mailbox = ?1"
                                   " ORDER BY number",
                                   "i", mailbox);
  while (row && statement_next (row, error)) {
    while (names->len < (guint)statement_int (row, 0))
      g_ptr_array_add (names, g_strdup (""));
    g_ptr_array_add (names, g_strdup (statement_text (row, 1)));
  }
  g_ptr_array_add (names, NULL);
  g_ptr_array_set_free_func (names, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

gboolean
transaction_note_place (StoreTransaction *transaction, gint64 message, gint64 mailbox, guint32 uid,
                        guint64 flags, gint64 date, gint16 zone, GError **error)
{
  Append *append = transaction_find_append (transaction, message);
  g_autoptr (GError) failure = NULL;

  if (!append)
    return TRUE; /* an older message: its record is written already */
  PlaceName *name = find_place_name (transaction, mailbox, error);
  if (!name)
    return FALSE;
  g_auto (GStrv) keywords = keyword_names (transaction, mailbox, flags, &failure);
  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  RecordPlace place
      = { name->account, name->name, name->uid_validity, uid, flags, date, zone, keywords };
  g_ptr_array_add (append->places, record_copy_place (&place));
  return TRUE;
}

static gboolean
insert_message (Batch *self, const Append *append, guint64 segment, guint64 offset, guint64 length,
                GError **error)
{
  const PreparedMessage *message = append->message;
  const gint64 thread = append->thread ? append->thread : append->id;
  const Record *record = message->record;
  gsize summary_length = 0;
  const void *summary
      = message->summary ? g_bytes_get_data (message->summary, &summary_length) : NULL;

  return database_run (self->database, error,
                       "INSERT INTO message (id, segment, offset, length, size, digest, summary,"
                       " thread) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                       "iiiiissi", append->id, (gint64)segment, (gint64)offset, (gint64)length,
                       (gint64)record->size, (const void *)record->digest, sizeof record->digest,
                       summary, summary_length, thread)
      && (!message->keys || message_keys_put (self, append->id, message->keys, error));
}

static gboolean
record_size_of_segment (Batch *self, guint64 number, guint64 size, gboolean own, GError **error)
{
  return database_run (self->database, error,
                       "INSERT INTO segment (number, size, own) VALUES (?1, ?2, ?3)"
                       " ON CONFLICT (number) DO UPDATE SET size = ?2",
                       "iii", (gint64)number, (gint64)size, (gint64)own);
}

static gboolean
find_room (Batch *self, GError **error)
{
  if (self->segment)
    return TRUE;
  return segments_begin (self->store->segments, &self->segment, &self->base, error)
      || store_convert_error (error);
}

/* The record of a small message: whole, with its places, into the buffer. */
static gboolean
put_record (Batch *self, Append *append, GError **error)
{
  PreparedMessage *message = append->message;
  GPtrArray *none = message->record->places;

  if (!find_room (self, error))
    return FALSE;
  /* Only this thread prints a prepared message's record. */
  message->record->places = append->places;
  g_autoptr (GByteArray) header = record_print (message->record);
  message->record->places = none;

  guint64 offset = self->base + self->buffer->len;
  g_byte_array_append (self->buffer, header->data, header->len);
  for (guint i = 0; i < message->frames->len; i++) {
    gsize length;
    const guint8 *data = g_bytes_get_data (message->frames->pdata[i], &length);
    g_byte_array_append (self->buffer, data, length);
  }
  return insert_message (self, append, self->segment, offset,
                         self->base + self->buffer->len - offset, error);
}

/* A big message lies on the disk already; what is missing is where it belongs. */
static gboolean
put_places (Batch *self, Append *append, GError **error)
{
  PreparedMessage *message = append->message;
  g_autoptr (Record) note = record_new (RECORD_PLACES);

  if (!find_room (self, error)
      || !record_size_of_segment (self, message->own_segment, message->record->length, TRUE, error))
    return FALSE;
  note->size = message->record->size;
  note->written = self->now;
  memcpy (note->digest, message->record->digest, sizeof note->digest);
  note->elsewhere_segment = message->own_segment;
  for (guint i = 0; i < append->places->len; i++)
    record_add_place (note, append->places->pdata[i]);
  g_autoptr (GByteArray) bytes = record_print (note);
  g_byte_array_append (self->buffer, bytes->data, bytes->len);
  g_ptr_array_add (self->own, prepared_message_ref (message));
  return insert_message (self, append, message->own_segment, 0, message->record->length, error);
}

static gboolean
put_appends (Batch *self, GError **error)
{
  for (guint i = 0; i < self->appends->len; i++) {
    Append *append = self->appends->pdata[i];
    if (append->message->own_segment ? !put_places (self, append, error)
                                     : !put_record (self, append, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
transaction_copy_record (StoreTransaction *transaction, GBytes *record, guint64 *segment,
                         guint64 *offset, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (record, &length);

  if (!find_room (transaction, error))
    return FALSE;
  *segment = transaction->segment;
  *offset = transaction->base + transaction->buffer->len;
  g_byte_array_append (transaction->buffer, bytes, length);
  return TRUE;
}

/* FALSE: even rolling back the savepoint was not possible. A wake-up too many harms nobody: kinds
 * that this job added to a touch of another's stay. */
static gboolean
roll_back_job (Batch *self, guint buffered, guint touched, guint own, guint notes)
{
  g_byte_array_set_size (self->buffer, buffered);
  g_array_set_size (self->touched, touched);
  g_ptr_array_set_size (self->own, own);
  g_ptr_array_set_size (self->notes, notes);
  transaction_forget_names (self);
  if (sqlite3_get_autocommit (database_connection (self->database)))
    return FALSE;
  if (database_run (self->database, NULL, "ROLLBACK TO job", "")
      && database_run (self->database, NULL, "RELEASE job", ""))
    return TRUE;
  batch_roll_back (self);
  return FALSE;
}

static gboolean
call_job (Batch *self, Job *job, gboolean *done)
{
  const Speech before = language_speak (job->speech);
  const gboolean went_well = job->slice ? job->slice (self, job->data, done, &job->error)
                                        : job->write (self, job->data, &job->error);

  language_speak (before);
  return went_well;
}

gboolean
batch_run (Batch *batch, Job *job, gint64 slice_end, gboolean *done)
{
  guint buffered = batch->buffer->len, touched = batch->touched->len, own = batch->own->len;
  guint notes = batch->notes->len;

  batch->origin = 0;
  batch->slice_end = slice_end;
  gboolean went_well = database_run (batch->database, &job->error, "SAVEPOINT job", "")
      && call_job (batch, job, done) && put_appends (batch, &job->error);
  database_end_statements (batch->database);
  went_well = went_well && database_run (batch->database, &job->error, "RELEASE job", "");
  g_ptr_array_set_size (batch->appends, 0);
  if (went_well)
    return TRUE;
  if (!job->error)
    g_set_error_literal (&job->error, STORE_ERROR, STORE_ERROR_FAILED, "The work failed");
  return roll_back_job (batch, buffered, touched, own, notes);
}

gboolean
batch_is_full (Batch *batch)
{
  return batch->buffer->len >= BUFFER_MAX;
}

static gboolean
write_buffer (Batch *self, GError **error)
{
  Segments *segments = self->store->segments;

  if (self->buffer->len == 0)
    return TRUE;
  if (!segments_append (segments, self->buffer->data, self->buffer->len, error)
      || !segments_sync (segments, error)) {
    segments_abandon (segments);
    return store_convert_error (error);
  }
  return TRUE;
}

void
batch_roll_back (Batch *batch)
{
  if (!sqlite3_get_autocommit (database_connection (batch->database)))
    database_run (batch->database, NULL, "ROLLBACK", ""); /* what led here is the error to tell */
}

static BatchEnd
give_up (Batch *self, const GError *error)
{
  batch_roll_back (self);
  return g_error_matches (error, STORE_ERROR, STORE_ERROR_FULL) ? BATCH_REFUSED : BATCH_BROKEN;
}

BatchEnd
batch_commit (Batch *batch, GError **error)
{
  GError *failure = NULL;

  if (!write_buffer (batch, &failure)
      || (batch->buffer->len > 0
          && !record_size_of_segment (batch, batch->segment, batch->base + batch->buffer->len,
                                      FALSE, &failure))
      || !database_run (batch->database, &failure, "COMMIT", "")) {
    BatchEnd end = give_up (batch, failure);
    g_propagate_error (error, failure);
    return end;
  }
  for (guint i = 0; i < batch->own->len; i++)
    g_atomic_int_set (&((PreparedMessage *)batch->own->pdata[i])->committed, TRUE);
  return BATCH_COMMITTED;
}

Database *
store_transaction_database (StoreTransaction *transaction)
{
  return transaction->database;
}

static void
touch (StoreTransaction *transaction, WatchKey key, guint kinds)
{
  GArray *touched = transaction->touched;
  const Touch new = { key, kinds };

  for (guint i = 0; i < touched->len; i++) {
    Touch *found = &g_array_index (touched, Touch, i);
    if (found->key.id != key.id || found->key.is_account != key.is_account)
      continue;
    found->kinds |= kinds;
    return;
  }
  g_array_append_val (touched, new);
}

void
store_transaction_touch (StoreTransaction *transaction, gint64 mailbox)
{
  touch (transaction, (WatchKey) { mailbox, FALSE }, WATCH_MESSAGES);
}

void
store_transaction_touch_account (StoreTransaction *transaction, gint64 account, guint kinds)
{
  touch (transaction, (WatchKey) { account, TRUE }, kinds);
}

void
store_transaction_note (StoreTransaction *transaction, NoteKind kind, gint64 mailbox,
                        gint64 account, const char *text)
{
  Note *note = g_new0 (Note, 1);

  note->kind = kind;
  note->mailbox = mailbox;
  note->account = account;
  note->origin = transaction->origin;
  note->text = g_strdup (text);
  g_ptr_array_add (transaction->notes, note);
}

void
store_transaction_sign (StoreTransaction *transaction, guint64 origin)
{
  transaction->origin = origin;
}

gint64
store_transaction_now (StoreTransaction *transaction)
{
  return transaction->now;
}
