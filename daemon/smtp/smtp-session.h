/* SMTP and LMTP sessions (RFC 5321, 6409, 2033). */
#pragma once
#include "accounts/accounts.h"
#include "net/channel.h"
#include "queue/schedule.h"
#include "net/dns.h"
#include "policy/block-listing.h"
#include "policy/known-clients.h"
#include "tls/tls-context.h"

typedef enum { SMTP_MX, SMTP_SUBMISSION, SMTP_LMTP } SmtpKind;

typedef struct {
  SmtpKind kind;
  Store *store;
  Authenticator *authenticator;
  TlsContexts *tls;
  const char *hostname;
  Schedule *schedule; /* NULL: no mail goes to other domains */
  Dns *dns; /* NULL: mail from other servers is not checked */
  BlockLists *block_lists; /* NULL: none are asked */
  KnownClients *known_clients; /* NULL: all are known */
} SmtpService;

/* ListenerService.accepted; DATA is a const SmtpService that outlives the listener. */
void smtp_accepted (Channel *channel, gpointer data);
