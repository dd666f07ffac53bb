/* Remembers for 15 minutes that a password was right, so that a phone that signs on every minute
 * does not cost a password hash each time. Neither passwords nor their plain digests are kept: an
 * entry is an HMAC-SHA-256 under a key that dies with the process. Thread-safe. */
#pragma once
#include <glib.h>

typedef struct _Verified Verified;
Verified *verified_new (void);
void verified_free (Verified *verified);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Verified, verified_free)

/* HASH is the stored one: when it changes, what was remembered fits no more. NOW is monotonic. */
gboolean verified_is_known (Verified *verified, gint64 account, const char *hash,
                            const char *password, gint64 now);
void verified_remember (Verified *verified, gint64 account, const char *hash, const char *password,
                        gint64 now);
