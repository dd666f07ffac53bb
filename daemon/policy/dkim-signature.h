/* A DKIM-Signature field (RFC 6376 §3.5), also read from ARC-Message-Signature (RFC 8617 §4.1.2).
 */
#pragma once
#include "policy/dkim-canon.h"

#define DKIM_SIGNED_FIELDS_MAX 200 /* names in h= */

typedef enum { DKIM_RSA_SHA256, DKIM_ED25519_SHA256 } DkimAlgorithm;

typedef struct {
  DkimAlgorithm algorithm;
  GBytes *signature; /* b= */
  GBytes *body_hash; /* bh=, 32 bytes */
  DkimCanon header_canon, body_canon;
  char *domain; /* d=, in A-labels and lower case */
  char *selector;
  char *identity; /* i=, or "@" and the domain */
  char **fields; /* h= */
  guint64 length; /* l=, or G_MAXUINT64 */
  gint64 timestamp, expiration; /* t=, x=; -1: not there */
  char *hint; /* the first characters of b=, which tell signatures apart (RFC 6008 §4) */
} DkimSignature;

void dkim_signature_free (DkimSignature *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DkimSignature, dkim_signature_free)

/* VALUE: unfolded. Always returns what could be read of d=, s=, i= and b=, for the report. *PROBLEM
 * (a constant) is set when the signature can not be verified (§6.1.1), else NULL. ARC: it is
 * of ARC, which has i=1, 2 … there and no v=. */
DkimSignature *dkim_signature_parse (const char *value, gboolean arc, const char **problem);
/* An ARC-Seal (RFC 8617 §4.1.3), which has no h= and no bh=; *STATE: its cv=, or NULL. */
DkimSignature *dkim_seal_parse (const char *value, char **state, const char **problem);
/* An algorithm's name, or FALSE: not known, or not allowed any more (RFC 8301 §3.1). */
gboolean dkim_algorithm_parse (const char *name, DkimAlgorithm *algorithm);
const char *dkim_algorithm_name (DkimAlgorithm algorithm);
/* Appends a signature field without the value of its b= tag and without its last line end (§3.7).
 */
void dkim_append_unsigned (GString *out, const guint8 *field, gsize length, DkimCanon canon);
