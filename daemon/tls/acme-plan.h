/* Which certificates this server wants, and for which names: those that mail programs and other
 * servers ask for and that lead here. */
#pragma once
#include "net/dns.h"

typedef enum {
  ACME_LEADS_HERE,
  ACME_LEADS_ELSEWHERE, /* also to some other place as well */
  ACME_LEADS_NOWHERE, /* the DNS knows no address */
  ACME_LEAD_UNKNOWN, /* the DNS did not answer */
} AcmeLead;

typedef struct {
  char *host; /* lower case, A-labels */
  gboolean
      is_wanted; /* whatever the DNS says: the server's own name, and what an administrator named */
  AcmeLead lead;
} AcmeHost;

/* One certificate for a domain: a domain whose names lead elsewhere harms no other. */
typedef struct {
  char *name; /* of the file */
  GPtrArray *hosts; /* AcmeHost */
} AcmePlanned;
void acme_planned_free (AcmePlanned *planned);

/* GPtrArray of AcmePlanned: HOSTNAME with the domain it lies in, else by itself; mail, autoconfig,
 * autodiscover and mta-sts of each of DOMAINS (char *); MORE: names, separated by blanks. */
GPtrArray *acme_plan_new (const char *hostname, const GPtrArray *domains, const char *more);
/* Asks DNS which of the names have the addresses of HOSTNAME and no others. Waits: for a worker. */
void acme_plan_look (GPtrArray *plan, const char *hostname, Dns *dns);
/* "acme-example.com", at most as long as a certificate's name may be; free with g_free. */
char *acme_plan_name (const char *domain);
