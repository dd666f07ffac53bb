/* A certificate from order to chain (RFC 8555 §7.4). What must outlive a restart is told to the
 * owner, who writes it down; an order that was begun is gone on with. Waits: for a worker. */
#pragma once
#include "tls/acme-proof.h"
#include "tls/acme-session.h"

typedef struct {
  const char *const *hosts;
  const char *replaces; /* the certificate that it stands in for (RFC 9773 §5), or NULL */
  EVP_PKEY *key; /* of the certificate */
  const AcmeProofOptions *proofs;
  char *url; /* of the order; NULL: none was made yet. Freed with g_free */
  /* URL has changed: FALSE and ERROR when that cannot be kept. */
  gboolean (*keep) (const char *url, gpointer data, GError **error);
  gpointer data;
} AcmeOrder;

/* The chain in PEM; free with g_free. NULL and ERROR: of ACME_ERROR, or G_IO_ERROR_CANCELLED. An
 * order that is lost for good has no URL any more. */
char *acme_order_run (AcmeSession *session, AcmeOrder *order, GError **error);

/* RFC 8555 §7.6; CERTIFICATE: in DER. REASON: RFC 5280 §5.3.1 (0: unspecified, 1: the key is known
 * to others, 4: superseded, 5: no longer used). */
gboolean acme_revoke (AcmeSession *session, GBytes *certificate, guint reason, GError **error);
