/* DMARC (RFC 9989): is the author's domain the one that answers for the mail, and what does it want
 * done when not? */
#pragma once
#include "policy/dkim-verify.h"
#include "policy/dmarc-record.h"
#include "policy/spf.h"

typedef enum { DMARC_NONE, DMARC_PASS, DMARC_FAIL, DMARC_TEMPERROR, DMARC_PERMERROR } DmarcResult;

typedef struct {
  DmarcResult result;
  DmarcPolicy policy; /* with DMARC_FAIL: what the domain asks for; unset: nothing, it is testing */
  DmarcPolicy published; /* the policy in its record, also when it passed; unset: no record */
  char *domain; /* of the author, or NULL */
  char *policy_domain; /* whose record it is, or NULL */
} DmarcVerdict;

void dmarc_verdict_free (DmarcVerdict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmarcVerdict, dmarc_verdict_free)

/* The author's domain in A-labels (§5.3.1), or NULL: DMARC does not apply, because there is no From
 * field with a domain, or several domains. *SEVERAL_FIELDS (may be NULL): more than one From field,
 * which RFC 5322 §3.6 forbids and a reader may see any of. */
char *dmarc_author_domain (const DkimHeader *header, gboolean *several_fields);
/* NULL: ANSWERS has questions first. DOMAIN may be NULL; DKIM: DkimVerdict. */
DmarcVerdict *dmarc_check (const char *domain, const SpfVerdict *spf, const GPtrArray *dkim,
                           Answers *answers);
/* Notes what the policy's discovery asks for. */
void dmarc_ask (const char *domain, Answers *answers);
const char *dmarc_result_name (DmarcResult result);
