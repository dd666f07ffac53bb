/* Chooses among routes; the settings have been checked when they were set. */
#include "queue/relay.h"
#include "settings.h"
#include <gio/gio.h>
#include <string.h>

#define SMTP_PORT 25

void
relay_clear (Relay *relay)
{
  g_clear_pointer (&relay->host, g_free);
}

/* ".example.com" is the domain and those below it. */
static gboolean
fits (const char *pattern, gsize length, const char *domain)
{
  const gsize whole = strlen (domain);

  if (*pattern == '.' && whole >= length
      && g_ascii_strncasecmp (domain + whole - length, pattern, length) == 0)
    return TRUE;
  if (*pattern == '.') {
    pattern++;
    length--;
  }
  return whole == length && g_ascii_strncasecmp (domain, pattern, length) == 0;
}

static Relay
parse (const char *way, gboolean is_provider)
{
  g_autoptr (GSocketConnectable) parsed
      = *way ? g_network_address_parse (way, SMTP_PORT, NULL) : NULL;

  if (parsed == NULL || strcmp (way, "direct") == 0
      || *g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)) == '\0')
    return (Relay) { 0 };
  return (Relay) { g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed))),
                   g_network_address_get_port (G_NETWORK_ADDRESS (parsed)), is_provider };
}

Relay
relay_choose (const char *routes, const char *provider, const char *domain)
{
  g_auto (GStrv) words = g_strsplit_set (routes, " \t", -1);

  for (guint i = 0; words[i]; i++) {
    const char *way = strchr (words[i], '=');
    if (way && fits (words[i], (gsize)(way - words[i]), domain))
      return parse (way + 1, FALSE);
  }
  return parse (provider, TRUE);
}

Relay
relay_for (const char *domain)
{
  g_autofree char *routes = setting_text (SETTING_QUEUE_ROUTES);
  g_autofree char *provider = setting_text (SETTING_QUEUE_RELAY);

  return relay_choose (routes, provider, domain);
}
