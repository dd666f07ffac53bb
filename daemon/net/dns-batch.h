/* Many questions to the DNS at once, for a worker that may wait. One thread. */
#pragma once
#include "net/dns.h"

typedef struct _DnsBatch DnsBatch;
DnsBatch *dns_batch_new (Dns *dns);
void dns_batch_free (DnsBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DnsBatch, dns_batch_free)

/* The number of the question; the same one again for what was asked already. */
guint dns_batch_add (DnsBatch *batch, const char *name, DnsType type);
/* Until all that was added is answered, at most DNS_SECONDS. */
void dns_batch_wait (DnsBatch *batch);
/* After dns_batch_wait; belongs to BATCH. */
const DnsAnswer *dns_batch_answer (const DnsBatch *batch, guint number);
