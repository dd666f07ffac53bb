/* What the server listens on: which protocol answers at which line of the configuration. */
#pragma once
#include "accounts/accounts.h"
#include "admin/admin-server.h"
#include "configuration.h"
#include "http/web-server.h"
#include "net/dns.h"
#include "net/limits.h"
#include "policy/block-lists.h"
#include "policy/digest.h"
#include "policy/known-clients.h"
#include "queue/schedule.h"
#include "tls/tls-context.h"

typedef struct _Listeners Listeners;

typedef struct {
  Store *store;
  Authenticator *authenticator;
  TlsContexts *tls;
  const char *hostname;
  Digest *digest;
  Limits *limits;
  GPtrArray *threads; /* IoThread */
  AdminServer *admin;
  WebServer *web;
  Schedule *schedule;
  Dns *dns;
  BlockLists *block_lists;
  KnownClients *known_clients;
} ListenersOptions;

/* Everything in OPTIONS outlives it; sessions use the sessions' part of it until their threads have
 * ended, so that listeners_free comes first and frees what nobody but it uses. */
Listeners *listeners_new (const ListenersOptions *options);
void listeners_free (Listeners *listeners);
/* Opens what is new in CONFIGURATION and closes what it no longer names; sessions go on. FALSE: an
 * address cannot be had; the others are open. */
gboolean listeners_update (Listeners *listeners, const Configuration *configuration,
                           GError **error);
