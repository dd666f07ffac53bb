/* Ways that an administrator has laid down, by the settings queue.routes and queue.relay. */
#pragma once
#include <glib.h>

typedef struct {
  char *host; /* a name or an address; NULL: none, the DNS knows */
  guint16 port;
  gboolean is_provider; /* queue.relay: TLS and a login as its settings say */
} Relay;
void relay_clear (Relay *relay);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Relay, relay_clear)

/* The way of DOMAIN (lower case). The first route that fits decides, "direct" for the DNS. */
Relay relay_choose (const char *routes, const char *provider, const char *domain);
/* The same with the settings as they are now. */
Relay relay_for (const char *domain);
