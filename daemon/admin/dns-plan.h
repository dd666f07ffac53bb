/* What the DNS should say about a domain, so that its mail arrives, is believed, and programs find
 * their settings by themselves. */
#pragma once
#include "configuration.h"
#include "net/dns.h"

typedef enum {
  DNS_USE_ADDRESS, /* of this server's name */
  DNS_USE_MX,
  DNS_USE_SPF,
  DNS_USE_HOST_SPF, /* for mail without a sender, which stands under the server's name (RFC 7208
                       §2.4) */
  DNS_USE_DKIM,
  DNS_USE_DMARC,
  DNS_USE_TLSA,
  DNS_USE_MTA_STS,
  DNS_USE_MTA_STS_HOST,
  DNS_USE_TLS_RPT,
  DNS_USE_SERVICE, /* SRV (RFC 6186, 8314) */
  DNS_USE_AUTOCONFIG,
  DNS_USE_AUTODISCOVER,
} DnsUse;

typedef enum {
  DNS_NEED_REQUIRED, /* without it mail is lost or refused */
  DNS_NEED_ADVISED,
  DNS_NEED_OPTIONAL, /* when something else is there, too */
} DnsNeed;

typedef struct {
  DnsUse use;
  DnsNeed need;
  char *name; /* in full, without the last dot */
  const char *type; /* "MX" */
  char *value; /* as a form wants it; NULL: the administrator knows it */
  char *zone; /* the line of a zone file; NULL with VALUE */
  char *key; /* DKIM: what p= has, TLSA: the digest, SERVICE: the host ("" for none), else NULL */
  guint16 port; /* SERVICE */
} DnsPlanned;
void dns_planned_free (DnsPlanned *planned);

typedef struct {
  const char *domain; /* normalized */
  const Configuration *configuration;
  const GPtrArray *keys; /* DkimStoredKey */
  const GPtrArray *certificates; /* Certificate */
} DnsFacts;

/* GPtrArray of DnsPlanned. */
GPtrArray *dns_plan_new (const DnsFacts *facts);
/* "mx", "spf", "tlsa" …; "required", "advised", "optional": names in JSON. */
const char *dns_use_name (DnsUse use);
const char *dns_need_name (DnsNeed need);
