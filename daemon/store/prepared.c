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

static gboolean
compress (PreparedMessage *self, const guint8 *data, gsize length, GError **error)
{
  Record *record = self->record;

  record->frame_count = length / FRAME_SIZE + (length % FRAME_SIZE != 0);
  record->frames = g_new0 (guint32, record->frame_count);
  for (guint32 i = 0; i < record->frame_count; i++) {
    gsize at = (gsize)i * FRAME_SIZE;
    GBytes *frame = compress_frame (data + at, MIN (FRAME_SIZE, length - at), error);
    if (!frame)
      return FALSE;
    record->frames[i] = g_bytes_get_size (frame);
    g_ptr_array_add (self->frames, frame);
  }
  return TRUE;
}

static gboolean
write_own_segment (PreparedMessage *self, GError **error)
{
  g_autoptr (GByteArray) header = record_print (self->record);

  self->record->header_length = header->len;
  self->record->length = header->len;
  for (guint32 i = 0; i < self->record->frame_count; i++)
    self->record->length += self->record->frames[i];
  g_ptr_array_insert (self->frames, 0, g_byte_array_free_to_bytes (g_steal_pointer (&header)));
  gboolean written
      = segments_write_own (self->store->segments, self->frames, &self->own_segment, error);
  g_ptr_array_set_size (self->frames, 0);
  if (!written) {
    self->own_segment = 0;
    store_convert_error (error);
  }
  return written;
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
  if (!compress (self, data, length, error))
    return NULL;
  if (length > OWN_SEGMENT_FROM && !write_own_segment (self, error))
    return NULL;
  return g_steal_pointer (&self);
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
  g_ptr_array_unref (message->frames);
  record_free (message->record);
  g_free (message);
}

guint64
prepared_message_size (PreparedMessage *message)
{
  return message->record->size;
}
