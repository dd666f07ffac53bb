/* Writes the records of a domain. */
#include "admin/dns-plan.h"
#include "http/offer.h"
#include "http/sts-policy.h"
#include "policy/dkim-keys.h"
#include "policy/tag-list.h"
#include "tls/certificate.h"
#include <string.h>

#define STRING_MAX 250 /* bytes of one string of TXT; 255 fit (RFC 1035 §3.3.14) */

typedef struct {
  const DnsFacts *facts;
  const char *host;
  GPtrArray *records;
} Plan;

void
dns_planned_free (DnsPlanned *self)
{
  g_free (self->name);
  g_free (self->value);
  g_free (self->zone);
  g_free (self->key);
  g_free (self);
}

/* A TXT record in strings that are short enough, with what would end them escaped. */
static char *
zone_text (const char *value)
{
  GString *text = g_string_new (NULL);

  for (gsize at = 0; at < strlen (value); at += STRING_MAX) {
    g_string_append (text, at ? " \"" : "\"");
    for (const char *c = value + at; *c && c < value + at + STRING_MAX; c++) {
      if (*c == '"' || *c == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *c);
    }
    g_string_append_c (text, '"');
  }
  return g_string_free (text, FALSE);
}

/* Names in a zone file are in full when they end in a dot. */
static char *
zone_value (const char *type, const char *value)
{
  if (strcmp (type, "TXT") == 0)
    return zone_text (value);
  return strcmp (type, "TLSA") == 0 || g_str_has_suffix (value, ".")
      ? g_strdup (value)
      : g_strconcat (value, ".", NULL);
}

/* Takes NAME and VALUE over. */
static DnsPlanned *
add (Plan *self, DnsUse use, DnsNeed need, char *name, const char *type, char *value)
{
  DnsPlanned *planned = g_new0 (DnsPlanned, 1);
  g_autofree char *zone = value ? zone_value (type, value) : NULL;

  *planned = (DnsPlanned) { .use = use, .need = need, .name = name, .type = type, .value = value };
  if (value)
    planned->zone = g_strdup_printf ("%s. IN %s %s", name, type, zone);
  g_ptr_array_add (self->records, planned);
  return planned;
}

static char *
below (const Plan *self, const char *label)
{
  return g_strconcat (label, ".", self->facts->domain, NULL);
}

static void
add_mail (Plan *self)
{
  const char *domain = self->facts->domain;

  add (self, DNS_USE_ADDRESS, DNS_NEED_REQUIRED, g_strdup (self->host), "A", NULL);
  add (self, DNS_USE_MX, DNS_NEED_REQUIRED, g_strdup (domain), "MX",
       g_strdup_printf ("10 %s", self->host));
  add (self, DNS_USE_SPF, DNS_NEED_REQUIRED, g_strdup (domain), "TXT", g_strdup ("v=spf1 mx -all"));
  if (strcmp (domain, self->host) != 0)
    add (self, DNS_USE_HOST_SPF, DNS_NEED_ADVISED, g_strdup (self->host), "TXT",
         g_strdup ("v=spf1 a -all"));
}

static void
add_keys (Plan *self)
{
  for (guint i = 0; self->facts->keys && i < self->facts->keys->len; i++) {
    const DkimStoredKey *key = self->facts->keys->pdata[i];
    char *record = dkim_stored_key_record (key);
    g_autoptr (TagList) tags = record ? tag_list_parse (record) : NULL;
    DnsPlanned *planned;

    if (tags == NULL) {
      g_free (record);
      continue;
    }
    planned = add (self, DNS_USE_DKIM,
                   key->state == DKIM_KEY_ACTIVE     ? DNS_NEED_REQUIRED
                       : key->state == DKIM_KEY_NEXT ? DNS_NEED_ADVISED
                                                     : DNS_NEED_OPTIONAL,
                   dkim_stored_key_name (key), "TXT", record);
    planned->key = g_strdup (tag_list_find (tags, "p"));
  }
}

static gboolean
is_for_host (const Certificate *certificate, const char *host)
{
  for (guint i = 0; certificate->hosts[i]; i++)
    if (g_ascii_strcasecmp (certificate->hosts[i], host) == 0)
      return TRUE;
  return FALSE;
}

/* RFC 7672 §3.1: the key, as it may stay when the certificate is renewed. */
static void
add_certificates (Plan *self)
{
  for (guint i = 0; self->facts->certificates && i < self->facts->certificates->len; i++) {
    const Certificate *certificate = self->facts->certificates->pdata[i];
    DnsPlanned *planned;

    if (!is_for_host (certificate, self->host))
      continue;
    planned
        = add (self, DNS_USE_TLSA, DNS_NEED_OPTIONAL, g_strconcat ("_25._tcp.", self->host, NULL),
               "TLSA", g_strconcat ("3 1 1 ", certificate->key_fingerprint, NULL));
    planned->key = g_strdup (certificate->key_fingerprint);
  }
}

static void
add_policies (Plan *self)
{
  g_autofree char *id = sts_policy_id (self->host);

  add (self, DNS_USE_DMARC, DNS_NEED_REQUIRED, below (self, "_dmarc"), "TXT",
       g_strdup_printf ("v=DMARC1; p=quarantine; rua=mailto:postmaster@%s", self->facts->domain));
  add_certificates (self);
  add (self, DNS_USE_MTA_STS, DNS_NEED_OPTIONAL, below (self, "_mta-sts"), "TXT",
       g_strdup_printf ("v=STSv1; id=%s", id));
  add (self, DNS_USE_MTA_STS_HOST, DNS_NEED_OPTIONAL, below (self, "mta-sts"), "CNAME",
       g_strdup (self->host));
  add (self, DNS_USE_TLS_RPT, DNS_NEED_OPTIONAL, below (self, "_smtp._tls"), "TXT",
       g_strdup_printf ("v=TLSRPTv1; rua=mailto:postmaster@%s", self->facts->domain));
}

static void
add_service (Plan *self, DnsNeed need, const char *label, guint priority, guint port)
{
  DnsPlanned *planned = add (self, DNS_USE_SERVICE, need, below (self, label), "SRV",
                             port ? g_strdup_printf ("%u 1 %u %s", priority, port, self->host)
                                  : g_strdup ("0 0 0 ."));

  planned->key = g_strdup (port ? self->host : "");
  planned->port = (guint16)port;
}

/* What is not there says so by a dot (RFC 6186 §3.4). */
static void
add_services (Plan *self)
{
  const Configuration *configuration = self->facts->configuration;
  const guint https = offer_listen_port (configuration, LISTEN_HTTPS);
  guint count;
  const Offer *all = offers (&count);

  for (guint i = 0; i < count; i++)
    add_service (self, DNS_NEED_ADVISED, all[i].srv, all[i].priority,
                 offer_port (configuration, &all[i]));
  add (self, DNS_USE_AUTOCONFIG, DNS_NEED_OPTIONAL, below (self, "autoconfig"), "CNAME",
       g_strdup (self->host));
  add (self, DNS_USE_AUTODISCOVER, DNS_NEED_OPTIONAL, below (self, "autodiscover"), "CNAME",
       g_strdup (self->host));
  if (https)
    add_service (self, DNS_NEED_OPTIONAL, "_autodiscover._tcp", 0, https);
}

GPtrArray *
dns_plan_new (const DnsFacts *facts)
{
  Plan plan = { facts, facts->configuration->hostname,
                g_ptr_array_new_with_free_func ((GDestroyNotify)dns_planned_free) };

  add_mail (&plan);
  add_keys (&plan);
  add_policies (&plan);
  add_services (&plan);
  return plan.records;
}

const char *
dns_use_name (DnsUse use)
{
  static const char *const names[] = {
    [DNS_USE_ADDRESS] = "address",
    [DNS_USE_MX] = "mx",
    [DNS_USE_SPF] = "spf",
    [DNS_USE_HOST_SPF] = "host-spf",
    [DNS_USE_DKIM] = "dkim",
    [DNS_USE_DMARC] = "dmarc",
    [DNS_USE_TLSA] = "tlsa",
    [DNS_USE_MTA_STS] = "mta-sts",
    [DNS_USE_MTA_STS_HOST] = "mta-sts-host",
    [DNS_USE_TLS_RPT] = "tls-rpt",
    [DNS_USE_SERVICE] = "service",
    [DNS_USE_AUTOCONFIG] = "autoconfig",
    [DNS_USE_AUTODISCOVER] = "autodiscover",
  };

  return names[use];
}

const char *
dns_need_name (DnsNeed need)
{
  static const char *const names[] = { "required", "advised", "optional" };

  return names[need];
}
