/* DATA and BDAT: the mail's bytes on their way into the spool (RFC 5321 §4.5.2, RFC 3030). */
#include "smtp/smtp-private.h"
#include "settings.h"
#include <string.h>

#define BARE "550 5.6.0 A line of the mail ends in a bare CR or LF; send CR LF"
#define TOO_BIG "552 5.3.4 The mail is too big for this server"
#define NO_ENVELOPE "503 5.5.1 Say MAIL and RCPT first"

static void
begin (SmtpSession *self)
{
  if (self->spool == NULL)
    self->spool = spool_new (self->channel, store_temporary_folder (self->service->store));
}

/* A refused mail is read to its end, as its client hears nothing before; but not for ever. */
static void
drop (SmtpSession *self, gsize length, guint64 most)
{
  self->dropped += length;
  if (self->dropped <= most)
    return;
  smtp_reply (self, "%s", self->refusal);
  channel_close (self->channel);
}

/* FALSE: the connection is at its end. */
static gboolean
gather (SmtpSession *self, const guint8 *bytes, gsize length)
{
  const guint64 most = setting_number (SETTING_SMTP_MAX_MESSAGE_SIZE);

  if (self->dots.bare && self->refusal == NULL)
    self->refusal = BARE;
  if (self->refusal == NULL && length > 0 && spool_length (self->spool) + length > most)
    self->refusal = TOO_BIG;
  if (self->refusal)
    drop (self, length, most);
  else if (length > 0) {
    smtp_check_gather (self, bytes, length);
    spool_append (self->spool, bytes, length);
  }
  return channel_is_open (self->channel);
}

gsize
smtp_expect_data (SmtpSession *self, const guint8 *bytes, gsize length)
{
  for (gsize at = 0; at < length;) {
    const guint8 *run;
    gsize run_length;
    gboolean ended;

    at += smtp_dots_read (&self->dots, bytes + at, length - at, &run, &run_length, &ended);
    if (!gather (self, run, run_length))
      return length;
    if (ended) {
      self->expect = smtp_expect_command;
      smtp_deliver (self);
      return at;
    }
  }
  return length;
}

void
smtp_data (SmtpSession *self, const char *argument)
{
  if (self->binary) { /* RFC 3030 §3 */
    smtp_wrong (self, "503 5.5.1 BINARYMIME comes with BDAT");
    return;
  }
  begin (self);
  self->expect = smtp_expect_data;
  smtp_reply (self, "354 Send the mail, end with a dot on a line of its own");
}

static void
end_chunk (SmtpSession *self)
{
  self->expect = smtp_expect_command;
  if (self->chunk_last && !self->binary)
    smtp_dots_finish (&self->dots);
  if (self->dots.bare)
    self->refusal = BARE;
  if (self->sender == NULL || self->recipients->len == 0) {
    smtp_wrong (self, NO_ENVELOPE);
    smtp_reset (self);
  } else if (self->chunk_last) {
    smtp_deliver (self);
  } else if (self->refusal) {
    smtp_wrong (self, self->refusal);
    smtp_reset (self);
  } else {
    smtp_reply (self, "250 2.0.0 Go on");
  }
}

gsize
smtp_expect_chunk (SmtpSession *self, const guint8 *bytes, gsize length)
{
  const gsize taken = MIN (length, self->chunk_left);

  /* Nothing can be smuggled in by a chunk, as it has its length; but the mail may go on to servers
   * that look for line ends. Binary bodies are looked at when they have been encoded. */
  if (!self->binary)
    smtp_dots_check (&self->dots, bytes, taken);
  if (!gather (self, bytes, taken))
    return length;
  self->chunk_left -= taken;
  if (self->chunk_left == 0)
    end_chunk (self);
  return taken;
}

void
smtp_bdat (SmtpSession *self, const char *argument)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", 2);
  guint64 size;

  /* How much follows is unknown then, so the connection cannot go on. */
  if (words[0] == NULL || !g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXINT64, &size, NULL)
      || (words[1] && g_ascii_strcasecmp (words[1], "LAST") != 0)) {
    smtp_reply (self, "501 5.5.4 Write BDAT size [LAST]");
    channel_close (self->channel);
    return;
  }
  if (self->sender == NULL || self->recipients->len == 0)
    self->refusal = NO_ENVELOPE; /* told when the chunk is over */
  else
    begin (self);
  self->chunk_left = size;
  self->chunk_last = words[1] != NULL;
  self->expect = smtp_expect_chunk;
  if (size == 0)
    end_chunk (self);
}
