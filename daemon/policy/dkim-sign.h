/* DKIM signing (RFC 6376 §5) with the keys of a domain. */
#pragma once
#include "policy/dkim-key.h"
#include "policy/dkim-verify.h"

/* Makes a new private key, PEM; free with g_free. */
char *dkim_key_generate (DkimAlgorithm algorithm, GError **error);
/* NULL: not a private key for ALGORITHM. Free with EVP_PKEY_free. */
EVP_PKEY *dkim_key_read_private (const char *pem, DkimAlgorithm algorithm);
/* The TXT record for SELECTOR._domainkey.DOMAIN. */
char *dkim_key_record (EVP_PKEY *key, DkimAlgorithm algorithm);

/* "DKIM-Signature: …" with its line end, to be put before the message. The fields that were signed
 * and those that must not be added later are named (§8.15). NULL: the key cannot sign. */
char *dkim_sign (DkimMessage *message, const char *domain, const char *selector, EVP_PKEY *key,
                 DkimAlgorithm algorithm, gint64 now);

/* For ARC, too. FIELD is a signature field up to where h= belongs: appends h=, bh= and b= with its
 * line end. WITH_SIGNATURES: DKIM-Signature fields are signed as well. FALSE: the key cannot sign.
 */
gboolean dkim_sign_message (GString *field, DkimMessage *message, gboolean with_signatures,
                            EVP_PKEY *key, DkimAlgorithm algorithm);
/* FIELD ends in "b=": appends the signature over DATA, with a line end. */
gboolean dkim_sign_data (GString *field, const GString *data, EVP_PKEY *key,
                         DkimAlgorithm algorithm);
