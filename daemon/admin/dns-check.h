/* Holds what the DNS says against a plan (dns-plan.h), and this server against its name. Waits for
 * the DNS: for a worker. */
#pragma once
#include "admin/dns-plan.h"
#include "net/dns-batch.h"
#include "policy/block-listing.h"

typedef enum {
  DNS_RIGHT,
  DNS_MISSING,
  DNS_WRONG,
  DNS_UNKNOWN, /* the DNS did not answer */
} DnsFinding;

typedef struct {
  DnsFinding finding;
  const char *reason; /* a constant that names what is wrong, or NULL */
  GPtrArray *found; /* char *: what is there */
} DnsChecked;
void dns_checked_free (DnsChecked *checked);

typedef struct {
  const char *domain, *host;
  Dns *dns;
  BlockLists *lists; /* may be NULL */
  gboolean relayed; /* mail goes out through somebody else's server */
  guint16 port; /* where other servers deliver mail: 25 */
} DnsCheckOptions;

/* The name of a document (documents.h), with the domain behind it: {"time", "wrong"}. */
#define DNS_CHECKED "dns-checked:"

/* DnsChecked for each of PLAN. */
GPtrArray *dns_check_plan (const GPtrArray *plan, const DnsCheckOptions *options);

typedef enum { DNS_SERVER_REVERSE, DNS_SERVER_PORT, DNS_SERVER_LISTED } DnsServerCheck;
typedef struct {
  DnsServerCheck check;
  char *address;
  DnsFinding finding;
  char *found; /* names, a greeting, a list; or NULL */
} DnsServerChecked;
void dns_server_checked_free (DnsServerChecked *checked);

/* DnsServerChecked of each address that the host has in the DNS: of none when it has none. */
GPtrArray *dns_check_server (const DnsCheckOptions *options);

/* The first line that the server at ADDRESS says, printable, or NULL: nobody does within seconds. */
char *server_greeting_read (GInetAddress *address, guint16 port, GCancellable *cancellable);

/* "right", "missing", "wrong", "unknown"; "reverse", "port", "block-lists": names in JSON. */
const char *dns_finding_name (DnsFinding finding);
const char *dns_server_check_name (DnsServerCheck check);
