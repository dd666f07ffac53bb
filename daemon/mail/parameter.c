/* Reads the values and parameters of Content-Type and Content-Disposition. */
#include "mail/parameter.h"
#include "mail/encoding.h"
#include "mail/header.h"
#include <string.h>

/* One "name*1*=value" as it stands there. */
typedef struct {
  char *name; /* without the asterisks */
  int section; /* -1: not continued */
  gboolean is_encoded;
  char *value;
  gboolean is_done;
} Piece;

static void
piece_free (Piece *piece)
{
  g_free (piece->name);
  g_free (piece->value);
  g_free (piece);
}

/* token of RFC 2045 §5.1; bytes above ASCII are let through. */
static gboolean
is_token (char byte)
{
  return (guchar)byte > ' ' && byte != 0x7f && strchr ("()<>@,;:\\\"/[]?=", byte) == NULL;
}

static char *
read_token (const char **text)
{
  const char *start = *text;

  while (is_token (**text))
    (*text)++;
  return *text > start ? g_strndup (start, (gsize)(*text - start)) : NULL;
}

static char *
read_quoted (const char **text)
{
  GString *value = g_string_new (NULL);
  const char *next = *text + 1;

  for (; *next != '\0' && *next != '"'; next++) {
    if (*next == '\\' && next[1] != '\0')
      next++;
    g_string_append_c (value, *next);
  }
  *text = *next == '"' ? next + 1 : next;
  return g_string_free (value, FALSE);
}

/* Values that should have been quoted (file names with blanks, boundaries with '=') are taken up to
 * the ';'. */
static char *
read_value (const char **text)
{
  const char *start = *text;
  char *value;

  if (*start == '"')
    return read_quoted (text);
  *text += strcspn (start, ";");
  value = g_strchomp (g_strndup (start, (gsize)(*text - start)));
  if (strchr (value, '(') != NULL) {
    gsize length = strcspn (value, " \t(");

    if (*header_skip_comments (value + length) == '\0') /* only a comment follows */
      value[length] = '\0';
  }
  return value;
}

/* "name*", "name*2", "name*2*". What is none of them is a plain name. */
static void
piece_split_name (Piece *piece)
{
  char *star = strchr (piece->name, '*');
  gsize length = strlen (piece->name);
  gsize digits;

  if (star == NULL || star == piece->name)
    return;
  digits = strspn (star + 1, "0123456789");
  if (star[1 + digits] != '\0' && strcmp (star + 1 + digits, "*") != 0)
    return;
  if (digits > 3)
    return;
  piece->is_encoded = piece->name[length - 1] == '*';
  if (digits > 0)
    piece->section = (int)g_ascii_strtoull (star + 1, NULL, 10);
  *star = '\0';
}

static GPtrArray *
read_pieces (const char *text)
{
  GPtrArray *pieces = g_ptr_array_new_with_free_func ((GDestroyNotify)piece_free);

  while (pieces->len < PARAMETERS_MAX) {
    g_autofree char *name = NULL;
    Piece *piece;

    text += strcspn (text, ";");
    if (*text == '\0')
      break;
    text = header_skip_comments (text + 1);
    name = read_token (&text);
    text = header_skip_comments (text);
    if (name == NULL || *text != '=')
      continue;
    text = header_skip_comments (text + 1);
    piece = g_new0 (Piece, 1);
    piece->name = g_steal_pointer (&name);
    piece->section = -1;
    piece->value = read_value (&text);
    piece_split_name (piece);
    g_ptr_array_add (pieces, piece);
  }
  return pieces;
}

static void
append_percent_decoded (GByteArray *out, const char *text)
{
  for (; *text != '\0'; text++) {
    guint8 byte = (guint8)*text;

    if (byte == '%' && g_ascii_isxdigit (text[1]) && g_ascii_isxdigit (text[2])) {
      byte = (guint8)(g_ascii_xdigit_value (text[1]) * 16 + g_ascii_xdigit_value (text[2]));
      text += 2;
    }
    g_byte_array_append (out, &byte, 1);
  }
}

static Piece *
find_piece (const GPtrArray *pieces, const char *name, int section)
{
  for (guint i = 0; i < pieces->len; i++) {
    Piece *piece = pieces->pdata[i];

    if (!piece->is_done && piece->section == section && g_ascii_strcasecmp (piece->name, name) == 0)
      return piece;
  }
  return NULL;
}

/* Joins FIRST with its continuations (RFC 2231 §3); the charset stands in the first piece (§4). */
static char *
join (const GPtrArray *pieces, Piece *first)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *charset = NULL;
  int section = first->section;

  for (Piece *piece = first; piece != NULL; piece = find_piece (pieces, first->name, ++section)) {
    const char *value = piece->value;
    const char *mark = piece == first && piece->is_encoded ? strchr (value, '\'') : NULL;
    const char *second = mark != NULL ? strchr (mark + 1, '\'') : NULL;

    piece->is_done = TRUE;
    if (second != NULL) {
      charset = g_strndup (value, (gsize)(mark - value));
      value = second + 1;
    }
    if (piece->is_encoded)
      append_percent_decoded (bytes, value);
    else
      g_byte_array_append (bytes, (const guint8 *)value, (guint)strlen (value));
    if (section < 0)
      break;
  }
  if (charset == NULL || *charset == '\0')
    return charset_guess (bytes->data, bytes->len);
  return charset_to_utf8 (charset, bytes->data, bytes->len);
}

static gboolean
contains (const GPtrArray *parameters, const char *name)
{
  return parameter_find (parameters, name) != NULL;
}

/* "name*" and "name*0" win over a plain "name", which is there for old readers (RFC 6266 §4.3 says
 * it for HTTP; mail programs do the same). Of equals the first wins. */
static GPtrArray *
join_pieces (const GPtrArray *pieces)
{
  GPtrArray *parameters = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < pieces->len; i++) {
    Piece *piece = pieces->pdata[i];
    Piece *first = find_piece (pieces, piece->name, 0);

    if (contains (parameters, piece->name))
      continue;
    for (guint j = 0; first == NULL && j < pieces->len; j++) {
      Piece *other = pieces->pdata[j];

      if (other->is_encoded && other->section < 0
          && g_ascii_strcasecmp (other->name, piece->name) == 0)
        first = other;
    }
    if (first == NULL && piece->section <= 0)
      first = piece;
    if (first == NULL)
      continue; /* a continuation without a beginning */
    g_ptr_array_add (parameters, g_strdup (first->name));
    g_ptr_array_add (parameters, join (pieces, first));
  }
  return parameters;
}

char *
parameter_parse (const char *text, GPtrArray **parameters)
{
  g_autofree char *value = NULL;

  text = header_skip_comments (text);
  value = read_token (&text);
  if (value != NULL && *(text = header_skip_comments (text)) == '/') {
    g_autofree char *main_type = g_steal_pointer (&value);
    g_autofree char *subtype = NULL;

    text = header_skip_comments (text + 1);
    subtype = read_token (&text);
    value = g_strconcat (main_type, "/", subtype != NULL ? subtype : "", NULL);
  }
  if (parameters != NULL) {
    g_autoptr (GPtrArray) pieces = read_pieces (text);

    *parameters = join_pieces (pieces);
  }
  return g_steal_pointer (&value);
}

const char *
parameter_find (const GPtrArray *parameters, const char *name)
{
  for (guint i = 0; parameters != NULL && i + 1 < parameters->len; i += 2)
    if (g_ascii_strcasecmp (parameters->pdata[i], name) == 0)
      return parameters->pdata[i + 1];
  return NULL;
}
