/* When an authority wants a certificate to be renewed (ARI, RFC 9773). */
#pragma once
#include "tls/acme-session.h"

typedef struct {
  gint64 start, end; /* seconds, UTC: START < END */
  char *explanation; /* a page that says why, or NULL */
  guint again; /* seconds until it may be asked again (§4.3) */
} AcmeRenewalInfo;
void acme_renewal_info_free (AcmeRenewalInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcmeRenewalInfo, acme_renewal_info_free)

/* The unique identifier of a certificate in DER (§4.1): its authority's key and its number; NULL:
 * it has no authorityKeyIdentifier. Free with g_free. */
char *acme_certificate_id (GBytes *certificate);

/* The answer's body (§4.2), RETRY_AFTER of its field, in seconds. NULL and ERROR: it makes no
 * sense. */
AcmeRenewalInfo *acme_renewal_info_parse (const char *text, gsize length, guint retry_after,
                                          GError **error);
/* A time of the window by chance; FRACTION: 0 to 1 (§4.2). Past windows mean now. */
gint64 acme_renewal_info_choose (const AcmeRenewalInfo *info, double fraction, gint64 now);

/* NULL without ERROR: this authority has no such thing. Waits for the network. */
AcmeRenewalInfo *acme_renewal_info_fetch (AcmeSession *session, const char *id, GError **error);
