/* ARC (RFC 8617): the chain in which forwarders seal what they found out about a mail before they
 * changed it. */
#pragma once
#include "policy/dkim-verify.h"

typedef enum { ARC_NONE, ARC_PASS, ARC_FAIL } ArcResult;

typedef struct {
  ArcResult result;
  const char *problem; /* a constant, or NULL */
  gboolean temporary; /* it failed only because the DNS did not answer (§5.2.1) */
  GPtrArray *sealers; /* char *: the domain of each seal, the oldest first */
  GPtrArray *results; /* char *: what each of them found out, its Authentication-Results */
} ArcVerdict;

void arc_verdict_free (ArcVerdict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArcVerdict, arc_verdict_free)

/* NULL: ANSWERS has questions first; all are asked at once, and nothing is verified before all are
 * answered. NOW: seconds, as an expired signature is none. */
ArcVerdict *arc_check (DkimMessage *message, Answers *answers, gint64 now);
/* Notes the keys that HEADER's chain needs, so that they are asked for before the body is there. */
void arc_ask_keys (const DkimHeader *header, Answers *answers);
const char *arc_result_name (ArcResult result);

/* The forwarder that says that DMARC passed for AUTHOR (a domain) when it took the mail, or NULL.
 * It is one of TRUSTED (domains, separated by blanks), and so are all that sealed after it: what
 * stands before a stranger's seal, the stranger may have made up. */
const char *arc_voucher (const ArcVerdict *self, const char *author, const char *trusted);
