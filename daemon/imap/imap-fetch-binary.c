/* BINARY and BINARY.SIZE. */
#include "imap/imap-fetch-binary.h"

#include "imap/imap-fetch-surrogate.h"

#include <string.h>

#include "imap/imap-fetch-print.h"
#include "imap/imap-print.h"

#define CHUNK_BYTES (64 * 1024) /* encoded, at once */
#define MEASURED_MAX (8 * 1024 * 1024) /* encoded, in one batch */

void
imap_fetch_binary_clear (ImapFetchBatch *batch)
{
  g_clear_pointer (&batch->binary.decoder, content_decoder_free);
  g_free (batch->binary.encoding);
  batch->binary = (ImapFetchBinary) { 0 };
}

static void
restart (ImapFetchBinary *self)
{
  g_clear_pointer (&self->decoder, content_decoder_free);
  self->decoder = content_decoder_new (self->encoding);
  self->at = 0;
}

static void
print_name (ImapFetchBatch *batch, const ImapSection *section)
{
  imap_fetch_print_name (batch, "");
  imap_section_print (section, batch->out);
  g_string_append_c (batch->out, ' ');
}

/* One piece more, decoded. */
static GByteArray *
decode_piece (ImapFetchBatch *batch, StoreSnapshot *snapshot, GError **error)
{
  ImapFetchBinary *self = &batch->binary;
  gsize wanted = MIN (self->part.length - self->at, CHUNK_BYTES), length;
  g_autoptr (GBytes) chunk
      = imap_fetch_read (batch, snapshot, self->part.offset + self->at, wanted, error);
  g_autoptr (GByteArray) decoded = g_byte_array_new ();
  const guint8 *bytes;

  if (!chunk)
    return NULL;
  bytes = g_bytes_get_data (chunk, &length);
  if (length != wanted) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_CORRUPT,
                         "The message is shorter than its size says");
    return NULL;
  }
  self->at += length;
  content_decoder_feed (self->decoder, bytes, length, self->at == self->part.length, decoded);
  return g_steal_pointer (&decoded);
}

/* Up to here it must be known how much there is. */
static guint64
end_of_interest (const ImapSection *section)
{
  if (!section->partial || section->length > G_MAXUINT64 - section->offset)
    return G_MAXUINT64;
  return section->offset + section->length;
}

static gboolean
is_measured (const ImapFetchBinary *self)
{
  return self->at == self->part.length || self->measured >= end_of_interest (self->section);
}

static gboolean
measure (ImapFetchBatch *batch, StoreSnapshot *snapshot, GError **error)
{
  ImapFetchBinary *self = &batch->binary;
  gsize start = self->at;

  while (!is_measured (self) && self->at - start < MEASURED_MAX) {
    g_autoptr (GByteArray) piece = decode_piece (batch, snapshot, error);
    if (!piece)
      return FALSE;
    self->measured += piece->len;
    self->has_nul |= piece->len > 0 && memchr (piece->data, 0, piece->len) != NULL;
  }
  return TRUE;
}

/* A literal8 only where a NUL makes it necessary, so that the others tell that there is none
 * (RFC 3516 §4.3). */
static void
announce (ImapFetchBatch *batch)
{
  ImapFetchBinary *self = &batch->binary;
  const ImapSection *section = self->section;
  guint64 end = MIN (self->measured, end_of_interest (section));

  self->skip = section->partial ? MIN (section->offset, end) : 0;
  self->left = end - self->skip;
  self->announced = TRUE;
  print_name (batch, section);
  if (section->size) {
    imap_print_number (batch->out, self->left);
    self->left = 0;
    return;
  }
  g_string_append (batch->out, self->has_nul ? "~{" : "{");
  imap_print_number (batch->out, self->left);
  g_string_append (batch->out, "}\r\n");
  restart (self);
}

static gboolean
send (ImapFetchBatch *batch, StoreSnapshot *snapshot, GError **error)
{
  ImapFetchBinary *self = &batch->binary;

  while (self->left > 0 && !imap_fetch_batch_is_full (batch)) {
    g_autoptr (GByteArray) piece = decode_piece (batch, snapshot, error);
    gsize from, count;
    if (!piece)
      return FALSE;
    from = MIN (self->skip, piece->len);
    count = MIN (self->left, piece->len - from);
    self->skip -= from;
    self->left -= count;
    if (count > 0)
      g_string_append_len (batch->out, (const char *)piece->data + from, (gssize)count);
  }
  return TRUE;
}

gboolean
imap_fetch_binary_go_on (ImapFetchBatch *batch, StoreSnapshot *snapshot, GError **error)
{
  ImapFetchBinary *self = &batch->binary;

  if (!self->announced) {
    if (!measure (batch, snapshot, error))
      return FALSE;
    if (!is_measured (self))
      return TRUE; /* in the next batch */
    announce (batch);
  }
  if (!send (batch, snapshot, error))
    return FALSE;
  if (self->left == 0)
    imap_fetch_binary_clear (batch);
  return TRUE;
}

/* What has parts inside is never encoded (RFC 2045 §6.4), nor is a whole message. FALSE: nobody can
 * decode it. */
static gboolean
find_encoding (ImapFetchBatch *batch, const ImapSection *section)
{
  ImapFetchBinary *self = &batch->binary;
  SummaryPart part = { 0 };

  if (section->numbers->len > 0
      && summary_part (batch->summary, (const guint *)section->numbers->data, section->numbers->len,
                       &part)
      && part.is_leaf)
    self->encoding = g_strdup (part.encoding); /* the summary goes with this batch */
  self->decoder = content_decoder_new (self->encoding);
  return self->decoder != NULL;
}

gboolean
imap_fetch_binary_begin (ImapFetchBatch *batch, StoreSnapshot *snapshot, const ImapSection *section,
                         GError **error)
{
  ImapFetchBinary *self = &batch->binary;

  if (!imap_fetch_open_summary (batch, snapshot, error))
    return FALSE;
  imap_fetch_binary_clear (batch);
  if (!imap_section_range (section, batch->summary, batch->entry.size, &self->part)) {
    print_name (batch, section);
    g_string_append (batch->out, section->size ? "0" : "NIL");
    return TRUE;
  }
  if (!find_encoding (batch, section)) {
    batch->unknown_encoding = TRUE;
    imap_fetch_binary_clear (batch);
    return TRUE;
  }
  self->section = section;
  return imap_fetch_binary_go_on (batch, snapshot, error);
}
