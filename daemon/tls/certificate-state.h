/* How it stands with each certificate, for people: which names it serves, whether it renews itself,
 * and what is wrong. Waits for the disk. */
#pragma once
#include "tls/certificate.h"
#include <jansson.h>

typedef enum {
  CERTIFICATE_GOOD, /* self-signed ones, too */
  CERTIFICATE_ENDING, /* within 20 days (of short lives: two ninths), and nothing has renewed it */
  CERTIFICATE_FAILING, /* it is good, but it cannot be renewed, or not for all of its names */
  CERTIFICATE_ENDED, /* or not valid yet: clients refuse it */
  CERTIFICATE_MISSING, /* it was ordered, and did not come */
} CertificateCondition;

typedef struct {
  char *name;
  Certificate *certificate; /* NULL: MISSING */
  CertificateCondition condition;
  gboolean renews_itself;
  GPtrArray *serves; /* char *: of its hosts those for which clients are shown it; none: another one
                        is better */
  gint64 renew_at,
      next; /* seconds, UTC: when it is renewed; not before NEXT after a failure; or 0 */
  json_t *problem; /* acme_error_describe, or NULL */
  json_t *host_problems; /* {HOST: problem}: names that are not in it because they failed */
} CertificateState;
void certificate_state_free (CertificateState *state);

/* GPtrArray of CertificateState by name. CERTIFICATES: the folder; FOLDER: DATA/acme. */
GPtrArray *certificate_states (const char *certificates, const char *folder, GError **error);

/* "good", "ending", "failing", "ended", "missing". */
const char *certificate_condition_name (CertificateCondition condition);
/* What is wrong and what to do next; NULL: nothing is. Free with g_free. */
char *certificate_state_sentence (const CertificateState *state);
