/* From what the resolver has read to an answer with types. */
#pragma once
#include "net/dns.h"

DnsAnswer *dns_answer_new (const char *name, DnsStatus status);
/* Adds the record that RDATA holds (uncompressed, RFC 1035 §3.3); one that is broken is left out.
 * FALSE: it was. */
gboolean dns_answer_add (DnsAnswer *answer, DnsType type, const guint8 *rdata, gsize length);
/* Sorts, and says DNS_NO_DATA instead of DNS_FOUND when no record can be used. */
void dns_answer_settle (DnsAnswer *answer);
