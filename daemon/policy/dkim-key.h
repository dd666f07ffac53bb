/* A key record of the DNS (RFC 6376 §3.6.1, RFC 8463 §4.2). */
#pragma once
#include "policy/dkim-signature.h"
#include <openssl/evp.h>

typedef struct {
  EVP_PKEY *key;
  DkimAlgorithm algorithm;
  gboolean testing; /* t=y */
  gboolean strict; /* t=s: i= must have the domain itself */
} DkimKey;

void dkim_key_free (DkimKey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DkimKey, dkim_key_free)

/* NULL: it can verify nothing for ALGORITHM; *PROBLEM (a constant) says why. */
DkimKey *dkim_key_parse (const char *text, DkimAlgorithm algorithm, const char **problem);
/* BYTES[LENGTH] was signed with the private half. */
gboolean dkim_key_verify (const DkimKey *self, const guint8 *bytes, gsize length,
                          GBytes *signature);
