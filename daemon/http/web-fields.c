/* Reads cookies, hosts and forms. */
#include "http/web-fields.h"
#include <libsoup/soup.h>
#include <openssl/crypto.h>
#include <string.h>

#define HOST_MOST 253
#define FIELDS_MOST 32

char *
cookie_find (const char *header, const char *name)
{
  const gsize length = strlen (name);

  while (header != NULL && *header != '\0') {
    header += strspn (header, " \t;");
    const gsize pair = strcspn (header, ";");
    if (pair > length && header[length] == '=' && strncmp (header, name, length) == 0)
      return g_strchomp (g_strndup (header + length + 1, pair - length - 1));
    header += pair;
  }
  return NULL;
}

/* A name, or an IPv6 address in brackets. */
static gboolean
is_host (const char *text, gsize length)
{
  const gboolean is_literal = length > 2 && text[0] == '[' && text[length - 1] == ']';

  if (length == 0 || length > HOST_MOST)
    return FALSE;
  for (gsize i = is_literal; i < length - is_literal; i++)
    if (!(is_literal ? g_ascii_isxdigit (text[i]) || text[i] == ':' || text[i] == '.'
                     : g_ascii_isalnum (text[i]) || text[i] == '-' || text[i] == '.'))
      return FALSE;
  return TRUE;
}

char *
host_parse (const char *header)
{
  const char *end = header != NULL ? header + strlen (header) : NULL;
  const char *colon = header != NULL ? strrchr (header, ':') : NULL;
  gsize length;

  if (header == NULL)
    return g_strdup ("");
  if (colon != NULL && strspn (colon + 1, "0123456789") == (gsize)(end - colon - 1))
    end = colon;
  length = (gsize)(end - header);
  if (length > 1 && header[length - 1] == '.')
    length--; /* a name in full */
  return is_host (header, length) ? g_ascii_strdown (header, (gssize)length) : g_strdup ("");
}

/* GLib's hash is no secret: who may send any number of fields can choose such that all collide. */
static gboolean
has_too_many_fields (const char *text, gsize length)
{
  guint count = 1;

  for (gsize i = 0; i < length; i++)
    count += text[i] == '&' || text[i] == ';';
  return count > FIELDS_MOST;
}

GHashTable *
form_parse (const char *text, gsize length)
{
  if (length == 0 || memchr (text, '\0', length) != NULL || has_too_many_fields (text, length))
    return NULL;
  char *copy = g_strndup (text, length);
  GHashTable *form = soup_form_decode (copy);
  OPENSSL_cleanse (copy, length);
  g_free (copy);
  return form;
}

const char *
field_text (GHashTable *fields, const char *name)
{
  const char *value = g_hash_table_lookup (fields, name);

  return value != NULL && g_utf8_validate (value, -1, NULL) ? value : "";
}
