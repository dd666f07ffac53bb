/* Writes the records of a domain. */
#include "admin/dns-plan.h"
#include "policy/dkim-keys.h"
#include "policy/tag-list.h"
#include "tls/certificate.h"
#include <string.h>

#define STRING_MAX 250 /* bytes of one string of TXT; 255 fit (RFC 1035 §3.3.14) */
#define ID_LENGTH 16

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

char *
dns_plan_mta_sts_policy (const char *hostname)
{
  return g_strdup_printf ("version: STSv1\r\nmode: enforce\r\nmx: %s\r\nmax_age: 1209600\r\n",
                          hostname);
}

/* The id changes when the policy does (RFC 8461 §3.1). */
static void
add_policies (Plan *self)
{
  g_autofree char *policy = dns_plan_mta_sts_policy (self->host);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, policy, -1);

  add (self, DNS_USE_DMARC, DNS_NEED_REQUIRED, below (self, "_dmarc"), "TXT",
       g_strdup_printf ("v=DMARC1; p=quarantine; rua=mailto:postmaster@%s", self->facts->domain));
  add_certificates (self);
  add (self, DNS_USE_MTA_STS, DNS_NEED_OPTIONAL, below (self, "_mta-sts"), "TXT",
       g_strdup_printf ("v=STSv1; id=%.*s", ID_LENGTH, digest));
  add (self, DNS_USE_MTA_STS_HOST, DNS_NEED_OPTIONAL, below (self, "mta-sts"), "CNAME",
       g_strdup (self->host));
  add (self, DNS_USE_TLS_RPT, DNS_NEED_OPTIONAL, below (self, "_smtp._tls"), "TXT",
       g_strdup_printf ("v=TLSRPTv1; rua=mailto:postmaster@%s", self->facts->domain));
}

/* The port where the protocol is listened to, or 0: it is off. */
static guint
port_of (const Configuration *configuration, Listen listen)
{
  const char *address = configuration->listen[listen][0];
  const char *colon = address ? strrchr (address, ':') : NULL;

  return colon ? (guint)g_ascii_strtoull (colon + 1, NULL, 10) : 0;
}

/* TLS from the start before STARTTLS, IMAP before POP3 (RFC 8314 §5.1). What is not there says so
 * by a dot (RFC 6186 §3.4). */
static void
add_services (Plan *self)
{
  static const struct {
    const char *label;
    Listen listen;
    guint priority;
  } services[] = {
    { "_submissions._tcp", LISTEN_SUBMISSIONS, 0 },
    { "_submission._tcp", LISTEN_SUBMISSION, 5 },
    { "_imaps._tcp", LISTEN_IMAPS, 0 },
    { "_imap._tcp", LISTEN_IMAP, 5 },
    { "_pop3s._tcp", LISTEN_POP3S, 10 },
    { "_pop3._tcp", LISTEN_POP3, 15 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (services); i++) {
    const guint port = port_of (self->facts->configuration, services[i].listen);
    DnsPlanned *planned
        = add (self, DNS_USE_SERVICE, DNS_NEED_ADVISED, below (self, services[i].label), "SRV",
               port ? g_strdup_printf ("%u 1 %u %s", services[i].priority, port, self->host)
                    : g_strdup ("0 0 0 ."));

    planned->key = g_strdup (port ? self->host : "");
    planned->port = (guint16)port;
  }
  add (self, DNS_USE_AUTOCONFIG, DNS_NEED_OPTIONAL, below (self, "autoconfig"), "CNAME",
       g_strdup (self->host));
  add (self, DNS_USE_AUTODISCOVER, DNS_NEED_OPTIONAL, below (self, "autodiscover"), "CNAME",
       g_strdup (self->host));
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
