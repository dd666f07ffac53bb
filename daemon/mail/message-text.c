/* Takes a message apart into what SEARCH looks at. */
#include "mail/message-text.h"
#include "mail/encoding.h"
#include "mail/html-text.h"
#include "mail/mime.h"
#include <string.h>

typedef struct {
  MessageTextMap map;
  MessageTextFunc func;
  gpointer data;
} Teller;

static gboolean
tell (const Teller *teller, const char *utf8)
{
  g_autofree char *mapped = teller->map (utf8);

  return teller->func (mapped, teller->data);
}

static gboolean
header_text (const guint8 *header, gsize length, const Teller *teller)
{
  gsize position = 0;
  HeaderField field;

  while (header_next (header, length, &position, &field)) {
    g_autofree char *name = g_strndup ((const char *)header + field.name.offset, field.name.length);
    g_autofree char *value = header_unfold (header, &field);
    g_autofree char *decoded = encoded_words_decode (value);

    if (!tell (teller, decoded) || !tell (teller, name))
      return FALSE;
  }
  return TRUE;
}

gboolean
message_text_header (const guint8 *header, gsize length, MessageTextMap map, MessageTextFunc func,
                     gpointer data)
{
  return header_text (header, length, &(Teller) { map, func, data });
}

/* HTML shows any run of blanks as one: a phrase goes on over the end of a line. */
static char *
join_blanks (const char *text)
{
  GString *out = g_string_new (NULL);

  while (*text != '\0') {
    gsize plain = strcspn (text, " \t\r\n");
    g_string_append_len (out, text, (gssize)plain);
    text += plain;
    if (*text != '\0')
      g_string_append_c (out, ' ');
    text += strspn (text, " \t\r\n");
  }
  return g_string_free (out, FALSE);
}

static char *
html_words (const char *html)
{
  g_autofree char *text = html_to_text (html, G_MAXSIZE);

  return join_blanks (text);
}

static gboolean
leaf_text (const guint8 *message, const MimePart *part, const Teller *teller)
{
  g_autoptr (GByteArray) decoded = NULL;
  g_autofree char *text = NULL, *plain = NULL;

  if (!mime_part_is (part, "text", NULL))
    return TRUE;
  decoded = encoding_decode (part->encoding, message + part->body.offset, part->body.length);
  text = charset_to_utf8 (mime_part_parameter (part, "charset"), decoded->data, decoded->len);
  if (mime_part_is (part, "text", "html"))
    plain = html_words (text);
  return tell (teller, plain != NULL ? plain : text);
}

/* Depth is bounded by mime_parse. */
static gboolean
part_text (const guint8 *message, const MimePart *part, const Teller *teller)
{
  gboolean is_message = part->children != NULL && !mime_part_is (part, "multipart", NULL);

  if (part->children == NULL)
    return leaf_text (message, part, teller);
  for (guint i = 0; i < part->children->len; i++) {
    const MimePart *child = g_ptr_array_index (part->children, i);
    if (is_message && !header_text (message + child->header.offset, child->header.length, teller))
      return FALSE;
    if (!part_text (message, child, teller))
      return FALSE;
  }
  return TRUE;
}

gboolean
message_text_body (const guint8 *message, gsize length, MessageTextMap map, MessageTextFunc func,
                   gpointer data)
{
  g_autoptr (MimePart) root = mime_parse (message, length);

  return part_text (message, root, &(Teller) { map, func, data });
}

static gboolean
contains (const char *utf8, const char *mapped)
{
  g_autofree char *text = text_casemap (utf8);

  return strstr (text, mapped) != NULL;
}

static gboolean
matches_field (const guint8 *header, const HeaderField *field, const char *mapped)
{
  g_autofree char *value = header_unfold (header, field);
  g_autofree char *decoded = encoded_words_decode (value);

  return contains (decoded, mapped);
}

/* Stops as soon as a piece holds the word. */
static gboolean
holds_not (const char *mapped, gpointer word)
{
  return strstr (mapped, word) == NULL;
}

gboolean
message_header_holds (const guint8 *header, gsize length, const char *field_name,
                      const char *mapped)
{
  gsize position = 0;
  HeaderField field;

  if (!field_name) /* TEXT also finds a field's name */
    return !message_text_header (header, length, text_casemap, holds_not, (gpointer)mapped);
  while (header_next (header, length, &position, &field)) {
    if (strlen (field_name) != field.name.length
        || g_ascii_strncasecmp (field_name, (const char *)header + field.name.offset,
                                field.name.length)
            != 0)
      continue;
    if (*mapped == '\0' || matches_field (header, &field, mapped))
      return TRUE;
  }
  return FALSE;
}

gboolean
message_body_holds (const guint8 *message, gsize length, const char *mapped)
{
  return *mapped == '\0'
      || !message_text_body (message, length, text_casemap, holds_not, (gpointer)mapped);
}
