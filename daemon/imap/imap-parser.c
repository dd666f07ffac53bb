/* Reads the words of one whole command. */
#include "imap/imap-parser.h"

#include <string.h>

#include "mail/date.h"
#include "mail/encoding.h"

ImapParser
imap_parser (const void *bytes, gsize length)
{
  return (ImapParser) { bytes, length, 0, FALSE };
}

gboolean
imap_parser_at_end (const ImapParser *parser)
{
  return parser->position >= parser->length;
}

guint8
imap_parser_peek (const ImapParser *parser)
{
  return imap_parser_at_end (parser) ? 0 : parser->bytes[parser->position];
}

gboolean
imap_parser_take (ImapParser *parser, char expected)
{
  if (imap_parser_at_end (parser) || parser->bytes[parser->position] != (guint8)expected)
    return FALSE;
  parser->position++;
  return TRUE;
}

gboolean
imap_parser_space (ImapParser *parser)
{
  return imap_parser_take (parser, ' ');
}

/* ATOM-CHAR of RFC 3501: no CTL, no 8-bit, none of the atom-specials. */
static gboolean
is_atom_char (guint8 c)
{
  return c > ' ' && c < 0x7f && strchr ("(){%*\"\\]", c) == NULL;
}

static gboolean
is_astring_char (guint8 c)
{
  return is_atom_char (c) || c == ']';
}

/* Raw UTF-8 is taken in list patterns too: people type it, and it harms nobody. */
static gboolean
is_list_char (guint8 c)
{
  return is_astring_char (c) || c == '%' || c == '*' || c >= 0x80;
}

static gboolean
is_tag_char (guint8 c)
{
  return is_astring_char (c) && c != '+';
}

static char *
take_while (ImapParser *parser, gboolean (*accepts) (guint8 c))
{
  gsize start = parser->position;

  while (!imap_parser_at_end (parser) && accepts (parser->bytes[parser->position]))
    parser->position++;
  if (parser->position == start)
    return NULL;
  return g_strndup ((const char *)parser->bytes + start, parser->position - start);
}

gboolean
imap_parser_word (ImapParser *parser, const char *word)
{
  gsize length = strlen (word);
  const char *here = (const char *)parser->bytes + parser->position;

  if (parser->length - parser->position < length || g_ascii_strncasecmp (here, word, length) != 0)
    return FALSE;
  if (parser->length - parser->position > length && is_atom_char ((guint8)here[length])
      && here[length] != '[' && here[length] != '<')
    return FALSE;
  parser->position += length;
  return TRUE;
}

char *
imap_parser_tag (ImapParser *parser)
{
  return take_while (parser, is_tag_char);
}

char *
imap_parser_atom (ImapParser *parser)
{
  return take_while (parser, is_atom_char);
}

static char *
take_quoted (ImapParser *parser)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize start = parser->position;

  for (parser->position++; !imap_parser_at_end (parser); parser->position++) {
    guint8 c = parser->bytes[parser->position];
    if (c == '"') {
      if (parser->utf8 && !g_utf8_validate (text->str, (gssize)text->len, NULL))
        break;
      parser->position++;
      return g_string_free (g_steal_pointer (&text), FALSE);
    }
    if (c == '\\' && parser->position + 1 < parser->length)
      c = parser->bytes[++parser->position];
    if (c == '\0' || c == '\r' || c == '\n')
      break;
    g_string_append_c (text, (char)c);
  }
  parser->position = start;
  return NULL;
}

/* "{" digits ["+"] "}" CRLF, then that many bytes, which the input stage has gathered. */
static const guint8 *
take_literal_bytes (ImapParser *parser, gsize *length)
{
  gsize start = parser->position;
  guint64 announced = 0;
  const guint8 *body;

  parser->position++;
  if (imap_parser_number64 (parser, &announced)) {
    (void)imap_parser_take (parser, '+');
    if (imap_parser_take (parser, '}')) {
      (void)imap_parser_take (parser, '\r');
      body = parser->bytes + parser->position + 1;
      if (imap_parser_take (parser, '\n') && announced <= parser->length - parser->position) {
        parser->position += announced;
        *length = (gsize)announced;
        return body;
      }
    }
  }
  parser->position = start;
  return NULL;
}

static char *
take_literal (ImapParser *parser)
{
  gsize start = parser->position, length;
  const guint8 *body = take_literal_bytes (parser, &length);

  if (body && memchr (body, 0, length) == NULL)
    return g_strndup ((const char *)body, length);
  parser->position = start;
  return NULL;
}

char *
imap_parser_string (ImapParser *parser)
{
  switch (imap_parser_peek (parser)) {
  case '"':
    return take_quoted (parser);
  case '{':
    return take_literal (parser);
  default:
    return NULL;
  }
}

char *
imap_parser_astring (ImapParser *parser)
{
  char *text = imap_parser_string (parser);

  return text ? text : take_while (parser, is_astring_char);
}

char *
imap_parser_list_mailbox (ImapParser *parser)
{
  char *text = imap_parser_string (parser);

  return text ? text : take_while (parser, is_list_char);
}

char *
imap_parser_flag (ImapParser *parser)
{
  gsize start = parser->position;
  g_autofree char *atom = NULL;

  if (!imap_parser_take (parser, '\\'))
    return imap_parser_atom (parser);
  atom = imap_parser_atom (parser);
  if (!atom) {
    parser->position = start;
    return NULL;
  }
  return g_strconcat ("\\", atom, NULL);
}

/* INBOX is without case, also as the first step of a path (RFC 9051 §5.1). */
static char *
name_inbox (char *name)
{
  if (g_ascii_strncasecmp (name, "INBOX", 5) == 0 && (name[5] == '\0' || name[5] == '/'))
    memcpy (name, "INBOX", 5);
  return name;
}

/* Net-Unicode without controls and line separators (RFC 5198 §2, RFC 9755 §3). */
static gboolean
is_net_unicode (const char *name)
{
  if (!g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *next = name; *next; next = g_utf8_next_char (next)) {
    gunichar character = g_utf8_get_char (next);
    if (character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x2028
        || character == 0x2029)
      return FALSE;
  }
  return TRUE;
}

/* A name has one form, whichever way a client composes its letters. */
char *
imap_mailbox_decode (const char *wire, gboolean utf8)
{
  g_autofree char *name = utf8 || !g_str_is_ascii (wire) ? g_strdup (wire) : utf7_decode (wire);

  if (!name || !is_net_unicode (name))
    return NULL;
  return name_inbox (g_utf8_normalize (name, -1, G_NORMALIZE_NFC));
}

char *
imap_parser_mailbox (ImapParser *parser)
{
  gsize start = parser->position;
  g_autofree char *wire = imap_parser_astring (parser);
  char *name = wire ? imap_mailbox_decode (wire, parser->utf8) : NULL;

  if (!name)
    parser->position = start;
  return name;
}

gboolean
imap_parser_nstring (ImapParser *parser, char **text)
{
  *text = imap_parser_string (parser);
  return *text || imap_parser_word (parser, "NIL");
}

gboolean
imap_parser_value (ImapParser *parser, GBytes **value)
{
  gsize start = parser->position, length;
  const guint8 *body = NULL;
  char *quoted;

  *value = NULL;
  if (imap_parser_peek (parser) == '"') {
    quoted = take_quoted (parser);
    *value = quoted ? g_bytes_new_take (quoted, strlen (quoted)) : NULL;
    return quoted != NULL;
  }
  (void)imap_parser_take (parser, '~');
  if (imap_parser_peek (parser) == '{')
    body = take_literal_bytes (parser, &length);
  if (body)
    *value = g_bytes_new (body, length);
  else
    parser->position = start;
  return body || imap_parser_word (parser, "NIL");
}

gboolean
imap_parser_number64 (ImapParser *parser, guint64 *number)
{
  gsize start = parser->position;
  guint64 value = 0;

  while (g_ascii_isdigit (imap_parser_peek (parser))) {
    guint digit = imap_parser_peek (parser) - '0';
    if (value > ((guint64)G_MAXINT64 - digit) / 10) {
      parser->position = start;
      return FALSE;
    }
    value = value * 10 + digit;
    parser->position++;
  }
  *number = value;
  return parser->position > start;
}

gboolean
imap_parser_number (ImapParser *parser, guint32 *number)
{
  gsize start = parser->position;
  guint64 value;

  if (imap_parser_number64 (parser, &value) && value <= G_MAXUINT32) {
    *number = (guint32)value;
    return TRUE;
  }
  parser->position = start;
  return FALSE;
}

gboolean
imap_parser_date (ImapParser *parser, gint64 *day)
{
  gsize start = parser->position;
  g_autofree char *text = imap_parser_astring (parser);
  g_autofree char *padded = NULL;
  gint16 zone;

  if (text) {
    /* date-day may have one digit; date-time wants two characters. */
    padded = g_strdup_printf ("%s%s 00:00:00 +0000", strlen (text) == 10 ? " " : "", text);
    if (strlen (text) <= 11 && date_parse_imap (padded, day, &zone))
      return TRUE;
  }
  parser->position = start;
  return FALSE;
}

gboolean
imap_parser_date_time (ImapParser *parser, gint64 *seconds, gint16 *zone)
{
  gsize start = parser->position;
  g_autofree char *text = imap_parser_peek (parser) == '"' ? take_quoted (parser) : NULL;

  if (text && date_parse_imap (text, seconds, zone))
    return TRUE;
  parser->position = start;
  return FALSE;
}

gboolean
imap_parser_list (ImapParser *parser, gboolean (*item) (ImapParser *parser, gpointer data),
                  gpointer data)
{
  if (!imap_parser_take (parser, '('))
    return FALSE;
  if (imap_parser_take (parser, ')'))
    return TRUE;
  while (item (parser, data)) {
    if (imap_parser_take (parser, ')'))
      return TRUE;
    if (!imap_parser_space (parser))
      return FALSE;
  }
  return FALSE;
}
