/* DATA and BDAT: the mail's bytes on their way into the spool (RFC 5321 §4.5.2, RFC 3030). */
#include "smtp/smtp-private.h"
#include "settings.h"
#include <string.h>

#define BARE "550 5.6.0 A line of the mail ends in a bare CR or LF; send CR LF"
#define TOO_BIG "552 5.3.4 The mail is too big for this server"

/* How far the end CR LF . CR LF has been seen. Only CR LF ends a line: anything else would let one
 * server see two mails where another sees one. */
enum { LINE_START, IN_LINE, AFTER_CR, AFTER_DOT, AFTER_DOT_CR };

static void
begin (SmtpSession *self)
{
  if (self->spool == NULL)
    self->spool = spool_new (self->channel, store_temporary_folder (self->service->store));
}

static void
gather (SmtpSession *self, const guint8 *bytes, gsize length)
{
  if (length == 0 || self->refusal)
    return; /* a refused mail is read to its end and dropped */
  if (spool_length (self->spool) + length > (guint64)setting_number (SETTING_SMTP_MAX_MESSAGE_SIZE))
    self->refusal = TOO_BIG;
  else
    spool_append (self->spool, bytes, length);
}

/* From AT on to behind the next CR; a bare LF on the way is told to the sender at the end. */
static gsize
skip_line (SmtpSession *self, const guint8 *bytes, gsize at, gsize length)
{
  const guint8 *cr = memchr (bytes + at, '\r', length - at);
  const gsize end = cr ? (gsize)(cr - bytes) : length;

  if (memchr (bytes + at, '\n', end - at))
    self->refusal = BARE;
  if (cr == NULL)
    return length;
  self->ending = AFTER_CR;
  return end + 1;
}

gsize
smtp_expect_data (SmtpSession *self, const guint8 *bytes, gsize length)
{
  gsize start = 0, at = 0;

  while (at < length) {
    switch (self->ending) {
    case IN_LINE:
      at = skip_line (self, bytes, at, length);
      break;
    case AFTER_CR:
      if (bytes[at] == '\n')
        self->ending = LINE_START;
      else
        self->refusal = BARE;
      if (bytes[at] != '\n' && bytes[at] != '\r')
        self->ending = IN_LINE;
      at++;
      break;
    case LINE_START:
      self->ending = bytes[at] == '.' ? AFTER_DOT : IN_LINE;
      if (bytes[at] != '.')
        break;
      gather (self, bytes + start, at - start);
      start = ++at; /* the dot is stuffing, or the end */
      break;
    case AFTER_DOT:
      self->ending = bytes[at] == '\r' ? AFTER_DOT_CR : IN_LINE;
      if (bytes[at] == '\r')
        start = ++at;
      break;
    case AFTER_DOT_CR:
      if (bytes[at] == '\n') {
        self->expect = smtp_expect_command;
        smtp_deliver (self);
        return at + 1;
      }
      self->refusal = BARE;
      self->ending = IN_LINE;
      break;
    }
  }
  gather (self, bytes + start, length - start);
  return length;
}

void
smtp_data (SmtpSession *self, const char *argument)
{
  begin (self);
  self->ending = LINE_START;
  self->expect = smtp_expect_data;
  smtp_reply (self, "354 Send the mail, end with a dot on a line of its own");
}

static void
end_chunk (SmtpSession *self)
{
  self->expect = smtp_expect_command;
  if (self->chunk_last && self->ending == AFTER_CR)
    self->refusal = BARE;
  if (self->sender == NULL || self->recipients->len == 0) {
    smtp_wrong (self, "503 5.5.1 Say MAIL and RCPT first");
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

/* A chunk has its length, so nothing can be smuggled in by it; but the mail goes on to servers that
 * look for line ends. */
static void
check_line_ends (SmtpSession *self, const guint8 *bytes, gsize length)
{
  for (const guint8 *at = bytes, *end = bytes + length; at < end && self->refusal == NULL;) {
    const guint8 *cr;
    if (self->ending == AFTER_CR && *at++ != '\n')
      self->refusal = BARE;
    self->ending = IN_LINE;
    cr = memchr (at, '\r', end - at);
    if (memchr (at, '\n', (cr ? cr : end) - at))
      self->refusal = BARE;
    if (cr == NULL)
      return;
    self->ending = AFTER_CR;
    at = cr + 1;
  }
}

gsize
smtp_expect_chunk (SmtpSession *self, const guint8 *bytes, gsize length)
{
  const gsize taken = MIN (length, self->chunk_left);

  check_line_ends (self, bytes, taken);
  gather (self, bytes, taken);
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
    self->refusal = "503"; /* told by end_chunk */
  else
    begin (self);
  self->chunk_left = size;
  self->chunk_last = words[1] != NULL;
  self->expect = smtp_expect_chunk;
  if (size == 0)
    end_chunk (self);
}
