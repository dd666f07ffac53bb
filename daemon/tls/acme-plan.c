/* Names by rule; addresses decide. */
#include "tls/acme-plan.h"
#include "net/dns-batch.h"
#include <string.h>

#define NAME_MAX_LENGTH 90
#define HOSTS_MAX 100 /* of one certificate: more take few authorities */

static const char *const services[] = { "mail", "autoconfig", "autodiscover", "mta-sts" };

static void
host_free (gpointer data)
{
  AcmeHost *host = data;

  g_free (host->host);
  g_free (host);
}

void
acme_planned_free (AcmePlanned *planned)
{
  g_free (planned->name);
  g_ptr_array_unref (planned->hosts);
  g_free (planned);
}

char *
acme_plan_name (const char *domain)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, domain, -1);

  if (strlen (domain) <= NAME_MAX_LENGTH)
    return g_strconcat ("acme-", domain, NULL);
  return g_strdup_printf ("acme-%.60s-%.16s", domain, digest);
}

static AcmePlanned *
find_or_add (GPtrArray *plan, const char *domain)
{
  g_autofree char *name = acme_plan_name (domain);

  for (guint i = 0; i < plan->len; i++)
    if (strcmp (((AcmePlanned *)plan->pdata[i])->name, name) == 0)
      return plan->pdata[i];
  AcmePlanned *planned = g_new0 (AcmePlanned, 1);
  planned->name = g_steal_pointer (&name);
  planned->hosts = g_ptr_array_new_with_free_func (host_free);
  g_ptr_array_add (plan, planned);
  return planned;
}

/* Nothing but letters, digits, dots and hyphens goes into a request (the DNS's names may hold
 * more). */
static gboolean
is_host (const char *host)
{
  return strchr (host, '.') && strlen (host) <= 253 && !g_hostname_is_ip_address (host)
      && strspn (host, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen (host);
}

static void
add (AcmePlanned *planned, const char *text, gboolean is_wanted)
{
  g_autofree char *ascii = g_hostname_to_ascii (text);
  g_autofree char *host = ascii ? g_ascii_strdown (ascii, -1) : NULL;

  if (host == NULL || !is_host (host) || planned->hosts->len >= HOSTS_MAX)
    return;
  for (guint i = 0; i < planned->hosts->len; i++) {
    AcmeHost *other = planned->hosts->pdata[i];
    if (strcmp (other->host, host) == 0) {
      other->is_wanted = other->is_wanted || is_wanted;
      return;
    }
  }
  AcmeHost *fresh = g_new0 (AcmeHost, 1);
  fresh->host = g_steal_pointer (&host);
  fresh->is_wanted = is_wanted;
  fresh->lead = ACME_LEAD_UNKNOWN;
  g_ptr_array_add (planned->hosts, fresh);
}

/* The longest of DOMAINS that HOST is or lies in; HOST itself when there is none. */
static const char *
domain_of (const char *host, const GPtrArray *domains)
{
  const char *found = NULL;

  for (guint i = 0; i < domains->len; i++) {
    const char *domain = domains->pdata[i];
    const gsize length = strlen (domain), whole = strlen (host);
    if (whole >= length && g_ascii_strcasecmp (host + whole - length, domain) == 0
        && (whole == length || host[whole - length - 1] == '.')
        && (found == NULL || length > strlen (found)))
      found = domain;
  }
  return found ? found : host;
}

static void
add_named (GPtrArray *plan, const char *host, const GPtrArray *domains)
{
  g_autofree char *ascii = g_hostname_to_ascii (host);
  g_autofree char *lower = ascii ? g_ascii_strdown (ascii, -1) : NULL;

  if (lower && is_host (lower))
    add (find_or_add (plan, domain_of (lower, domains)), lower, TRUE);
}

GPtrArray *
acme_plan_new (const char *hostname, const GPtrArray *domains, const char *more)
{
  GPtrArray *plan = g_ptr_array_new_with_free_func ((GDestroyNotify)acme_planned_free);
  g_auto (GStrv) words = g_strsplit_set (more, " \t", -1);

  add_named (plan, hostname, domains);
  for (guint i = 0; words[i]; i++)
    if (*words[i])
      add_named (plan, words[i], domains);
  for (guint i = 0; i < domains->len; i++) {
    AcmePlanned *planned = find_or_add (plan, domains->pdata[i]);
    for (guint k = 0; k < G_N_ELEMENTS (services); k++) {
      g_autofree char *host = g_strconcat (services[k], ".", domains->pdata[i], NULL);
      add (planned, host, FALSE);
    }
  }
  return plan;
}

/* The questions about a host. */
typedef struct {
  guint a, aaaa;
} Questions;

static Questions
ask (DnsBatch *batch, const char *host)
{
  return (Questions) { dns_batch_add (batch, host, DNS_TYPE_A),
                       dns_batch_add (batch, host, DNS_TYPE_AAAA) };
}

static gboolean
has_address (const DnsBatch *batch, Questions questions, GInetAddress *address)
{
  const guint numbers[] = { questions.a, questions.aaaa };

  for (guint k = 0; k < G_N_ELEMENTS (numbers); k++) {
    const GPtrArray *records = dns_batch_answer (batch, numbers[k])->records;
    for (guint i = 0; i < records->len; i++)
      if (g_inet_address_equal (((DnsRecord *)records->pdata[i])->address, address))
        return TRUE;
  }
  return FALSE;
}

static gboolean
is_unknown (const DnsBatch *batch, guint number)
{
  const DnsStatus status = dns_batch_answer (batch, number)->status;

  return status == DNS_FAILED || status == DNS_BOGUS;
}

static AcmeLead
judge (const DnsBatch *batch, Questions host, Questions server)
{
  const guint numbers[] = { host.a, host.aaaa };
  guint count = 0;

  if (is_unknown (batch, host.a) || is_unknown (batch, host.aaaa) || is_unknown (batch, server.a)
      || is_unknown (batch, server.aaaa))
    return ACME_LEAD_UNKNOWN;
  for (guint k = 0; k < G_N_ELEMENTS (numbers); k++) {
    const GPtrArray *records = dns_batch_answer (batch, numbers[k])->records;
    for (guint i = 0; i < records->len; i++, count++)
      if (!has_address (batch, server, ((DnsRecord *)records->pdata[i])->address))
        return ACME_LEADS_ELSEWHERE;
  }
  return count > 0 ? ACME_LEADS_HERE : ACME_LEADS_NOWHERE;
}

void
acme_plan_look (GPtrArray *plan, const char *hostname, Dns *dns)
{
  g_autoptr (DnsBatch) batch = dns_batch_new (dns);
  const Questions server = ask (batch, hostname);

  for (guint i = 0; i < plan->len; i++) {
    const AcmePlanned *planned = plan->pdata[i];
    for (guint k = 0; k < planned->hosts->len; k++)
      ask (batch, ((AcmeHost *)planned->hosts->pdata[k])->host);
  }
  dns_batch_wait (batch);
  for (guint i = 0; i < plan->len; i++) {
    const AcmePlanned *planned = plan->pdata[i];
    for (guint k = 0; k < planned->hosts->len; k++) {
      AcmeHost *host = planned->hosts->pdata[k];
      host->lead = judge (batch, ask (batch, host->host), server);
    }
  }
}
