/* ARC (RFC 8617): the chain in which forwarders seal what they found out about a mail before they
 * changed it. */
#pragma once
#include "policy/dkim-verify.h"

#define ARC_SETS_MAX 50 /* §4.2.1 */

typedef enum { ARC_NONE, ARC_PASS, ARC_FAIL, ARC_TEMPERROR } ArcResult;

typedef struct {
  ArcResult result;
  const char *problem; /* a constant, or NULL */
  GPtrArray *sealers; /* char *: the domain of each seal, the oldest first; with ARC_PASS */
  GPtrArray *results; /* char *: what each of them found out, its Authentication-Results */
} ArcVerdict;

void arc_verdict_free (ArcVerdict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArcVerdict, arc_verdict_free)

/* NULL: ANSWERS has questions first. */
ArcVerdict *arc_check (DkimMessage *message, Answers *answers);
/* A forwarder that is trusted says that DMARC passed for AUTHOR (a domain) when it took the mail;
 * and so do we trust all that sealed after it. TRUSTED: domains, separated by blanks. */
gboolean arc_vouches (const ArcVerdict *self, const char *author, const char *trusted);
const char *arc_result_name (ArcResult result);
