/* Gets a policy from the domain's own web server (RFC 8461 §3.3). */
#pragma once
#include <gio/gio.h>

#define MTA_STS_FETCH_PORT 443 /* tests have others */

/* ADDRESSES (GInetAddress): of mta-sts.DOMAIN, as our own DNS knows them. The certificate must be
 * for that name, by an authority that this system trusts. In a worker; the callback comes in the
 * caller's GMainContext. */
void mta_sts_fetch_async (const char *domain, const GPtrArray *addresses, guint16 port,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
GBytes *mta_sts_fetch_finish (GAsyncResult *result, GError **error);
