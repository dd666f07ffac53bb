/* Reads and expands macro-strings (RFC 7208 §7). */
#include "policy/spf-macro.h"
#include <string.h>

#define DELIMITERS ".-+,/_="
#define NAME_MAX_LENGTH 253

typedef struct {
  char letter;
  guint64 labels; /* 0: all */
  gboolean reverse;
  char delimiters[8]; /* "." unless others are named */
} Macro;

/* %{…} at TEXT; *END is set behind it. */
static gboolean
read_macro (const char *text, Macro *macro, const char **end)
{
  gsize count;

  *macro = (Macro) { 0 };
  if (text[1] != '{' || text[2] == '\0'
      || strchr ("slodiphcrtv", g_ascii_tolower (text[2])) == NULL)
    return FALSE;
  macro->letter = text[2];
  text += 3;
  if (g_ascii_isdigit (*text)) {
    macro->labels = g_ascii_strtoull (text, (char **)&text, 10);
    if (macro->labels == 0) /* §7.3: MUST be nonzero */
      return FALSE;
  }
  if (*text == 'r' || *text == 'R') {
    macro->reverse = TRUE;
    text++;
  }
  count = strspn (text, DELIMITERS);
  if (text[count] != '}')
    return FALSE;
  for (gsize i = 0, used = 0; i < count; i++)
    if (memchr (macro->delimiters, text[i], used) == NULL)
      macro->delimiters[used++] = text[i];
  if (count == 0)
    macro->delimiters[0] = '.';
  *end = text + count + 1;
  return TRUE;
}

/* The end of the macro-expand at TEXT (a '%'), or NULL. */
static const char *
skip_macro (const char *text, gboolean explanation)
{
  const char *end;
  Macro macro;

  if (text[1] == '%' || text[1] == '_' || text[1] == '-')
    return text + 2;
  if (!read_macro (text, &macro, &end))
    return NULL;
  return explanation || strchr ("crt", g_ascii_tolower (macro.letter)) == NULL ? end : NULL;
}

gboolean
spf_macro_is_valid (const char *text, gboolean explanation)
{
  while (text != NULL && *text)
    if (*text == '%')
      text = skip_macro (text, explanation);
    else if (*text > 0x20 && *text < 0x7f)
      text++;
    else if (*text == ' ' && explanation)
      text++;
    else
      return FALSE;
  return text != NULL;
}

/* toplabel (§7.1): letters, digits and inner hyphens, not only digits. */
static gboolean
is_top_label (const char *text, gsize length)
{
  gboolean number = TRUE;

  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isalnum (text[i]) && text[i] != '-')
      return FALSE;
    number &= g_ascii_isdigit (text[i]);
  }
  return length > 0 && !number && text[0] != '-' && text[length - 1] != '-';
}

gboolean
spf_domain_spec_is_valid (const char *text)
{
  const char *literal = text; /* what stands behind the last macro */
  gsize length;

  if (*text == '\0' || !spf_macro_is_valid (text, FALSE))
    return FALSE;
  for (const char *at = text; *at;)
    if (*at == '%')
      literal = at = skip_macro (at, FALSE);
    else
      at++;
  length = strlen (literal);
  if (length == 0)
    return TRUE;
  if (literal[length - 1] == '.')
    length--;
  for (gsize i = length; i > 0; i--)
    if (literal[i - 1] == '.')
      return is_top_label (literal + i, length - i);
  return FALSE;
}

/* IPv4 as it is written, IPv6 as dotted nibbles (§7.3). */
static char *
dotted_address (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  GString *text;

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return g_inet_address_to_string (address);
  text = g_string_new (NULL);
  for (guint i = 0; i < 16; i++)
    g_string_append_printf (text, i ? ".%x.%x" : "%x.%x", bytes[i] >> 4, bytes[i] & 15);
  return g_string_free (text, FALSE);
}

static char *
macro_value (const SpfMacros *self, char letter)
{
  const char *at = strrchr (self->sender, '@');
  const char *name;

  switch (letter) {
  case 's':
    return g_strdup (self->sender);
  case 'l':
    return g_strndup (self->sender, at - self->sender);
  case 'o':
    return g_strdup (at + 1);
  case 'd':
    return g_strdup (self->domain);
  case 'i':
    return dotted_address (self->address);
  case 'p':
    name = self->ptr_name (self->data);
    return g_strdup (name);
  case 'h':
    return g_strdup (self->helo);
  case 'c':
    return g_inet_address_to_string (self->address);
  case 'r':
    return g_strdup (self->receiver);
  case 't':
    return g_strdup_printf ("%" G_GINT64_FORMAT, self->now);
  default:
    return g_strdup (g_inet_address_get_family (self->address) == G_SOCKET_FAMILY_IPV4 ? "in-addr"
                                                                                       : "ip6");
  }
}

/* Splits, reverses, keeps the right-hand parts, and joins them with dots. */
static char *
transform (const Macro *macro, const char *value)
{
  g_auto (GStrv) parts = g_strsplit_set (value, macro->delimiters, -1);
  const guint count = g_strv_length (parts);
  const guint skipped = macro->labels > 0 && macro->labels < count ? count - macro->labels : 0;

  for (guint i = 0; macro->reverse && i < count / 2; i++) {
    char *other = parts[i];
    parts[i] = parts[count - 1 - i];
    parts[count - 1 - i] = other;
  }
  return g_strjoinv (".", parts + skipped);
}

static gboolean
append_macro (const SpfMacros *self, GString *out, const char **text)
{
  const char *at = *text;
  g_autofree char *value = NULL;
  g_autofree char *shown = NULL;
  Macro macro;

  if (at[1] != '{') {
    g_string_append (out, at[1] == '%' ? "%" : at[1] == '_' ? " " : "%20");
    *text += 2;
    return TRUE;
  }
  if (!read_macro (at, &macro, text))
    return FALSE;
  value = macro_value (self, g_ascii_tolower (macro.letter));
  if (value == NULL)
    return FALSE;
  shown = transform (&macro, value);
  if (g_ascii_isupper (macro.letter))
    g_string_append_uri_escaped (out, shown, NULL, FALSE);
  else
    g_string_append (out, shown);
  return TRUE;
}

char *
spf_macro_expand (const SpfMacros *self, const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  while (*text)
    if (*text != '%')
      g_string_append_c (out, *text++);
    else if (!append_macro (self, out, &text))
      return NULL;
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
spf_domain_expand (const SpfMacros *self, const char *text)
{
  g_autofree char *whole = spf_macro_expand (self, text);
  const char *start = whole;
  gsize length;

  if (whole == NULL)
    return NULL;
  length = strlen (whole);
  if (length > 0 && whole[length - 1] == '.')
    whole[--length] = '\0';
  while (strlen (start) > NAME_MAX_LENGTH && strchr (start, '.'))
    start = strchr (start, '.') + 1;
  return g_strdup (start);
}
