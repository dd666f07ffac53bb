/* Gathers bytes into whole commands. */
#include "imap/imap-input.h"

#include <openssl/crypto.h>
#include <string.h>

#include "imap/imap-append-syntax.h"

#define LITERAL_DIGITS_MAX 20

struct _ImapInput {
  GByteArray *text;
  gsize line_start; /* where the line that is being gathered begins */
  gsize line_bytes, literal_bytes; /* of this command so far */
  gsize literal_left;
  ImapLiteral literal;
  const ImapAppendSyntax *syntax; /* of a piece, or NULL */
};

ImapInput *
imap_input_new (void)
{
  ImapInput *self = g_new0 (ImapInput, 1);

  self->text = g_byte_array_new ();
  return self;
}

ImapInput *
imap_input_new_piece (const ImapAppendSyntax *syntax)
{
  ImapInput *self = imap_input_new ();

  self->syntax = syntax;
  return self;
}

void
imap_input_free (ImapInput *self)
{
  /* It may hold a password. */
  if (self->text->len > 0)
    OPENSSL_cleanse (self->text->data, self->text->len);
  g_byte_array_unref (self->text);
  g_free (self);
}

const guint8 *
imap_input_text (const ImapInput *self, gsize *length)
{
  *length = self->text->len;
  return self->text->data;
}

ImapLiteral
imap_input_literal (const ImapInput *self)
{
  return self->literal;
}

/* Does the line that LENGTH bytes of text end with announce a literal? The text has no line end. */
static gboolean
ends_with_literal (const ImapInput *self, ImapLiteral *literal)
{
  const guint8 *text = self->text->data;
  gsize end = self->text->len, at;
  ImapParser digits;

  if (end == self->line_start || text[end - 1] != '}')
    return FALSE;
  for (at = end - 1; at > self->line_start && end - at <= LITERAL_DIGITS_MAX + 2; at--)
    if (text[at - 1] == '{')
      break;
  if (at == self->line_start || text[at - 1] != '{')
    return FALSE;
  digits = imap_parser (text + at, end - 1 - at);
  if (!imap_parser_number64 (&digits, &literal->length))
    return FALSE;
  literal->synchronizing = !imap_parser_take (&digits, '+');
  literal->open = TRUE;
  return imap_parser_at_end (&digits);
}

static ImapInputEvent
begin_literal (ImapInput *self, gsize literals_max)
{
  if (imap_append_announces (self->syntax, self->text->data, self->text->len))
    return IMAP_INPUT_MESSAGE;
  if (self->literal.length > literals_max - MIN (literals_max, self->literal_bytes))
    return self->literal.synchronizing ? IMAP_INPUT_REFUSED : IMAP_INPUT_OVERFLOW;
  self->literal_left = (gsize)self->literal.length;
  self->literal_bytes += self->literal_left;
  g_byte_array_append (self->text, (const guint8 *)"\r\n", 2);
  self->line_start = self->text->len + self->literal_left;
  return self->literal.synchronizing ? IMAP_INPUT_CONTINUE : IMAP_INPUT_MORE;
}

static ImapInputEvent
end_line (ImapInput *self, gsize literals_max)
{
  GByteArray *text = self->text;

  if (text->len > self->line_start && text->data[text->len - 1] == '\r')
    g_byte_array_set_size (text, text->len - 1);
  self->literal.open = FALSE;
  if (!ends_with_literal (self, &self->literal)) {
    self->literal.open = FALSE;
    return IMAP_INPUT_COMMAND;
  }
  return begin_literal (self, literals_max);
}

static gsize
feed_line (ImapInput *self, const guint8 *bytes, gsize length, gsize literals_max,
           ImapInputEvent *event)
{
  const guint8 *end = memchr (bytes, '\n', length);
  gsize taken = end ? (gsize)(end - bytes) : length;

  self->line_bytes += taken;
  if (self->line_bytes > IMAP_LINE_MAX) {
    *event = IMAP_INPUT_OVERFLOW;
    return end ? taken + 1 : taken;
  }
  g_byte_array_append (self->text, bytes, (guint)taken);
  if (!end)
    return taken;
  *event = end_line (self, literals_max);
  return taken + 1;
}

gsize
imap_input_feed (ImapInput *self, const guint8 *bytes, gsize length, gsize literals_max,
                 ImapInputEvent *event)
{
  gsize taken = 0;

  *event = IMAP_INPUT_MORE;
  while (taken < length && *event == IMAP_INPUT_MORE) {
    gsize part = MIN (self->literal_left, length - taken);
    if (part > 0) {
      g_byte_array_append (self->text, bytes + taken, (guint)part);
      self->literal_left -= part;
      taken += part;
    } else {
      taken += feed_line (self, bytes + taken, length - taken, literals_max, event);
    }
  }
  return taken;
}
