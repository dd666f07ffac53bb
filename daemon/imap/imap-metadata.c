/* What GETMETADATA and SETMETADATA ask for. */
#include "imap/imap-metadata.h"

#include <string.h>

#include "accounts/metadata.h"
#include "imap/imap-print.h"

static void
annotation_free (gpointer data)
{
  ImapAnnotation *self = data;

  g_free (self->name);
  g_clear_pointer (&self->value, g_bytes_unref);
  g_free (self);
}

ImapMetadata *
imap_metadata_new (void)
{
  ImapMetadata *self = g_new0 (ImapMetadata, 1);

  self->entries = g_ptr_array_new_with_free_func (annotation_free);
  return self;
}

void
imap_metadata_free (ImapMetadata *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

static gboolean
take_depth (ImapParser *parser, ImapMetadata *self)
{
  static const struct {
    const char *word;
    guint depth;
  } depths[] = { { "0", 0 }, { "1", 1 }, { "infinity", METADATA_INFINITE } };

  for (gsize i = 0; i < G_N_ELEMENTS (depths); i++)
    if (imap_parser_word (parser, depths[i].word)) {
      self->depth = depths[i].depth;
      return TRUE;
    }
  return FALSE;
}

static gboolean
take_option (ImapParser *parser, gpointer data)
{
  ImapMetadata *self = data;

  if (imap_parser_word (parser, "DEPTH"))
    return imap_parser_space (parser) && take_depth (parser, self);
  self->has_most = imap_parser_word (parser, "MAXSIZE");
  return self->has_most && imap_parser_space (parser) && imap_parser_number (parser, &self->most);
}

gboolean
imap_metadata_options (ImapParser *parser, ImapMetadata *self)
{
  gsize start = parser->position;

  if (imap_parser_list (parser, take_option, self) && parser->position > start + 2)
    return TRUE;
  parser->position = start;
  return FALSE;
}

static gboolean
add_entry (ImapMetadata *self, const char *given, gboolean whole, GBytes *value)
{
  char *name = given ? metadata_normalize (given, whole) : NULL;
  ImapAnnotation *entry;

  if (!name || self->entries->len == IMAP_METADATA_MAX) {
    g_free (name);
    g_clear_pointer (&value, g_bytes_unref);
    return FALSE;
  }
  entry = g_new0 (ImapAnnotation, 1);
  entry->name = name;
  entry->value = value;
  g_ptr_array_add (self->entries, entry);
  return TRUE;
}

/* With DEPTH the whole of "/shared" may be asked for. */
static gboolean
take_entry (ImapParser *parser, gpointer data)
{
  ImapMetadata *self = data;
  g_autofree char *given = imap_parser_astring (parser);

  return add_entry (self, given, self->depth == 0, NULL);
}

gboolean
imap_metadata_entries (ImapParser *parser, ImapMetadata *self)
{
  if (imap_parser_peek (parser) != '(')
    return take_entry (parser, self);
  return imap_parser_list (parser, take_entry, self) && self->entries->len > 0;
}

static gboolean
take_value (ImapParser *parser, gpointer data)
{
  g_autofree char *given = imap_parser_astring (parser);
  GBytes *value = NULL;

  return given && imap_parser_space (parser) && imap_parser_value (parser, &value)
      && add_entry (data, given, TRUE, value);
}

gboolean
imap_metadata_values (ImapParser *parser, ImapMetadata *self)
{
  return imap_parser_list (parser, take_value, self) && self->entries->len > 0;
}

static gboolean
is_plain (const char *name)
{
  return strpbrk (name, "(){ \"\\") == NULL;
}

static void
print_value (GString *out, const guint8 *value, gsize length)
{
  g_autofree char *text = NULL;

  if (!value) {
    g_string_append (out, "NIL");
  } else if (memchr (value, 0, length)) {
    g_string_append_printf (out, "~{%" G_GSIZE_FORMAT "}\r\n", length);
    g_string_append_len (out, (const char *)value, (gssize)length);
  } else {
    text = g_strndup ((const char *)value, length);
    imap_print_string (out, text);
  }
}

void
imap_metadata_print_name (GString *out, const char *name)
{
  if (is_plain (name))
    g_string_append (out, name);
  else
    imap_print_string (out, name);
}

void
imap_metadata_print (GString *out, const char *name, const guint8 *value, gsize length)
{
  if (out->len > 0 && out->str[out->len - 1] != '(')
    g_string_append_c (out, ' ');
  imap_metadata_print_name (out, name);
  g_string_append_c (out, ' ');
  print_value (out, value, length);
}
