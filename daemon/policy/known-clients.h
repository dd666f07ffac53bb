/* Whose mail this server has taken before: the networks of other servers, by /24 and /64, as those
 * who send much do so from many addresses. They are not asked to prove anything twice. Kept over a
 * restart, bounded, forgotten when they stay away for long. Thread-safe. */
#pragma once
#include "store/store.h"

#define KNOWN_CLIENTS_MAX 50000

typedef struct _KnownClients KnownClients;
KnownClients *known_clients_new (Store *store);
void known_clients_free (KnownClients *clients);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KnownClients, known_clients_free)
/* What was kept. Once, at the start. */
gboolean known_clients_load (KnownClients *clients, GError **error);

gboolean known_clients_know (KnownClients *clients, GInetAddress *peer);
/* Mail from PEER was taken, or it has come back when it was asked to. In a thread with a
 * GMainContext. */
void known_clients_welcome (KnownClients *clients, GInetAddress *peer);

/* The number of PEER's network (net/network.h). */
guint64 known_clients_network (GInetAddress *peer);
