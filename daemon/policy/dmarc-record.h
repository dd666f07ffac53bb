/* A DMARC policy record (RFC 9989 §4.7, §4.8). */
#pragma once
#include <glib.h>

typedef enum {
  DMARC_POLICY_UNSET,
  DMARC_POLICY_NONE,
  DMARC_POLICY_QUARANTINE,
  DMARC_POLICY_REJECT
} DmarcPolicy;

typedef struct {
  DmarcPolicy domain, subdomains, nonexistent; /* p, sp, np; never unset: each has its default */
  gboolean strict_dkim, strict_spf; /* adkim=s, aspf=s */
  gboolean testing; /* t=y */
  char psd; /* 'y', 'n' or 'u' */
  gboolean ignored; /* no valid policy and nowhere to report to: DMARC does not apply (§4.10.1) */
} DmarcRecord;

/* FALSE: TEXT is no DMARC record. What cannot be read in one is left out, as if it were not there.
 */
gboolean dmarc_record_parse (const char *text, DmarcRecord *record);
const char *dmarc_policy_name (DmarcPolicy policy);
