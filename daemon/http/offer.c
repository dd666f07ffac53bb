/* The table of what mail programs can use, held against what the configuration serves. */
#include "http/offer.h"
#include <string.h>

#define HTTPS_PORT 443

static const Offer table[] = {
  { OFFER_SMTP, LISTEN_SUBMISSIONS, TRUE, "_submissions._tcp", 0 },
  { OFFER_SMTP, LISTEN_SUBMISSION, FALSE, "_submission._tcp", 5 },
  { OFFER_IMAP, LISTEN_IMAPS, TRUE, "_imaps._tcp", 0 },
  { OFFER_IMAP, LISTEN_IMAP, FALSE, "_imap._tcp", 5 },
  { OFFER_POP3, LISTEN_POP3S, TRUE, "_pop3s._tcp", 10 },
  { OFFER_POP3, LISTEN_POP3, FALSE, "_pop3._tcp", 15 },
};

const Offer *
offers (guint *count)
{
  *count = G_N_ELEMENTS (table);
  return table;
}

/* ADDRESS is "127.0.0.1:143" or "[::1]:143", as the configuration has checked. */
static gboolean
is_loopback (const char *address, guint *port)
{
  const char *colon = strrchr (address, ':');
  g_autofree char *host = g_strndup (address, colon != NULL ? (gsize)(colon - address) : 0);
  char *bare = *host == '[' ? host + 1 : host;

  if (bare != host && g_str_has_suffix (bare, "]"))
    bare[strlen (bare) - 1] = '\0';
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (bare);
  *port = colon != NULL ? (guint)g_ascii_strtoull (colon + 1, NULL, 10) : 0;
  return parsed != NULL && g_inet_address_get_is_loopback (parsed);
}

/* A trial on one machine. */
static gboolean
is_for_this_machine (const Configuration *configuration)
{
  guint count, port;
  const Offer *all = offers (&count);

  for (guint i = 0; i < count; i++)
    for (char **address = configuration->listen[all[i].listen]; *address != NULL; address++)
      if (!is_loopback (*address, &port))
        return FALSE;
  return TRUE;
}

guint
offer_listen_port (const Configuration *configuration, Listen listen)
{
  const gboolean takes_loopback = is_for_this_machine (configuration);
  guint port;

  for (char **address = configuration->listen[listen]; *address != NULL; address++)
    if (!is_loopback (*address, &port) || takes_loopback)
      return port;
  return 0;
}

guint
offer_port (const Configuration *configuration, const Offer *offer)
{
  return offer_listen_port (configuration, offer->listen);
}

const Offer *
offer_best (const Configuration *configuration, OfferProtocol protocol)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].protocol == protocol && offer_port (configuration, &table[i]) != 0)
      return &table[i];
  return NULL;
}

char *
offer_url (const Configuration *configuration, const char *host, const char *path)
{
  const guint port = offer_listen_port (configuration, LISTEN_HTTPS);

  return port == HTTPS_PORT || port == 0 ? g_strdup_printf ("https://%s%s", host, path)
                                         : g_strdup_printf ("https://%s:%u%s", host, port, path);
}
