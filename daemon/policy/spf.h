/* SPF (RFC 7208): may this address send mail for this domain? */
#pragma once
#include "policy/answers.h"
#include "policy/spf-record.h"

typedef struct {
  GInetAddress *address; /* of the client; IPv4 in IPv6 is taken as IPv4 */
  const char *helo;
  const char *sender; /* of MAIL; "" is the null path: then HELO is checked (§2.4) */
  const char *receiver; /* this server's name, for explanations */
  gint64 now; /* Unix time */
} SpfQuery;

typedef struct {
  SpfResult result;
  gboolean by_helo; /* what was checked is the name of HELO */
  char *domain; /* what was checked */
  char *explanation; /* the domain's words for a fail (§6.2), printable ASCII, or NULL */
  char *problem; /* why it is an error, for the administrator, or NULL */
} SpfVerdict;

void spf_verdict_free (SpfVerdict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpfVerdict, spf_verdict_free)

/* NULL: ANSWERS has questions first. */
SpfVerdict *spf_check (const SpfQuery *query, Answers *answers);
const char *spf_result_name (SpfResult result);
