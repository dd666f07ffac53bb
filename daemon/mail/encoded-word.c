/* Decodes the encoded words of header fields (RFC 2047). */
#include "mail/encoding.h"
#include <string.h>

/* The RFC's limit is 75; longer ones are seen. The bound keeps the search linear. */
#define WORD_MAX 1000

typedef struct {
  char charset[41];
  char encoding; /* 'b' or 'q' */
  const char *text;
  gsize length;
  const char *end; /* behind "?=" */
} EncodedWord;

/* Bytes of words that follow each other in one charset: a character may be split between them. */
typedef struct {
  GString *out;
  GByteArray *bytes;
  char charset[41];
  gboolean as_octets; /* a character for each byte, whatever the charset */
  gboolean whole;
} Decoder;

/* TEXT begins with "=?". */
static gboolean
word_read (const char *text, EncodedWord *word)
{
  gsize length = strnlen (text, WORD_MAX);
  const char *end = text + length;
  const char *charset = text + 2, *mark, *close;
  gsize charset_length;

  mark = memchr (charset, '?', (gsize)(end - charset));
  if (mark == NULL || end - mark < 5 || mark[2] != '?')
    return FALSE;
  word->encoding = g_ascii_tolower (mark[1]);
  if (word->encoding != 'b' && word->encoding != 'q')
    return FALSE;
  charset_length = strcspn (charset, "*?"); /* RFC 2231 §5: charset*language */
  if (charset_length == 0 || charset_length >= sizeof word->charset)
    return FALSE;
  memcpy (word->charset, charset, charset_length);
  word->charset[charset_length] = '\0';

  word->text = mark + 3;
  close = memchr (word->text, '?', (gsize)(end - word->text));
  if (close == NULL || close[1] != '=')
    return FALSE;
  word->length = (gsize)(close - word->text);
  word->end = close + 2;
  return TRUE;
}

static void
decode_q (GByteArray *out, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    guint8 byte = (guint8)text[i];

    if (byte == '_')
      byte = ' ';
    else if (byte == '=' && length - i > 2 && g_ascii_isxdigit (text[i + 1])
             && g_ascii_isxdigit (text[i + 2])) {
      byte = (guint8)(g_ascii_xdigit_value (text[i + 1]) * 16 + g_ascii_xdigit_value (text[i + 2]));
      i += 2;
    }
    g_byte_array_append (out, &byte, 1);
  }
}

static char *
octets_to_utf8 (const guint8 *bytes, gsize length)
{
  GString *out = g_string_sized_new (length * 2);

  for (gsize i = 0; i < length; i++)
    g_string_append_unichar (out, bytes[i] != 0 ? bytes[i] : 0xfffd);
  return g_string_free (out, FALSE);
}

static void
decoder_flush (Decoder *self)
{
  g_autofree char *text = NULL;
  gboolean whole = TRUE;

  if (self->bytes->len == 0)
    return;
  text = self->as_octets
      ? octets_to_utf8 (self->bytes->data, self->bytes->len)
      : charset_convert (self->charset, self->bytes->data, self->bytes->len, &whole);
  self->whole = self->whole && whole;
  g_string_append (self->out, text);
  g_byte_array_set_size (self->bytes, 0);
}

static void
decoder_add (Decoder *self, const EncodedWord *word)
{
  if (g_ascii_strcasecmp (self->charset, word->charset) != 0)
    decoder_flush (self);
  g_strlcpy (self->charset, word->charset, sizeof self->charset);
  if (word->encoding == 'q') {
    decode_q (self->bytes, word->text, word->length);
  } else {
    g_autoptr (GByteArray) bytes
        = encoding_decode ("base64", (const guint8 *)word->text, word->length);

    g_byte_array_append (self->bytes, bytes->data, bytes->len);
  }
}

static char *
decode (const char *value, gboolean as_octets, gboolean *whole)
{
  g_autofree char *valid = as_octets ? octets_to_utf8 ((const guint8 *)value, strlen (value))
                                     : charset_guess ((const guint8 *)value, strlen (value));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Decoder decoder = { g_string_sized_new (strlen (valid)), bytes, "", as_octets, TRUE };
  const char *next = valid;
  gboolean after_word = FALSE;

  while (*next != '\0') {
    gsize blanks = strspn (next, " \t");
    EncodedWord word;

    if (next[blanks] == '=' && next[blanks + 1] == '?' && word_read (next + blanks, &word)) {
      if (!after_word) /* blanks between two words only separate them (RFC 2047 §6.2) */
        g_string_append_len (decoder.out, next, (gssize)blanks);
      decoder_add (&decoder, &word);
      next = word.end;
      after_word = TRUE;
      continue;
    }
    decoder_flush (&decoder);
    after_word = FALSE;
    g_string_append_len (decoder.out, next, (gssize)blanks);
    next += blanks;
    if (*next != '\0')
      g_string_append_c (decoder.out, *next++);
  }
  decoder_flush (&decoder);
  *whole = decoder.whole;
  return g_string_free (decoder.out, FALSE);
}

char *
encoded_words_decode (const char *value)
{
  gboolean whole;

  return decode (value, FALSE, &whole);
}

char *
encoded_words_decode_whole (const char *value, gboolean *whole)
{
  g_autofree char *text = decode (value, FALSE, whole);
  gboolean ignored;

  return *whole ? g_steal_pointer (&text) : decode (value, TRUE, &ignored);
}
