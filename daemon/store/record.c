/* One message as it lies in a segment: the header, printed and parsed. */
#include "store/record.h"

#include <openssl/evp.h>
#include <string.h>

#define VERSION 1

void
record_place_free (gpointer place)
{
  RecordPlace *self = place;

  g_free (self->account);
  g_free (self->mailbox);
  g_strfreev (self->keywords);
  g_free (self);
}

RecordPlace *
record_copy_place (const RecordPlace *place)
{
  RecordPlace *copy = g_memdup2 (place, sizeof *place);

  copy->account = g_strdup (place->account);
  copy->mailbox = g_strdup (place->mailbox);
  copy->keywords = g_strdupv (place->keywords);
  return copy;
}

Record *
record_new (RecordKind kind)
{
  Record *self = g_new0 (Record, 1);

  self->kind = kind;
  self->places = g_ptr_array_new_with_free_func (record_place_free);
  return self;
}

void
record_free (Record *record)
{
  if (!record)
    return;
  g_free (record->sender);
  g_strfreev (record->recipients);
  g_ptr_array_unref (record->places);
  g_free (record->frames);
  g_free (record);
}

void
record_add_place (Record *record, const RecordPlace *place)
{
  g_ptr_array_add (record->places, record_copy_place (place));
}

static void
checksum (const guint8 *bytes, gsize length, guint8 out[RECORD_CHECKSUM])
{
  guint8 digest[EVP_MAX_MD_SIZE];
  guint digest_length = 0;

  if (!EVP_Digest (bytes, length, digest, &digest_length, EVP_sha256 (), NULL))
    g_error ("SHA-256 is not available");
  memcpy (out, digest, RECORD_CHECKSUM);
}

static void
put_number (GByteArray *out, guint64 value, guint width)
{
  guint64 little = GUINT64_TO_LE (value);

  g_byte_array_append (out, (const guint8 *)&little, width);
}

static void
put_string (GByteArray *out, const char *string)
{
  guint32 length = strlen (string);

  put_number (out, length, 4);
  g_byte_array_append (out, (const guint8 *)string, length);
}

static void
put_strings (GByteArray *out, char **strings)
{
  put_number (out, strings ? g_strv_length (strings) : 0, 4);
  for (guint i = 0; strings && strings[i]; i++)
    put_string (out, strings[i]);
}

static void
put_place (GByteArray *out, const RecordPlace *place)
{
  put_string (out, place->account);
  put_string (out, place->mailbox);
  put_number (out, place->uid_validity, 4);
  put_number (out, place->uid, 4);
  put_number (out, place->flags, 8);
  put_number (out, place->date, 8);
  put_number (out, (guint16)place->zone, 2);
  put_strings (out, place->keywords);
}

static void
put_fixed (GByteArray *out, const Record *record)
{
  g_byte_array_append (out, (const guint8 *)RECORD_MAGIC, 4);
  put_number (out, VERSION, 2);
  put_number (out, record->kind, 2);
  put_number (out, 0, 4); /* the header's length, set when it is known */
  put_number (out, record->frame_count, 4);
  put_number (out, 0, 8); /* the record's length */
  put_number (out, record->size, 8);
  put_number (out, record->written, 8);
  g_byte_array_append (out, record->digest, sizeof record->digest);
  put_number (out, record->elsewhere_segment, 8);
  put_number (out, record->elsewhere_offset, 8);
}

GByteArray *
record_print (const Record *record)
{
  GByteArray *out = g_byte_array_sized_new (512);
  guint8 sum[RECORD_CHECKSUM];
  guint64 stored = 0;

  put_fixed (out, record);
  put_number (out, record->sender != NULL, 1);
  if (record->sender) {
    put_string (out, record->sender);
    put_strings (out, record->recipients);
  }
  put_number (out, record->places->len, 4);
  for (guint i = 0; i < record->places->len; i++)
    put_place (out, record->places->pdata[i]);
  for (guint i = 0; i < record->frame_count; i++) {
    put_number (out, record->frames[i], 4);
    stored += record->frames[i];
  }
  guint32 header = GUINT32_TO_LE (out->len + RECORD_CHECKSUM);
  guint64 length = GUINT64_TO_LE (out->len + RECORD_CHECKSUM + stored);
  memcpy (out->data + 8, &header, sizeof header);
  memcpy (out->data + 16, &length, sizeof length);
  checksum (out->data, out->len, sum);
  g_byte_array_append (out, sum, sizeof sum);
  return out;
}

/* Reading: once it ran over the end, everything reads as nothing. */
typedef struct {
  const guint8 *at;
  gsize left;
  gboolean broken;
} Reader;

static guint64
take_number (Reader *reader, guint width)
{
  guint64 value = 0;

  if (reader->left < width) {
    reader->broken = TRUE;
    return 0;
  }
  memcpy (&value, reader->at, width);
  reader->at += width;
  reader->left -= width;
  return GUINT64_FROM_LE (value);
}

static char *
take_string (Reader *reader)
{
  guint64 length = take_number (reader, 4);

  if (reader->broken || length > reader->left || memchr (reader->at, 0, length)) {
    reader->broken = TRUE;
    return g_strdup ("");
  }
  char *string = g_strndup ((const char *)reader->at, length);
  reader->at += length;
  reader->left -= length;
  return string;
}

static char **
take_strings (Reader *reader)
{
  guint64 count = take_number (reader, 4);
  g_autoptr (GPtrArray) strings = g_ptr_array_new ();

  if (count > reader->left / 4) /* each takes four bytes at least */
    reader->broken = TRUE;
  for (guint64 i = 0; i < count && !reader->broken; i++)
    g_ptr_array_add (strings, take_string (reader));
  g_ptr_array_add (strings, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&strings), FALSE);
}

static void
take_places (Reader *reader, GPtrArray *places)
{
  guint64 count = take_number (reader, 4);

  for (guint64 i = 0; i < count && !reader->broken; i++) {
    RecordPlace *place = g_new0 (RecordPlace, 1);
    g_ptr_array_add (places, place);
    place->account = take_string (reader);
    place->mailbox = take_string (reader);
    place->uid_validity = take_number (reader, 4);
    place->uid = take_number (reader, 4);
    place->flags = take_number (reader, 8);
    place->date = (gint64)take_number (reader, 8);
    place->zone = (gint16)(guint16)take_number (reader, 2);
    place->keywords = take_strings (reader);
  }
}

/* TRUE when the frames fill exactly what the record says it is long, and can hold the message. */
static gboolean
take_frames (Reader *reader, Record *record)
{
  guint64 stored = 0;
  guint64 expected = record->kind == RECORD_MESSAGE
      ? record->size / FRAME_SIZE + (record->size % FRAME_SIZE != 0)
      : 0;

  if (record->frame_count != expected || record->frame_count != reader->left / 4
      || reader->left % 4 != 0)
    return FALSE;
  record->frames = g_new0 (guint32, record->frame_count);
  for (guint32 i = 0; i < record->frame_count; i++) {
    record->frames[i] = take_number (reader, 4);
    stored += record->frames[i];
  }
  return !reader->broken && record->header_length + stored == record->length;
}

static void
take_fixed (Reader *reader, Record *record)
{
  take_number (reader, 6);
  record->kind = take_number (reader, 2);
  record->header_length = take_number (reader, 4);
  record->frame_count = take_number (reader, 4);
  record->length = take_number (reader, 8);
  record->size = take_number (reader, 8);
  record->written = (gint64)take_number (reader, 8);
  memcpy (record->digest, reader->at, sizeof record->digest);
  reader->at += sizeof record->digest;
  reader->left -= sizeof record->digest;
  record->elsewhere_segment = take_number (reader, 8);
  record->elsewhere_offset = take_number (reader, 8);
}

gboolean
record_measure (const guint8 *bytes, gsize length, guint64 *header_length)
{
  if (length < RECORD_FIXED || memcmp (bytes, RECORD_MAGIC, 4) != 0)
    return FALSE;
  Reader reader = { bytes + 4, length - 4, FALSE };
  if (take_number (&reader, 2) != VERSION)
    return FALSE;
  guint64 kind = take_number (&reader, 2);
  *header_length = take_number (&reader, 4);
  return (kind == RECORD_MESSAGE || kind == RECORD_PLACES)
      && *header_length >= RECORD_FIXED + RECORD_CHECKSUM && *header_length <= RECORD_HEADER_MAX;
}

static gboolean
checksum_fits (const guint8 *bytes, gsize header_length)
{
  guint8 sum[RECORD_CHECKSUM];

  checksum (bytes, header_length - RECORD_CHECKSUM, sum);
  return memcmp (sum, bytes + header_length - RECORD_CHECKSUM, RECORD_CHECKSUM) == 0;
}

Record *
record_parse (const guint8 *bytes, gsize length, GError **error)
{
  g_autoptr (Record) record = record_new (RECORD_MESSAGE);
  guint64 header_length = 0;

  if (!record_measure (bytes, length, &header_length) || header_length > length
      || !checksum_fits (bytes, header_length)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "No sound record begins here");
    return NULL;
  }
  Reader reader = { bytes, header_length - RECORD_CHECKSUM, FALSE };
  take_fixed (&reader, record);
  if (take_number (&reader, 1)) {
    record->sender = take_string (&reader);
    record->recipients = take_strings (&reader);
  }
  take_places (&reader, record->places);
  if (reader.broken || !take_frames (&reader, record)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "A record's header contradicts itself");
    return NULL;
  }
  return g_steal_pointer (&record);
}
