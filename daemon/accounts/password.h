/* Password hashes: scrypt with its parameters in the text, "$scrypt$ln=15,r=8,p=1$SALT$HASH"
 * (base64). Slow on purpose: workers only. */
#pragma once
#include <glib.h>

/* Passwords that only look different (RFC 4013) are the same. */
char *password_hash (const char *password, GError **error);
/* Constant time in the comparison. A damaged HASH is FALSE. */
gboolean password_verify (const char *hash, const char *password);
/* The hash was made with weaker parameters than today's. */
gboolean password_is_dated (const char *hash);
