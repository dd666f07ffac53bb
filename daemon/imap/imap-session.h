/* IMAP sessions (RFC 3501 and 9051). */
#pragma once
#include "accounts/accounts.h"
#include "net/channel.h"
#include "policy/digest.h"
#include "tls/tls-context.h"

typedef struct _ImapRanks ImapRanks; /* imap-ranks.h */

typedef struct {
  Store *store;
  Authenticator *authenticator;
  TlsContexts *tls;
  const char *hostname;
  Digest *digest; /* or NULL */
  ImapRanks *ranks; /* or NULL */
} ImapService;

/* ListenerService.accepted; DATA is a const ImapService that outlives the listener. */
void imap_accepted (Channel *channel, gpointer data);
