/* Writes Authentication-Results, and removes forged ones. */
#include "policy/authentication-results.h"
#include "mail/header.h"
#include <string.h>

#define VALUE_MAX 255 /* characters of what others wrote */
#define TOKEN_PUNCTUATION "!#$%&'*+-.^_`{|}~"

GString *
authentication_results_new (const char *authserv_id)
{
  return g_string_new (authserv_id);
}

/* A token, or an address of such characters (§2.2: pvalue). */
static gboolean
is_plain (const char *value)
{
  if (*value == '\0')
    return FALSE;
  for (; *value; value++)
    if (!g_ascii_isalnum (*value) && *value != '@' && strchr (TOKEN_PUNCTUATION, *value) == NULL)
      return FALSE;
  return TRUE;
}

/* Inside quotes or a comment: what would end them is escaped, controls and broken UTF-8 go. */
static void
append_escaped (GString *out, const char *text, const char *special)
{
  g_autofree char *valid = g_utf8_make_valid (text, MIN (strlen (text), VALUE_MAX));

  for (const char *at = valid; *at; at++)
    if (g_ascii_iscntrl (*at)) {
      g_string_append_c (out, '?');
    } else {
      if (strchr (special, *at))
        g_string_append_c (out, '\\');
      g_string_append_c (out, *at);
    }
}

static void
append_quoted (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  append_escaped (out, text, "\"\\");
  g_string_append_c (out, '"');
}

/* What identifies a mailbox is a local part, quoted if need be, and a domain (§2.2). */
static void
append_value (GString *out, const char *value)
{
  const char *at = strrchr (value, '@');
  const gboolean is_long = strlen (value) > VALUE_MAX;

  if (!is_long && is_plain (value) && strchr (value, '@') == at) {
    g_string_append (out, value);
  } else if (!is_long && at && at > value && is_plain (at + 1)) {
    g_autofree char *local = g_strndup (value, (gsize)(at - value));

    append_quoted (out, local);
    g_string_append (out, at);
  } else
    append_quoted (out, value);
}

void
authentication_results_add (GString *self, const char *method, const char *result,
                            const char *comment, ...)
{
  va_list pairs;
  const char *property;

  g_string_append_printf (self, ";\r\n\t%s=%s", method, result);
  if (comment) {
    g_string_append (self, " (");
    append_escaped (self, comment, "()\\");
    g_string_append_c (self, ')');
  }
  va_start (pairs, comment);
  while ((property = va_arg (pairs, const char *)) != NULL) {
    const char *value = va_arg (pairs, const char *);

    if (value == NULL)
      continue;
    g_string_append_printf (self, "\r\n\t %s=", property);
    append_value (self, value);
  }
  va_end (pairs);
}

char *
authentication_results_finish (GString *self)
{
  g_autofree char *value = g_string_free (self, FALSE);

  return g_strdup_printf ("Authentication-Results: %s%s\r\n", value,
                          strchr (value, ';') ? "" : "; none");
}

/* The end of a quoted string that begins at TEXT, whose content goes to OUT. */
static const char *
read_quoted (const char *text, GString *out)
{
  for (text++; *text && *text != '"'; text++) {
    if (*text == '\\' && text[1])
      text++;
    g_string_append_c (out, *text);
  }
  return *text ? text + 1 : text;
}

/* ID is NAME, and maybe the root's dot and a version behind it. */
static gboolean
is_name (const char *id, const char *name)
{
  const gsize length = strlen (name);

  if (strncmp (id, name, length) != 0)
    return FALSE;
  for (const char *at = id + length; *at; at++)
    if (!g_ascii_isdigit (*at) && *at != '.' && *at != '/')
      return FALSE;
  return TRUE;
}

/* A reader may join what stands next to each other: words, quoted or not, and dots with comments
 * and blanks between them. So all is put together up to the semicolon, and the version after it is
 * allowed for. A name in A-labels is also what it is in U-labels (§5). */
gboolean
authentication_results_is_from (const char *value, const char *authserv_id)
{
  g_autoptr (GString) id = g_string_new (NULL);
  g_autofree char *unicode = g_hostname_to_unicode (authserv_id);
  g_autofree char *name = g_utf8_casefold (authserv_id, -1);
  g_autofree char *label = unicode ? g_utf8_casefold (unicode, -1) : g_strdup (name);
  g_autofree char *valid = NULL;
  g_autofree char *folded = NULL;

  for (const char *at = header_skip_comments (value); *at && *at != ';';
       at = header_skip_comments (at)) {
    if (*at == '"')
      at = read_quoted (at, id);
    else
      g_string_append_c (id, *at++);
  }
  valid = g_utf8_make_valid (id->str, (gssize)id->len);
  folded = g_utf8_casefold (valid, -1);
  return is_name (folded, name) || is_name (folded, label);
}

/* A version other than 1 stands behind the name: nobody knows what its readers make of it (§5). */
gboolean
authentication_results_is_strange (const char *value)
{
  g_autoptr (GString) id = g_string_new (NULL);
  const char *at = header_skip_comments (value);
  guint64 version;

  if (*at == '"')
    at = read_quoted (at, id);
  else
    at += strcspn (at, " \t(;");
  at = header_skip_comments (at);
  if (!g_ascii_isdigit (*at))
    return FALSE;
  version = g_ascii_strtoull (at, NULL, 10);
  return version != 1;
}

static gboolean
is_forged (const guint8 *bytes, const HeaderField *field, const char *authserv_id)
{
  static const char name[] = "Authentication-Results";
  g_autofree char *value = NULL;

  if (field->name.length != strlen (name)
      || g_ascii_strncasecmp ((const char *)bytes + field->name.offset, name, strlen (name)) != 0)
    return FALSE;
  value = header_unfold (bytes, field);
  return authentication_results_is_from (value, authserv_id)
      || authentication_results_is_strange (value);
}

GBytes *
authentication_results_strip (GBytes *message, const char *authserv_id)
{
  gsize length, position = 0, kept = 0;
  const guint8 *bytes = g_bytes_get_data (message, &length);
  g_autoptr (GByteArray) out = NULL;
  HeaderField field;

  while (length > 0 && header_next (bytes, length, &position, &field)) {
    if (!is_forged (bytes, &field, authserv_id))
      continue;
    if (out == NULL)
      out = g_byte_array_new ();
    g_byte_array_append (out, bytes + kept, field.whole.offset - kept);
    kept = field.whole.offset + field.whole.length;
  }
  if (out == NULL)
    return g_bytes_ref (message);
  g_byte_array_append (out, bytes + kept, length - kept);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
