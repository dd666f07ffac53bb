/* What the files that look for a way share: the search, and the hosts it has found. */
#pragma once
#include "queue/mta-sts.h"
#include "queue/route.h"

/* One MX host while it is looked up. */
typedef struct {
  char *name;
  guint order; /* preference, and chance among equals */
  gboolean secure; /* nobody could have made up its name: DNSSEC, or a setting */
  GInetAddress *address; /* when nobody needs to be asked, or NULL */
  DnsAnswer *v4, *v6, *tlsa;
} RouteHost;

/* A search; belongs to its task. */
typedef struct {
  Store *store;
  Dns *dns;
  GCancellable *cancellable;
  char *domain, *hostname;
  guint16 port;
  SmtpTls tls;
  TlsPeer peer;
  gboolean logs_in;
  GPtrArray *hosts; /* RouteHost */
  MtaStsPolicy *policy; /* or NULL */
  QueueTls wanted;
  guint open; /* questions */
  Route *route;
} RouteSearch;

/* The first reason counts, but what may be mended later counts more than what never will be. */
void route_fail (RouteSearch *self, guint code, const char *status, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
/* route-stops.c */
void route_stop_free (gpointer stop);
/* All hosts are known. */
void route_add_stops (RouteSearch *self);
