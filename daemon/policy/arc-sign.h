/* Sealing what is passed on to other servers (RFC 8617 §5.1): they learn what this one found out
 * before the way broke SPF. */
#pragma once
#include "policy/arc.h"
#include "policy/dkim-keys.h"

typedef struct {
  GPtrArray *keys; /* DkimStoredKey, of the domain that forwards */
  const char *results; /* the value of this server's Authentication-Results */
  ArcResult chain; /* what it found out about the chain that is there */
} ArcSealing;

/* One ARC set for MESSAGE, its three fields in one text, to be put before the message. NULL: there
 * is none to add, as the chain was given up before (§5.1 step 2) or is as long as it may be, or as
 * no RSA key signs. */
char *arc_sign (DkimMessage *message, const ArcSealing *sealing, gint64 now);
