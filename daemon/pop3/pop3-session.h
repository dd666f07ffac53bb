/* POP3 sessions (RFC 1939, with the extensions of RFC 2449, 2595, 5034, 3206 and 6856). */
#pragma once
#include "accounts/accounts.h"
#include "net/channel.h"
#include "pop3/pop3-door.h"
#include "tls/tls-context.h"

typedef struct {
  Store *store;
  Authenticator *authenticator;
  TlsContexts *tls;
  const char *hostname;
  Pop3Door *door;
} Pop3Service;

/* ListenerService.accepted; DATA is a const Pop3Service that outlives the listener. */
void pop3_accepted (Channel *channel, gpointer data);
