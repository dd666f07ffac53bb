/* A domain's MTA-STS policy: from its web server when the DNS announces a new one, else from the
 * store, where policies are kept as long as they say (RFC 8461 §5.1). */
#pragma once
#include "net/dns.h"
#include "queue/mta-sts.h"
#include "store/store.h"

/* The callback comes in the caller's GMainContext. */
void mta_sts_search_async (Store *store, Dns *dns, const char *domain, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data);
/* NULL: there is none. */
MtaStsPolicy *mta_sts_search_finish (GAsyncResult *result);
