/* Where a domain's mail goes: the hosts in the order in which they are tried (RFC 5321 §5.1), and
 * what each has to prove (RFC 7672, RFC 8461, RFC 8689). */
#pragma once
#include "net/dns.h"
#include "queue/smtp-client.h"
#include "store/store.h"

typedef struct {
  char *name;
  GInetAddress *address;
  guint16 port;
  SmtpTls tls;
  TlsPeer peer;
  GArray *associations; /* TlsAssociation of TLS_PEER_DANE, or NULL */
  char *next_hop; /* for DANE, or NULL */
  gboolean logs_in; /* as queue.relay-user */
  gboolean requires_tls; /* it must have REQUIRETLS, and mail goes there with it */
} RouteStop;

typedef struct {
  GPtrArray *stops; /* RouteStop; never empty unless CODE says why */
  gboolean is_partial; /* a server could not be looked up today */
  guint code; /* 0: go. 4yz: not now. 5yz: never */
  char status[12];
  char *reason; /* one line */
} Route;
void route_free (Route *route);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Route, route_free)

typedef struct {
  Store *store;
  Dns *dns;
  const char *domain; /* lower-case A-labels, or an address in brackets */
  QueueTls tls;
  const char *hostname; /* ours, to notice circles */
} RouteQuestion;

/* The callback comes in the caller's GMainContext; the answer is never NULL. */
void route_find_async (const RouteQuestion *question, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data);
Route *route_find_finish (GAsyncResult *result);
