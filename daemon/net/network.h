/* What counts as one peer: an IPv4 address, or the /64 that an IPv6 customer has at least. And
 * lists of networks, as settings name them. */
#pragma once
#include "settings.h"
#include <gio/gio.h>

/* One number for a peer. An IPv4 address inside IPv6 is the IPv4 address. */
guint64 network_of (GInetAddress *address);
/* "192.0.2.7", "2001:db8::7" or "2001:db8::/64"; FALSE: neither. */
gboolean network_parse (const char *text, guint64 *network);
/* As an address, for IPv6 the first of its /64; free with g_free. */
char *network_print (guint64 network);

/* The networks of a setting, read anew when it has changed. Not thread-safe. */
typedef struct _Networks Networks;
Networks *networks_new (Setting setting);
void networks_free (Networks *networks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Networks, networks_free)
gboolean networks_contain (Networks *networks, GInetAddress *address);
