/* What was found out about a mail, all of it, and the field that says so. */
#pragma once
#include "policy/arc.h"
#include "policy/dmarc.h"
#include "policy/iprev.h"

/* How far the checks of one mail have come. Each part is NULL until it is known; TRUSTED is set
 * before. */
typedef struct {
  const char *trusted; /* domains whose seals of ARC count, separated by blanks; NULL: none */
  SpfVerdict *spf;
  GPtrArray *names; /* of the client, borrowed from the answers */
  IprevResult iprev;
  DkimMessage *message; /* NULL: only the envelope is known yet */
  const GPtrArray *dkim; /* DkimVerdict, belongs to MESSAGE */
  ArcVerdict *arc;
  char *author; /* domain, or NULL when DMARC does not apply */
  DmarcAuthors authors;
  DmarcVerdict *dmarc;
  const char *voucher; /* a trusted forwarder for whom DMARC passed; belongs to ARC */
  DmarcPolicy policy; /* what is left of the author's wish once all is known; unset: none */
} Findings;

void findings_clear (Findings *self);

/* Goes as far as the ANSWERS let it; TRUE when all is known. MAIL: the whole message, or NULL.
 * Costs what hashing the message costs, so it belongs into a worker thread. */
gboolean findings_update (Findings *self, const SpfQuery *query, GBytes *mail, Answers *answers);
/* The Authentication-Results field, when all is known. */
char *findings_report (const Findings *self, const SpfQuery *query, const char *authserv_id);
