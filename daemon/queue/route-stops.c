/* From hosts to stops: what each server has to prove before it gets the mail. */
#include "queue/route-private.h"

#define STOPS_MAX 20

void
route_stop_free (gpointer data)
{
  RouteStop *stop = data;

  g_clear_object (&stop->address);
  g_clear_pointer (&stop->associations, g_array_unref);
  g_free (stop->name);
  g_free (stop->next_hop);
  g_free (stop);
}

static void
free_association (gpointer data)
{
  g_bytes_unref (((TlsAssociation *)data)->data);
}

/* The usable ones; NULL: none is. */
static GArray *
read_associations (const DnsAnswer *answer)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (TlsAssociation));

  g_array_set_clear_func (list, free_association);
  for (guint i = 0; i < answer->records->len; i++) {
    const DnsRecord *record = answer->records->pdata[i];
    TlsAssociation association
        = { record->usage, record->selector, record->matching, record->data };
    if (!tls_association_is_usable (&association))
      continue;
    g_bytes_ref (association.data);
    g_array_append_val (list, association);
  }
  if (list->len > 0)
    return list;
  g_array_unref (list);
  return NULL;
}

/* RFC 8461 §5; DANE goes before (§2). */
static gboolean
is_enforced (const RouteSearch *self)
{
  return self->policy && self->policy->mode == MTA_STS_ENFORCE;
}

/* What is demanded of all hosts; a way may try them with one demand after the other. */
typedef enum {
  DEMAND_PUBLISHED, /* what the domain's policies say */
  DEMAND_PROOF, /* and that the server proves who it is, and promises to demand the same (RFC 8689)
                 */
  DEMAND_NOTHING, /* policies do not count */
} Demand;

static const struct {
  Demand first;
  gboolean has_second;
  Demand second;
} demands[] = {
  [QUEUE_TLS_AS_PUBLISHED] = { DEMAND_PUBLISHED, FALSE, 0 },
  [QUEUE_TLS_REQUIRED] = { DEMAND_PROOF, FALSE, 0 },
  [QUEUE_TLS_PREFERRED] = { DEMAND_PROOF, TRUE, DEMAND_PUBLISHED },
  [QUEUE_TLS_OPTIONAL] = { DEMAND_PUBLISHED, TRUE, DEMAND_NOTHING },
};

/* A host and its TLSA records. */
typedef struct {
  const RouteHost *host;
  gboolean has_tlsa;
  GArray *associations; /* or NULL: it has none that can be used */
} Candidate;

static SmtpTls
choose_tls (const RouteSearch *self, const Candidate *candidate, Demand demand)
{
  if (self->tls != SMTP_TLS_MAYBE || demand == DEMAND_NOTHING)
    return self->tls;
  return demand == DEMAND_PROOF || candidate->has_tlsa || is_enforced (self) ? SMTP_TLS_MUST
                                                                             : SMTP_TLS_MAYBE;
}

static TlsPeer
choose_peer (const RouteSearch *self, const Candidate *candidate, Demand demand)
{
  if (demand == DEMAND_NOTHING)
    return self->peer;
  if (candidate->associations)
    return TLS_PEER_DANE;
  return demand == DEMAND_PROOF || is_enforced (self) ? TLS_PEER_NAMED : self->peer;
}

/* With REQUIRETLS the certificate must be for the server's own name (RFC 8689 §4.2.1). */
static void
add_stop (RouteSearch *self, const Candidate *candidate, Demand demand, GInetAddress *address)
{
  RouteStop *stop;

  if (self->route->stops->len >= STOPS_MAX)
    return;
  stop = g_new0 (RouteStop, 1);
  stop->name = g_strdup (candidate->host->name);
  stop->address = g_object_ref (address);
  stop->port = self->port;
  stop->tls = choose_tls (self, candidate, demand);
  stop->peer = choose_peer (self, candidate, demand);
  stop->requires_tls = demand == DEMAND_PROOF;
  stop->associations = stop->peer == TLS_PEER_DANE ? g_array_ref (candidate->associations) : NULL;
  stop->next_hop = stop->requires_tls ? NULL : g_strdup (self->domain);
  stop->logs_in = self->logs_in;
  g_ptr_array_add (self->route->stops, stop);
}

static gboolean
has_failed (const DnsAnswer *answer)
{
  return answer && (answer->status == DNS_FAILED || answer->status == DNS_BOGUS);
}

static gboolean
is_allowed (const RouteSearch *self, const RouteHost *host)
{
  return self->policy && self->policy->mode != MTA_STS_NONE
      && mta_sts_policy_allows (self->policy, host->name);
}

/* RFC 7672 §2.1.2: TLSA records that could not be had make the host unreachable. RFC 8689 §4.2.1:
 * the name of the server must come from a signed DNS, or be one that MTA-STS knows. */
static gboolean
may_try (RouteSearch *self, const RouteHost *host, Demand demand)
{
  if (demand == DEMAND_NOTHING)
    return TRUE;
  if (has_failed (host->tlsa))
    route_fail (self, 451, "4.7.5", "The TLSA records of %s cannot be had: %s", host->name,
                host->tlsa->reason);
  else if (is_enforced (self) && !is_allowed (self, host))
    route_fail (self, 451, "4.7.5", "The MTA-STS policy of %s does not know the server %s",
                self->domain, host->name);
  else if (demand == DEMAND_PROOF && !host->secure && !is_allowed (self, host))
    route_fail (self, 550, "5.7.10",
                "The sender demands TLS with proved servers, and neither DNSSEC nor MTA-STS proves "
                "that %s is a server of %s",
                host->name, self->domain);
  else
    return TRUE;
  return FALSE;
}

static void
add_answer (RouteSearch *self, const Candidate *candidate, Demand demand, const DnsAnswer *answer)
{
  if (has_failed (answer))
    route_fail (self, 451, answer->status == DNS_BOGUS ? "4.7.5" : "4.4.3",
                "The address of %s cannot be had: %s", candidate->host->name, answer->reason);
  for (guint r = 0; answer && r < answer->records->len; r++)
    add_stop (self, candidate, demand, ((DnsRecord *)answer->records->pdata[r])->address);
}

/* RFC 7672 §2.2: records that nobody can use still want TLS. */
static void
add_host (RouteSearch *self, const RouteHost *host, Demand demand)
{
  const DnsAnswer *tlsa = host->tlsa;
  const gboolean has_tlsa = tlsa && tlsa->status == DNS_FOUND && tlsa->secure;
  g_autoptr (GArray) associations = has_tlsa ? read_associations (tlsa) : NULL;
  const Candidate candidate = { host, has_tlsa, associations };

  if (demand == DEMAND_NOTHING && !has_tlsa && !has_failed (tlsa) && !is_enforced (self))
    return; /* the stop that it has already demands no more */
  if (!may_try (self, host, demand))
    return;
  if (host->address)
    add_stop (self, &candidate, demand, host->address);
  add_answer (self, &candidate, demand, host->v6);
  add_answer (self, &candidate, demand, host->v4);
}

static void
add_hosts (RouteSearch *self, Demand demand)
{
  for (guint i = 0; i < self->hosts->len; i++)
    add_host (self, self->hosts->pdata[i], demand);
}

void
route_add_stops (RouteSearch *self)
{
  add_hosts (self, demands[self->wanted].first);
  if (demands[self->wanted].has_second)
    add_hosts (self, demands[self->wanted].second);
}
