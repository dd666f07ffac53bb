/* Asks the DNS, through libunbound: cache, DNSSEC validation, own recursion or forwarders.
 *
 * What came out stays apart all the way: a name that is not there, one without such a record, an
 * answer that could not be had (try again later), and one that was forged. An answer is `secure`
 * when DNSSEC proves it (or that there is none) in every step of its CNAME chain. */
#pragma once
#include <gio/gio.h>

typedef enum {
  DNS_TYPE_A = 1,
  DNS_TYPE_PTR = 12,
  DNS_TYPE_MX = 15,
  DNS_TYPE_TXT = 16,
  DNS_TYPE_AAAA = 28,
  DNS_TYPE_SRV = 33,
  DNS_TYPE_TLSA = 52,
} DnsType;

typedef enum {
  DNS_FOUND, /* at least one record */
  DNS_NO_NAME, /* NXDOMAIN, or a text that can be no name */
  DNS_NO_DATA, /* the name is there, without such a record */
  DNS_FAILED, /* no answer, or none that can be read: ask again later */
  DNS_BOGUS, /* DNSSEC says that the answer is forged or its zone broken: ask again later */
} DnsStatus;

enum {
  DNS_RECORDS_MAX = 256, /* those behind are left out */
  DNS_PENDING_MAX = 4096, /* questions at a time; one more is DNS_FAILED at once */
  DNS_SECONDS = 20, /* for one question, whatever it needs */
};

/* Only what its type has. */
typedef struct {
  GInetAddress *address; /* A, AAAA */
  char *host; /* MX, PTR, SRV: without the last dot, unusual bytes as \DDD; "" is the root */
  guint16 preference; /* MX; SRV: its priority */
  guint16 weight, port; /* SRV (RFC 2782) */
  GBytes *data; /* TXT: its strings joined; TLSA: the certificate association data */
  guint8 usage, selector, matching; /* TLSA (RFC 6698 §2.1) */
} DnsRecord;

typedef struct {
  DnsStatus status;
  gboolean secure;
  guint ttl; /* seconds */
  char *name; /* where a CNAME chain ended, else as asked */
  GPtrArray *records; /* DnsRecord, MX and SRV by preference; never NULL */
  char *reason; /* for a log line, with DNS_FAILED and DNS_BOGUS */
} DnsAnswer;
void dns_answer_free (DnsAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DnsAnswer, dns_answer_free)
/* "MX 0 .": the domain takes no mail (RFC 7505 §3). */
gboolean dns_answer_is_null_mx (const DnsAnswer *answer);
/* "found", "no name", … for log lines. */
const char *dns_status_text (DnsStatus status);

typedef struct _Dns Dns;

typedef struct {
  const char *folder; /* for the root's trust anchor, which is kept there (RFC 5011): root.key */
  const char *forwarders; /* "ADDRESS[@PORT] …"; NULL or "": own recursion */
  guint seconds; /* for one question; 0: DNS_SECONDS */
} DnsOptions;

/* Makes FOLDER, and in it root.key when it is not there. */
Dns *dns_new (const DnsOptions *options, GError **error);
/* Open questions are answered with DNS_FAILED. */
void dns_free (Dns *dns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Dns, dns_free)
/* Whether TEXT is such a list of forwarders. */
gboolean dns_forwarders_check (const char *text, GError **error);

/* NAME: UTF-8 or A-labels, with or without the last dot. Any thread; the callback comes in its
 * thread-default GMainContext, never within the call, at the latest after DNS_SECONDS. */
void dns_look_up_async (Dns *dns, const char *name, DnsType type, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data);
/* NULL only when it was cancelled. */
DnsAnswer *dns_look_up_finish (GAsyncResult *result, GError **error);

/* "7.2.0.192.in-addr.arpa": what PTR is asked for. With ZONE instead of the two arpa domains, a
 * block list's question (RFC 5782). Free with g_free. */
char *dns_reverse_name (GInetAddress *address, const char *zone);
