/* A small machine over the line ends of a mail. Only CR LF ends a line: anything else would let one
 * server see two mails where another sees one (CVE-2023-51764). */
#include "smtp/smtp-dots.h"
#include <string.h>

enum { LINE_START, IN_LINE, AFTER_CR, AFTER_DOT, AFTER_DOT_CR };

/* Moves on to behind the next CR, or to the end. */
static gsize
skip_line (SmtpDots *self, const guint8 *bytes, gsize length)
{
  const guint8 *cr = memchr (bytes, '\r', length);
  const gsize end = cr ? (gsize)(cr - bytes) : length;

  self->bare |= memchr (bytes, '\n', end) != NULL;
  if (cr == NULL)
    return length;
  self->state = AFTER_CR;
  return end + 1;
}

static void
end_line (SmtpDots *self, guint8 byte)
{
  self->bare |= byte != '\n';
  self->state = byte == '\n' ? LINE_START : byte == '\r' ? AFTER_CR : IN_LINE;
}

/* The byte behind a dot that began a line. Returns how many bytes are not the mail's. */
static gsize
follow_dot (SmtpDots *self, guint8 byte)
{
  self->state = byte == '\r' ? AFTER_DOT_CR : IN_LINE;
  return byte == '\r' ? 1 : 0;
}

/* The byte behind dot and CR. */
static gsize
follow_dot_cr (SmtpDots *self, guint8 byte, gboolean *ended)
{
  *ended = byte == '\n';
  self->bare |= byte != '\n';
  self->state = *ended ? LINE_START : IN_LINE;
  return *ended ? 1 : 0;
}

gsize
smtp_dots_read (SmtpDots *self, const guint8 *bytes, gsize length, const guint8 **run,
                gsize *run_length, gboolean *ended)
{
  gsize at = 0;

  *run = bytes;
  *run_length = 0;
  *ended = FALSE;
  if (self->state == AFTER_DOT)
    return follow_dot (self, bytes[0]);
  if (self->state == AFTER_DOT_CR)
    return follow_dot_cr (self, bytes[0], ended);
  while (at < length) {
    if (self->state == LINE_START && bytes[at] == '.') {
      self->state = AFTER_DOT;
      *run_length = at;
      return at + 1;
    }
    if (self->state == AFTER_CR)
      end_line (self, bytes[at++]);
    else {
      self->state = IN_LINE;
      at += skip_line (self, bytes + at, length - at);
    }
  }
  *run_length = length;
  return length;
}

void
smtp_dots_check (SmtpDots *self, const guint8 *bytes, gsize length)
{
  for (gsize at = 0; at < length;)
    if (self->state == AFTER_CR)
      end_line (self, bytes[at++]);
    else {
      self->state = IN_LINE;
      at += skip_line (self, bytes + at, length - at);
    }
}

void
smtp_dots_finish (SmtpDots *self)
{
  self->bare |= self->state == AFTER_CR;
}
