/* Sends the message in pieces: what the channel cannot take yet is not read yet. To a server that
 * takes chunks (RFC 3030) it goes as one of them, byte for byte; else with DATA. */
#include "queue/smtp-client-private.h"
#include "log.h"
#include "mail/seven-bit.h"
#include "store/message.h"
#include <string.h>

#define PIECE (256 * 1024) /* a frame of the store */
#define FINAL_SECONDS 600 /* RFC 5321 §4.5.3.2.6 */
#define STREAM_SECONDS 3600 /* and one for each KiB */

/* A read job and its answer. */
typedef struct {
  gint64 message;
  guint64 offset;
  GBytes *bytes;
} Piece;

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  g_clear_pointer (&piece->bytes, g_bytes_unref);
  g_free (piece);
}

static gboolean
read_piece (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Piece *piece = data;

  g_clear_pointer (&piece->bytes, g_bytes_unref);
  piece->bytes = message_read (snapshot, piece->message, piece->offset, PIECE, error);
  return piece->bytes != NULL;
}

/* A dot at the beginning of a line gets another one (RFC 5321 §4.5.2). */
static void
write_stuffed (SmtpClient *self, const guint8 *bytes, gsize length)
{
  gsize begin = 0;

  if (length == 0)
    return;
  if (bytes[0] == '.' && self->last_bytes[1] == '\n')
    channel_write (self->channel, ".", 1);
  for (const guint8 *at = bytes; (at = memchr (at, '\n', bytes + length - at)); at++) {
    const gsize next = (gsize)(at + 1 - bytes);
    if (next >= length || bytes[next] != '.')
      continue;
    channel_write (self->channel, bytes + begin, next - begin);
    channel_write (self->channel, ".", 1);
    begin = next;
  }
  channel_write (self->channel, bytes + begin, length - begin);
  self->last_bytes[0] = length > 1 ? bytes[length - 2] : self->last_bytes[1];
  self->last_bytes[1] = bytes[length - 1];
}

static void
write_piece (SmtpClient *self, const guint8 *bytes, gsize length)
{
  if (smtp_client_sends_chunks (self))
    channel_write (self->channel, bytes, length);
  else
    write_stuffed (self, bytes, length);
  self->offset += length;
}

static void
write_end (SmtpClient *self)
{
  const gboolean ends_line = self->last_bytes[0] == '\r' && self->last_bytes[1] == '\n';

  if (!smtp_client_sends_chunks (self))
    channel_print (self->channel, ends_line ? ".\r\n" : "\r\n.\r\n");
  smtp_client_await (self, smtp_client_finished, FINAL_SECONDS);
}

/* The mail must not look whole. */
static void
break_off (SmtpClient *self, const char *error)
{
  log_event (LOG_ERROR, "A queued mail cannot be read", "error", error, NULL);
  smtp_client_fail (self, SMTP_END_LOST, "The mail cannot be read");
  channel_abort (self->channel);
}

static void read_next (SmtpClient *self);

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  SmtpClient *self = data;
  g_autoptr (GError) error = NULL;
  const Piece *piece = store_job_data (result);
  const gboolean done = store_read_finish (self->store, result, &error);
  gsize length = 0;
  const guint8 *bytes = done ? g_bytes_get_data (piece->bytes, &length) : NULL;

  self->reading = FALSE;
  if (self->closed) {
    smtp_client_free (self);
    return;
  }
  if (!done || (length == 0 && self->offset < self->size)) {
    break_off (self, error ? error->message : "It is shorter than it was");
    return;
  }
  write_piece (self, bytes, length);
  if (self->offset >= self->size)
    write_end (self);
  else if (!channel_is_full (self->channel))
    read_next (self);
}

/* The whole, when it is in memory. */
static GBytes *
whole_of (const SmtpClient *self)
{
  return self->converted ? self->converted : self->mail->bytes;
}

static void
write_whole (SmtpClient *self)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (whole_of (self), &length);

  while (self->offset < length && !channel_is_full (self->channel))
    write_piece (self, bytes + self->offset, MIN (PIECE, length - self->offset));
  if (self->offset >= length)
    write_end (self);
}

static void
read_next (SmtpClient *self)
{
  Piece *piece;

  if (whole_of (self)) {
    write_whole (self);
    return;
  }
  piece = g_new0 (Piece, 1);
  piece->message = self->mail->message;
  piece->offset = self->offset;
  self->reading = TRUE;
  store_read_async (self->store, read_piece, piece, piece_free, NULL, did_read, self);
}

void
smtp_client_did_drain (SmtpClient *self)
{
  if (self->mail && !self->reading && !self->reason && self->expect != smtp_client_finished
      && self->offset > 0)
    read_next (self);
}

/* An answer before the end is a refusal: the rest would be sent in vain. One for good, such as "too
 * big", is not tried again. */
static void
answered_early (SmtpClient *self)
{
  g_autofree char *text = smtp_reply_print (self->reply);

  if (smtp_reply_kind (self->reply) == 5)
    queue_mail_settle (self->mail, self->reply->code, self->reply->status, text, self->host);
  smtp_client_fail_by_reply (self);
}

void
smtp_client_stream (SmtpClient *self)
{
  self->offset = 0;
  self->last_bytes[0] = '\r';
  self->last_bytes[1] = '\n';
  smtp_client_await (self, answered_early, FINAL_SECONDS);
  channel_set_total_timeout (self->channel, STREAM_SECONDS + (guint)(self->size / 1024));
  if (smtp_client_sends_chunks (self))
    channel_print (self->channel, "BDAT %" G_GUINT64_FORMAT " LAST\r\n", self->size);
  read_next (self);
}

static gboolean
read_and_convert (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Piece *piece = data;
  g_autoptr (GBytes) whole = message_read (snapshot, piece->message, 0, G_MAXUINT64, error);
  gsize length;
  const guint8 *bytes = whole ? g_bytes_get_data (whole, &length) : NULL;

  g_clear_pointer (&piece->bytes, g_bytes_unref);
  if (whole)
    piece->bytes = seven_bit_encode (bytes, length);
  return whole != NULL;
}

static void
did_convert (GObject *source, GAsyncResult *result, gpointer data)
{
  SmtpClient *self = data;
  g_autoptr (GError) error = NULL;
  Piece *piece = store_job_data (result);
  const gboolean done = store_read_finish (self->store, result, &error);

  self->reading = FALSE;
  if (self->closed) {
    smtp_client_free (self);
    return;
  }
  if (!done) {
    break_off (self, error->message);
    return;
  }
  self->converted = g_steal_pointer (&piece->bytes);
  self->size = self->converted ? g_bytes_get_size (self->converted) : 0;
  smtp_client_did_convert (self);
}

void
smtp_client_convert (SmtpClient *self)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->message = self->mail->message;
  self->reading = TRUE;
  store_read_async (self->store, read_and_convert, piece, piece_free, NULL, did_convert, self);
}
