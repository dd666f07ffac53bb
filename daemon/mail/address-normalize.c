/* Brings addresses of the envelope into the one form that directories are searched by. */
#include "mail/address.h"
#include <gio/gio.h>
#include <string.h>

/* RFC 5321 §4.5.3.1, in octets. */
#define LOCAL_PART_MAX 64
#define DOMAIN_MAX 255
#define LABEL_MAX 63

static gboolean
is_label (const char *label, gsize length)
{
  if (length == 0 || length > LABEL_MAX || label[0] == '-' || label[length - 1] == '-')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (label[i]) && label[i] != '-')
      return FALSE;
  return TRUE;
}

static gboolean
is_host_name (const char *domain)
{
  if (strlen (domain) > DOMAIN_MAX || g_hostname_is_ip_address (domain))
    return FALSE;
  while (TRUE) {
    gsize length = strcspn (domain, ".");

    if (!is_label (domain, length))
      return FALSE;
    if (domain[length] == '\0')
      return TRUE;
    domain += length + 1;
  }
}

char *
domain_normalize (const char *domain)
{
  gsize length = strnlen (domain, DOMAIN_MAX * 4 + 1);
  g_autofree char *copy = NULL;
  g_autofree char *ascii = NULL;
  g_autofree char *lower = NULL;

  if (length > DOMAIN_MAX * 4 || !g_utf8_validate (domain, -1, NULL))
    return NULL;
  if (length > 1 && domain[length - 1] == '.') /* the root's dot */
    length--;
  copy = g_strndup (domain, length);
  ascii = g_hostname_to_ascii (copy);
  if (ascii == NULL)
    return NULL;
  lower = g_ascii_strdown (ascii, -1);
  return is_host_name (lower) ? g_steal_pointer (&lower) : NULL;
}

/* "[192.0.2.1]" or "[IPv6:2001:db8::1]" (RFC 5321 §4.1.3). */
static char *
literal_normalize (const char *literal)
{
  gsize length = strlen (literal);
  gboolean is_ipv6 = g_ascii_strncasecmp (literal, "[ipv6:", 6) == 0;
  gsize prefix = is_ipv6 ? 6 : 1;
  g_autofree char *inner = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (length > 80 || length < prefix + 2 || literal[length - 1] != ']')
    return NULL;
  inner = g_strndup (literal + prefix, length - prefix - 1);
  address = g_inet_address_new_from_string (inner);
  if (address == NULL || (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6) != is_ipv6)
    return NULL;
  text = g_inet_address_to_string (address);
  return g_strdup_printf ("[%s%s]", is_ipv6 ? "ipv6:" : "", text);
}

/* atext of RFC 5322 §3.2.3, and with RFC 6532 §3.2 all that is not ASCII. */
static gboolean
is_atext (guchar byte)
{
  return byte >= 0x80 || g_ascii_isalnum ((char)byte)
      || (byte != '\0' && strchr ("!#$%&'*+-/=?^_`{|}~", byte) != NULL);
}

static gboolean
is_dot_string (const char *local)
{
  gboolean after_dot = TRUE;

  for (; *local != '\0'; local++) {
    if (*local == '.' ? after_dot : !is_atext ((guchar)*local))
      return FALSE;
    after_dot = *local == '.';
  }
  return !after_dot;
}

/* The content of a quoted local part, or NULL when the quoting is broken. */
static char *
unquote (const char *local, gsize length)
{
  g_autoptr (GString) content = g_string_sized_new (length);

  if (length < 2 || local[length - 1] != '"')
    return NULL;
  for (gsize i = 1; i < length - 1; i++) {
    if (local[i] == '"' || (local[i] == '\\' && ++i == length - 1))
      return NULL;
    g_string_append_c (content, local[i]);
  }
  return g_string_free (g_steal_pointer (&content), FALSE);
}

static char *
quote (const char *content)
{
  GString *quoted = g_string_new ("\"");

  for (; *content != '\0'; content++) {
    if (*content == '"' || *content == '\\')
      g_string_append_c (quoted, '\\');
    g_string_append_c (quoted, *content);
  }
  g_string_append_c (quoted, '"');
  return g_string_free (quoted, FALSE);
}

static gboolean
has_control (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar)*text < 0x20 || *text == 0x7f)
      return TRUE;
  return FALSE;
}

static char *
local_normalize (const char *local, gsize length)
{
  g_autofree char *content = NULL;
  g_autofree char *lower = NULL;
  g_autofree char *normal = NULL;
  gboolean was_quoted = local[0] == '"';

  content = was_quoted ? unquote (local, length) : g_strndup (local, length);
  if (content == NULL || has_control (content))
    return NULL;
  lower = g_utf8_strdown (content, -1);
  normal = g_utf8_normalize (lower, -1, G_NORMALIZE_NFC);
  if (normal == NULL || strlen (normal) > LOCAL_PART_MAX)
    return NULL;
  if (is_dot_string (normal))
    return g_steal_pointer (&normal);
  return was_quoted ? quote (normal) : NULL;
}

char *
address_normalize (const char *address)
{
  const char *at = strrchr (address, '@');
  g_autofree char *local = NULL;
  g_autofree char *domain = NULL;

  if (at == NULL || at == address || strlen (address) > LOCAL_PART_MAX * 4 + DOMAIN_MAX * 4
      || !g_utf8_validate (address, -1, NULL))
    return NULL;
  local = local_normalize (address, (gsize)(at - address));
  if (local == NULL)
    return NULL;
  domain = at[1] == '[' ? literal_normalize (at + 1) : domain_normalize (at + 1);
  return domain != NULL ? g_strconcat (local, "@", domain, NULL) : NULL;
}

const char *
address_domain (const char *address)
{
  const char *at = strrchr (address, '@');

  return at != NULL ? at + 1 : NULL;
}
