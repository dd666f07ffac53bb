/* What a worker does with a message before the writer takes it: digest, compression, and for a big
 * one a synced segment of its own. */
#include "store/prepared.h"
#include "store/parts.h"

#include <openssl/evp.h>
#include <zstd.h>

/* Level 1: mail is written once and mostly read soon after; 3 costs twice the time for 5 %. */
#define COMPRESSION_LEVEL 1

static void
compressor_free (gpointer compressor)
{
  ZSTD_freeCCtx (compressor);
}

static GPrivate compressor_of_thread = G_PRIVATE_INIT (compressor_free);

/* Making one costs more than compressing a small mail. */
static ZSTD_CCtx *
compressor (void)
{
  ZSTD_CCtx *self = g_private_get (&compressor_of_thread);

  if (!self) {
    self = ZSTD_createCCtx ();
    ZSTD_CCtx_setParameter (self, ZSTD_c_compressionLevel, COMPRESSION_LEVEL);
    ZSTD_CCtx_setParameter (self, ZSTD_c_checksumFlag, 1);
    g_private_set (&compressor_of_thread, self);
  }
  return self;
}

static GBytes *
compress_frame (const guint8 *data, gsize length, GError **error)
{
  gsize bound = ZSTD_compressBound (length);
  g_autofree guint8 *out = g_malloc (bound);
  gsize stored = ZSTD_compress2 (compressor (), out, bound, data, length);

  if (ZSTD_isError (stored)) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_FAILED, "Cannot compress a message: %s",
                 ZSTD_getErrorName (stored));
    return NULL;
  }
  return g_bytes_new_take (g_realloc (g_steal_pointer (&out), stored), stored);
}

static GBytes *
frame_of (const guint8 *data, gsize length, guint32 number, GError **error)
{
  gsize at = (gsize)number * FRAME_SIZE;

  return compress_frame (data + at, MIN (FRAME_SIZE, length - at), error);
}

static gboolean
compress (PreparedMessage *self, const guint8 *data, gsize length, GError **error)
{
  Record *record = self->record;

  for (guint32 i = 0; i < record->frame_count; i++) {
    GBytes *frame = frame_of (data, length, i, error);
    if (!frame)
      return FALSE;
    record->frames[i] = g_bytes_get_size (frame);
    g_ptr_array_add (self->frames, frame);
  }
  return TRUE;
}

/* One frame at a time, so that a message of any size costs the memory of one. The header, which
 * knows the frames' lengths, comes last, before them. */
static gboolean
write_frames (PreparedMessage *self, File *file, const guint8 *data, gsize length, GError **error)
{
  Record *record = self->record;
  g_autoptr (GByteArray) room = record_print (record);

  record->header_length = record->length = room->len;
  for (guint32 i = 0; i < record->frame_count; i++) {
    g_autoptr (GBytes) frame = frame_of (data, length, i, error);
    gsize stored = 0;
    const void *bytes = frame ? g_bytes_get_data (frame, &stored) : NULL;
    if (!frame || !file_write (file, record->length, bytes, stored, error))
      return FALSE;
    record->frames[i] = stored;
    record->length += stored;
  }
  g_autoptr (GByteArray) header = record_print (record);
  g_assert (header->len == record->header_length);
  return file_write (file, 0, header->data, header->len, error)
      && segments_finish_own (file, record->length, error);
}

static gboolean
write_own_segment (PreparedMessage *self, const guint8 *data, gsize length, GError **error)
{
  g_autoptr (File) file = segments_create_own (self->store->segments, &self->own_segment, error);

  if (!file) {
    self->own_segment = 0;
    return store_convert_error (error);
  }
  /* If it fails the last reference, which goes now, removes the file. */
  return write_frames (self, file, data, length, error) || store_convert_error (error);
}

static void
keep_envelope (Record *record, const MessageEnvelope *envelope)
{
  static char *const nobody[] = { NULL };

  if (!envelope)
    return;
  record->sender = g_strdup (envelope->sender ? envelope->sender : "");
  record->recipients
      = g_strdupv (envelope->recipients ? (char **)envelope->recipients : (char **)nobody);
}

PreparedMessage *
prepared_message_new (Store *store, GBytes *bytes, GBytes *summary, const MessageEnvelope *envelope,
                      GError **error)
{
  g_autoptr (PreparedMessage) self = g_new0 (PreparedMessage, 1);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint digest_length = sizeof self->record->digest;

  self->references = 1;
  self->store = store;
  self->summary = summary ? g_bytes_ref (summary) : NULL;
  self->frames = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  self->record = record_new (RECORD_MESSAGE);
  self->record->size = length;
  self->record->written = g_get_real_time () / G_USEC_PER_SEC;
  keep_envelope (self->record, envelope);
  if (!EVP_Digest (data, length, self->record->digest, &digest_length, EVP_sha256 (), NULL)) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FAILED, "SHA-256 is not available");
    return NULL;
  }
  self->record->frame_count = length / FRAME_SIZE + (length % FRAME_SIZE != 0);
  self->record->frames = g_new0 (guint32, self->record->frame_count);
  if (length > OWN_SEGMENT_FROM ? !write_own_segment (self, data, length, error)
                                : !compress (self, data, length, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
prepared_message_set_references (PreparedMessage *message, GArray *hashes)
{
  g_clear_pointer (&message->thread_hashes, g_array_unref);
  message->thread_hashes = g_array_ref (hashes);
}

PreparedMessage *
prepared_message_ref (PreparedMessage *message)
{
  g_atomic_int_inc (&message->references);
  return message;
}

void
prepared_message_unref (PreparedMessage *message)
{
  if (!message || !g_atomic_int_dec_and_test (&message->references))
    return;
  if (message->own_segment && !g_atomic_int_get (&message->committed))
    segments_remove (message->store->segments, message->own_segment);
  g_clear_pointer (&message->summary, g_bytes_unref);
  g_clear_pointer (&message->thread_hashes, g_array_unref);
  g_clear_pointer (&message->keys, g_bytes_unref);
  g_ptr_array_unref (message->frames);
  record_free (message->record);
  g_free (message);
}

guint64
prepared_message_size (PreparedMessage *message)
{
  return message->record->size;
}

void
prepared_message_set_content (PreparedMessage *self, gboolean eight_bit, gboolean raw_header)
{
  self->eight_bit = eight_bit;
  self->raw_header = raw_header;
}

gboolean
prepared_message_is_eight_bit (PreparedMessage *self)
{
  return self->eight_bit;
}

gboolean
prepared_message_has_raw_header (PreparedMessage *self)
{
  return self->raw_header;
}
