/* What proves to a certificate authority that a name is ours (RFC 8555 §8): laid out before it
 * looks, taken away afterwards. May wait for the network or a program: for a worker. */
#pragma once
#include <gio/gio.h>
#include <openssl/evp.h>

/* In the order of acme.challenge's choices. */
typedef enum { ACME_HTTP_01, ACME_TLS_ALPN_01, ACME_DNS_01, ACME_CHALLENGE_COUNT } AcmeChallenge;
/* "http-01" … */
const char *acme_challenge_name (AcmeChallenge challenge);

typedef struct {
  AcmeChallenge challenge;
  const char *dns_server; /* DNS_01: who takes updates (dns-update.h), or "": HOOK does it */
  const char *dns_key; /* see tsig_key_parse */
  const char *hook; /* a program: HOOK add|remove NAME VALUE; or NULL */
  guint dns_wait; /* seconds until all of a zone's servers know it */
} AcmeProofOptions;

typedef struct _AcmeProof AcmeProof;
/* Lays it out for HOST; KEY: the account's. NULL and ERROR (ACME_ERROR). */
AcmeProof *acme_proof_new (const AcmeProofOptions *options, const char *host, const char *token,
                           EVP_PKEY *key, GCancellable *cancellable, GError **error);
/* Takes it away. What a DNS server then still has does no harm, so a failure is only logged. */
void acme_proof_free (AcmeProof *proof);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcmeProof, acme_proof_free)

/* RFC 8555 §8.1: tokens are base64url, of at least 128 bits; nothing else goes into a path or a
 * program. */
gboolean acme_token_is_valid (const char *token);
/* §8.4: what stands in the TXT record for a key authorization; free with g_free. */
char *acme_dns_value (const char *authorization);
