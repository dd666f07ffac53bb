/* Reads tag=value lists. */
#include "policy/tag-list.h"
#include <string.h>

#define WHITE " \t\r\n"

static void
tag_clear (gpointer data)
{
  Tag *tag = data;

  g_free (tag->name);
  g_free (tag->value);
}

void
tag_list_free (TagList *self)
{
  g_array_unref (self->tags);
  g_free (self);
}

static gboolean
is_name (const char *text)
{
  if (!g_ascii_isalpha (*text))
    return FALSE;
  while (g_ascii_isalnum (*text) || *text == '_')
    text++;
  return *text == '\0';
}

/* VALCHAR, white space, and UTF-8 (RFC 8616 §3). */
static gboolean
is_value (const char *text)
{
  for (const char *at = text; *at; at++)
    if (g_ascii_iscntrl (*at) && strchr (WHITE, *at) == NULL)
      return FALSE;
  return g_utf8_validate (text, -1, NULL);
}

static gboolean
add (TagList *self, char *text)
{
  char *equals = strchr (text, '=');
  Tag tag;

  if (equals == NULL || self->tags->len >= TAGS_MAX)
    return FALSE;
  *equals = '\0';
  g_strstrip (text);
  g_strstrip (equals + 1);
  if (!is_name (text) || !is_value (equals + 1) || tag_list_find (self, text))
    return FALSE;
  tag = (Tag) { g_strdup (text), g_strdup (equals + 1) };
  g_array_append_val (self->tags, tag);
  return TRUE;
}

TagList *
tag_list_parse (const char *text)
{
  g_autoptr (TagList) self = g_new0 (TagList, 1);
  g_auto (GStrv) parts = NULL;

  self->tags = g_array_new (FALSE, FALSE, sizeof (Tag));
  g_array_set_clear_func (self->tags, tag_clear);
  if (strlen (text) > TAG_LIST_MAX)
    return NULL;
  parts = g_strsplit (text, ";", TAGS_MAX + 2);
  for (guint i = 0; parts[i]; i++) {
    const gboolean empty = parts[i][strspn (parts[i], WHITE)] == '\0';

    if (empty && parts[i + 1] == NULL && i > 0)
      break; /* the last semicolon may stand there or not */
    if (!add (self, parts[i]))
      return NULL;
  }
  return self->tags->len > 0 ? g_steal_pointer (&self) : NULL;
}

const char *
tag_list_find (const TagList *self, const char *name)
{
  for (guint i = 0; i < self->tags->len; i++)
    if (strcmp (g_array_index (self->tags, Tag, i).name, name) == 0)
      return g_array_index (self->tags, Tag, i).value;
  return NULL;
}

gboolean
tag_list_begins (const TagList *self, const char *name, const char *value)
{
  const Tag *first = self->tags->len > 0 ? &g_array_index (self->tags, Tag, 0) : NULL;

  return first && strcmp (first->name, name) == 0 && strcmp (first->value, value) == 0;
}

char *
tag_strip (const char *value)
{
  GString *out = g_string_sized_new (strlen (value));

  for (; *value; value++)
    if (strchr (WHITE, *value) == NULL)
      g_string_append_c (out, *value);
  return g_string_free (out, FALSE);
}

GBytes *
tag_base64_decode (const char *value, gsize most)
{
  g_autofree char *text = tag_strip (value);
  const gsize length = strlen (text);
  gsize padding = 0, size;
  guint8 *bytes;

  while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
    padding++;
  if (length == 0 || length % 4 != 0 || length / 4 * 3 - padding > most)
    return NULL;
  for (gsize i = 0; i < length - padding; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
      return NULL;
  bytes = g_base64_decode (text, &size);
  return g_bytes_new_take (bytes, size);
}

gboolean
tag_words_contain (const char *value, const char *item)
{
  g_auto (GStrv) words = g_strsplit (value, ":", -1);

  for (guint i = 0; words[i]; i++)
    if (strcmp (g_strstrip (words[i]), item) == 0)
      return TRUE;
  return FALSE;
}

gboolean
tag_number_parse (const char *value, guint64 *number)
{
  const gsize length = strlen (value);

  if (length == 0 || length > 12 || value[strspn (value, "0123456789")])
    return FALSE;
  *number = g_ascii_strtoull (value, NULL, 10);
  return TRUE;
}
