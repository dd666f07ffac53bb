/* What a setting's text must be beyond its type. */
#include "setting-checks.h"
#include <gio/gio.h>
#include "language.h"
#include <string.h>

gboolean
setting_check_networks (const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);

  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0')
      continue;
    g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (words[i], NULL);
    if (mask == NULL) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” is not a network such as 192.0.2.0/24 or 2001:db8::/32."), words[i]);
      return FALSE;
    }
  }
  return TRUE;
}

/* In ASCII, as the DNS has it. */
static gboolean
is_domain (const char *word)
{
  g_auto (GStrv) labels = g_strsplit (word, ".", -1);

  for (guint i = 0; labels[i] != NULL; i++) {
    const gsize length = strlen (labels[i]);

    if (length == 0 || length > 63
        || labels[i][strspn (labels[i], "-_" G_CSET_DIGITS G_CSET_a_2_z G_CSET_A_2_Z)])
      return FALSE;
  }
  return labels[0] && labels[1] && strlen (word) <= 253;
}

gboolean
setting_check_domains (const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] && !is_domain (words[i])) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” is not a domain such as example.com."), words[i]);
      return FALSE;
    }
  return TRUE;
}

/* "mx.example.com:25"; ":25" names nobody. */
static gboolean
is_host (const char *text)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (text, 25, NULL);

  return parsed != NULL && *g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)) != '\0';
}

gboolean
setting_check_relay (const char *text, GError **error)
{
  if (*text == '\0' || (is_host (text) && strchr (text, ' ') == NULL))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("“%s” is not a server such as smtp.example.com:587."), text);
  return FALSE;
}

static gboolean
check_server (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "@", 2);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (parts[0]);

  return address
      && (!parts[1] || g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXUINT16, NULL, NULL));
}

gboolean
setting_check_servers (const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] && !check_server (words[i])) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” is not a server such as 192.0.2.53 or 192.0.2.53@5353."), words[i]);
      return FALSE;
    }
  return TRUE;
}

gboolean
setting_check_separator (const char *text, GError **error)
{
  if (*text == '\0' || strchr ("+-_=#~", *text) != NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("The separator is one of + - _ = # ~, or nothing; not “%s”."), text);
  return FALSE;
}

/* "example.com=smtp.partner.example:25", ".example.net=direct" */
static gboolean
is_route (const char *text)
{
  const char *way = strchr (text, '=');

  return way && way > text && is_host (way + 1);
}

gboolean
setting_check_routes (const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] && !is_route (words[i])) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” is not a route such as example.com=smtp.example.net:25 or "
                      "example.com=direct."),
                   words[i]);
      return FALSE;
    }
  return TRUE;
}

gboolean
setting_check_addresses (const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] && !g_hostname_is_ip_address (words[i])) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” is not an address such as 192.0.2.53 or 2001:db8::53."), words[i]);
      return FALSE;
    }
  return TRUE;
}

gboolean
setting_check_https (const char *text, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  if (uri && g_strcmp0 (g_uri_get_scheme (uri), "https") == 0 && g_uri_get_host (uri)
      && *g_uri_get_host (uri) && g_uri_get_userinfo (uri) == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("“%s” is not an address such as https://ca.example.com/directory."), text);
  return FALSE;
}

/* One address, in ASCII: it goes into a mailto: URL (RFC 8555 §7.3 allows neither a list nor fields). */
gboolean
setting_check_mail (const char *text, GError **error)
{
  const char *at = strrchr (text, '@');

  if (*text == '\0'
      || (at && at > text && is_domain (at + 1)
          && strcspn (text, " \t,;?%&<>\"\\") == strlen (text) && g_str_is_ascii (text)))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("“%s” is not a mail address such as postmaster@example.com."), text);
  return FALSE;
}
