/* Walks through the records of a segment file, each verified by itself. */
#include "store/scan.h"
#include "platform/file.h"

#include <openssl/evp.h>
#include <string.h>
#include <zstd.h>

struct _Scan {
  GBytes *file;
  const guint8 *bytes;
  gsize length;
  gsize next; /* where the next record may begin */
  gsize at; /* of RECORD */
  Record *record;
  guint64 damaged;
};

Scan *
scan_new_from_bytes (GBytes *file)
{
  Scan *self = g_new0 (Scan, 1);

  self->file = g_bytes_ref (file);
  self->bytes = g_bytes_get_data (file, &self->length);
  return self;
}

Scan *
scan_new (const char *path, GError **error)
{
  g_autoptr (GBytes) file = file_map (path, error);

  return file ? scan_new_from_bytes (file) : NULL;
}

void
scan_free (Scan *scan)
{
  if (!scan)
    return;
  g_clear_pointer (&scan->record, record_free);
  g_bytes_unref (scan->file);
  g_free (scan);
}

/* A header may be sound while the frames behind it were never written: no record. */
static gboolean
take_record (Scan *self)
{
  gsize left = self->length - self->next;
  guint64 header_length;

  if (left < RECORD_FIXED || !record_measure (self->bytes + self->next, left, &header_length))
    return FALSE;
  self->record = record_parse (self->bytes + self->next, left, NULL);
  if (self->record && self->record->length <= left)
    return TRUE;
  g_clear_pointer (&self->record, record_free);
  return FALSE;
}

/* Where a record's magic lies at FROM or behind it; LENGTH when it does not. */
static gsize
find_magic (Scan *self, gsize from)
{
  const gsize size = strlen (RECORD_MAGIC);

  while (from < self->length && self->length - from >= size) {
    const guint8 *first = memchr (self->bytes + from, RECORD_MAGIC[0], self->length - from);
    if (!first)
      break;
    from = (gsize)(first - self->bytes);
    if (self->length - from >= size && memcmp (first, RECORD_MAGIC, size) == 0)
      return from;
    from++;
  }
  return self->length;
}

/* To the next bytes that look like a record's. */
static void
skip_damage (Scan *self)
{
  gsize next = find_magic (self, self->next + 1);

  self->damaged += next - self->next;
  self->next = next;
}

const Record *
scan_next (Scan *scan, guint64 *offset)
{
  g_clear_pointer (&scan->record, record_free);
  while (scan->next < scan->length && !take_record (scan))
    skip_damage (scan);
  if (!scan->record)
    return NULL;
  *offset = scan->at = scan->next;
  scan->next += scan->record->length;
  return scan->record;
}

GBytes *
scan_bytes (Scan *scan)
{
  return g_bytes_new_from_bytes (scan->file, scan->at, scan->record->length);
}

/* A frame unpacks to FRAME_SIZE, the last one to what is left: anything else is a lie. */
static gboolean
unpack (Scan *self, guint8 *out)
{
  const Record *record = self->record;
  const guint8 *frame = self->bytes + self->at + record->header_length;
  guint64 done = 0;

  for (guint32 i = 0; i < record->frame_count; i++) {
    gsize wanted = MIN (FRAME_SIZE, record->size - done);
    if (ZSTD_decompress (out + done, wanted, frame, record->frames[i]) != wanted)
      return FALSE;
    frame += record->frames[i];
    done += wanted;
  }
  return done == record->size;
}

static gboolean
digest_fits (const Record *record, const guint8 *bytes)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  guint length = 0;

  if (!EVP_Digest (bytes, record->size, digest, &length, EVP_sha256 (), NULL))
    g_error ("SHA-256 is not available");
  return memcmp (digest, record->digest, sizeof record->digest) == 0;
}

GBytes *
scan_message (Scan *scan, GError **error)
{
  const Record *record = scan->record;
  /* The size is bounded by the frames that are there (record_parse), a frame by zstd's ratio. */
  g_autofree guint8 *out = g_try_malloc (MAX (record->size, 1));

  if (out && unpack (scan, out) && digest_fits (record, out))
    return g_bytes_new_take (g_steal_pointer (&out), record->size);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "The message at %" G_GSIZE_FORMAT " does not fit its digest", scan->at);
  return NULL;
}

guint64
scan_damaged (Scan *scan)
{
  return scan->damaged;
}
