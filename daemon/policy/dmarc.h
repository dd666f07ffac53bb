/* DMARC (RFC 9989): is the author's domain the one that answers for the mail, and what does it want
 * done when not? */
#pragma once
#include "policy/dkim-verify.h"
#include "policy/dmarc-record.h"
#include "policy/spf.h"

typedef enum { DMARC_NONE, DMARC_PASS, DMARC_FAIL, DMARC_TEMPERROR, DMARC_PERMERROR } DmarcResult;

typedef struct {
  DmarcResult result;
  DmarcPolicy policy; /* with DMARC_FAIL: what the domain asks for, t= heeded; else unset */
  DmarcPolicy published; /* the policy in its record, also when it passed; unset: no record */
  char *domain; /* of the author, or NULL */
  char *policy_domain; /* whose record it is, or NULL */
} DmarcVerdict;

void dmarc_verdict_free (DmarcVerdict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmarcVerdict, dmarc_verdict_free)

/* Who can have written a mail. One field is what RFC 5322 §3.6 allows: of several a reader may see
 * any, and of several domains DMARC speaks of none (§5.3.1, §11.5). */
typedef enum {
  DMARC_AUTHORS_NONE,
  DMARC_AUTHORS_OF_ONE_DOMAIN,
  DMARC_AUTHORS_OF_SEVERAL_DOMAINS,
  DMARC_AUTHORS_OF_SEVERAL_FIELDS
} DmarcAuthors;

/* The author's domain in A-labels (§5.3.1), or NULL: DMARC does not apply. */
char *dmarc_author_domain (const DkimHeader *header, DmarcAuthors *authors);
/* NULL: ANSWERS has questions first. DOMAIN may be NULL; DKIM: DkimVerdict. */
DmarcVerdict *dmarc_check (const char *domain, const SpfVerdict *spf, const GPtrArray *dkim,
                           Answers *answers);
/* Notes what the policy's discovery asks for. */
void dmarc_ask (const char *domain, Answers *answers);
const char *dmarc_result_name (DmarcResult result);
