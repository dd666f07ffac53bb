/* Changes to a zone of somebody's DNS server (RFC 2136), signed (net/tsig.h). Waits: for a worker.
 */
#pragma once
#include "net/tsig.h"

typedef enum { DNS_UPDATE_ADD, DNS_UPDATE_REMOVE } DnsUpdateKind;

/* Adds or removes one TXT record NAME with the string TEXT (at most 255 bytes) at SERVER
 * ("ADDRESS[@PORT]"), in the zone that NAME lies in, which the server knows. One that is not there
 * is removed all the same. CANCELLABLE may be NULL. */
gboolean dns_update_txt (const char *server, const TsigKey *key, DnsUpdateKind kind,
                         const char *name, const char *text, GCancellable *cancellable,
                         GError **error);
