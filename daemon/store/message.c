/* A message's bytes: appended by a write job, read back in pieces by a read job. */
#include "store/batch.h"
#include "store/prepared.h"
#include "store/snapshot.h"

#include <string.h>
#include <zstd.h>

/* Enough for most headers, and for a small message whole. */
#define FIRST_READ (16 * 1024)

gint64
message_append (StoreTransaction *transaction, PreparedMessage *message, GError **error)
{
  Append *append = g_new0 (Append, 1);

  append->id = ++transaction->store->last_message;
  append->message = prepared_message_ref (message);
  append->places = g_ptr_array_new_with_free_func (record_place_free);
  g_ptr_array_add (transaction->appends, append);
  return append->id;
}

/* A record on its way out of a segment. */
typedef struct {
  StoreSnapshot *snapshot;
  guint64 segment, offset, length, size;
  Record *record;
  guint8 *head; /* the record's first bytes */
  gsize head_length;
} Reading;

static void
reading_clear (Reading *reading)
{
  record_free (reading->record);
  g_free (reading->head);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static gboolean
corrupt (const Reading *reading, const char *what, GError **error)
{
  g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT,
               "The message at %" G_GUINT64_FORMAT " of segment %" G_GUINT64_FORMAT
               " is damaged: %s",
               reading->offset, reading->segment, what);
  return FALSE;
}

static gboolean
no_message (gint64 message, GError **error)
{
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no message %" G_GINT64_FORMAT,
               message);
  return FALSE;
}

/* The only row of a question about MESSAGE. */
static Statement *
find_row (StoreSnapshot *snapshot, const char *sql, gint64 message, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (snapshot->database, error, sql, "i", message);

  if (!row || statement_next (row, &failure))
    return row;
  if (failure)
    g_propagate_error (error, failure);
  else
    no_message (message, error);
  return NULL;
}

static gboolean
find_record (Reading *reading, gint64 message, GError **error)
{
  Statement *row = find_row (reading->snapshot,
                             "SELECT segment, offset, length, size FROM message WHERE id = ?1",
                             message, error);

  if (!row)
    return FALSE;
  reading->segment = statement_int (row, 0);
  reading->offset = statement_int (row, 1);
  reading->length = statement_int (row, 2);
  reading->size = statement_int (row, 3);
  statement_done (row);
  return TRUE;
}

static gboolean
read_bytes (Reading *reading, guint64 at, void *data, gsize length, GError **error)
{
  gsize done;

  if (!segments_read (reading->snapshot->store->segments, reading->segment, reading->offset + at,
                      data, length, &done, error))
    return store_convert_error (error);
  return done == length || corrupt (reading, "the segment ends early", error);
}

static gboolean
read_head (Reading *reading, gsize length, GError **error)
{
  g_free (reading->head);
  reading->head = g_malloc (length);
  reading->head_length = length;
  return read_bytes (reading, 0, reading->head, length, error);
}

static gboolean
read_header (Reading *reading, GError **error)
{
  guint64 needed;

  if (!read_head (reading, MIN (FIRST_READ, reading->length), error))
    return FALSE;
  if (!record_measure (reading->head, reading->head_length, &needed) || needed > reading->length)
    return corrupt (reading, "no record begins there", error);
  if (needed > reading->head_length && !read_head (reading, needed, error))
    return FALSE;
  reading->record = record_parse (reading->head, reading->head_length, NULL);
  if (!reading->record || reading->record->size != reading->size
      || reading->record->length != reading->length)
    return corrupt (reading, "its header does not fit", error);
  return TRUE;
}

static void
decompressor_free (gpointer decompressor)
{
  ZSTD_freeDCtx (decompressor);
}

static GPrivate decompressor_of_thread = G_PRIVATE_INIT (decompressor_free);

static ZSTD_DCtx *
decompressor (void)
{
  ZSTD_DCtx *self = g_private_get (&decompressor_of_thread);

  if (!self) {
    self = ZSTD_createDCtx ();
    g_private_set (&decompressor_of_thread, self);
  }
  return self;
}

/* Frame NUMBER, which begins AT bytes into the record, decompressed into OUT. */
static gboolean
read_frame (Reading *reading, guint32 number, guint64 at, guint8 *out, gsize expected,
            GError **error)
{
  gsize stored = reading->record->frames[number];
  g_autofree guint8 *buffer = NULL;
  const guint8 *frame = reading->head + at;

  if (at + stored > reading->head_length) {
    frame = buffer = g_malloc (stored);
    if (!read_bytes (reading, at, buffer, stored, error))
      return FALSE;
  }
  gsize length = ZSTD_decompressDCtx (decompressor (), out, expected, frame, stored);
  if (ZSTD_isError (length))
    return corrupt (reading, ZSTD_getErrorName (length), error);
  return length == expected || corrupt (reading, "a frame is too short", error);
}

static GBytes *
read_range (Reading *reading, guint64 offset, guint64 length, GError **error)
{
  const Record *record = reading->record;
  guint32 first = offset / FRAME_SIZE, last = (offset + length - 1) / FRAME_SIZE;
  guint64 start = (guint64)first * FRAME_SIZE;
  guint64 end = MIN ((guint64)(last + 1) * FRAME_SIZE, reading->size);
  g_autofree guint8 *out = g_malloc (end - start);
  guint64 at = record->header_length;

  for (guint32 i = 0; i <= last; i++) {
    guint64 begins = (guint64)i * FRAME_SIZE;
    gsize expected = MIN (FRAME_SIZE, reading->size - begins);
    if (i >= first && !read_frame (reading, i, at, out + (begins - start), expected, error))
      return NULL;
    at += record->frames[i];
  }
  g_autoptr (GBytes) whole = g_bytes_new_take (g_steal_pointer (&out), end - start);
  return g_bytes_new_from_bytes (whole, offset - start, length);
}

GBytes *
message_read (StoreSnapshot *snapshot, gint64 message, guint64 offset, guint64 length,
              GError **error)
{
  g_auto (Reading) reading = { .snapshot = snapshot };

  if (!find_record (&reading, message, error))
    return NULL;
  if (offset >= reading.size || length == 0)
    return g_bytes_new_static ("", 0);
  if (!read_header (&reading, error))
    return NULL;
  return read_range (&reading, offset, MIN (length, reading.size - offset), error);
}

guint64
message_size (StoreSnapshot *snapshot, gint64 message, GError **error)
{
  Statement *row = find_row (snapshot, "SELECT size FROM message WHERE id = ?1", message, error);

  if (!row)
    return 0;
  guint64 size = statement_int (row, 0);
  statement_done (row);
  return size;
}

gboolean
message_digest (StoreSnapshot *snapshot, gint64 message, guint8 digest[32], GError **error)
{
  Statement *row = find_row (snapshot, "SELECT digest FROM message WHERE id = ?1", message, error);
  gsize length;

  if (!row)
    return FALSE;
  const void *bytes = statement_blob (row, 0, &length);
  if (length == 32)
    memcpy (digest, bytes, length);
  statement_done (row);
  if (length != 32)
    g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT,
                 "The digest of message %" G_GINT64_FORMAT " is damaged", message);
  return length == 32;
}

/* A message without a summary has an empty one: its reader makes it anew. */
GBytes *
message_summary (StoreSnapshot *snapshot, gint64 message, GError **error)
{
  Statement *row = find_row (snapshot, "SELECT summary FROM message WHERE id = ?1", message, error);

  if (!row)
    return NULL;
  GBytes *summary = statement_bytes (row, 0);
  statement_done (row);
  return summary ? summary : g_bytes_new_static ("", 0);
}
