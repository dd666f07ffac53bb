/* Signing on: verifies passwords in workers, slows guessing down, remembers what was verified. */
#pragma once
#include "accounts/account.h"
#include "accounts/guard.h"

typedef struct _Authenticator Authenticator;

Authenticator *authenticator_new (Store *store);
/* What it bans; belongs to the authenticator. */
Guard *authenticator_guard (Authenticator *authenticator);
/* Before the store closes. Sign-ons that are under way still end with their callback. */
void authenticator_free (Authenticator *authenticator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Authenticator, authenticator_free)

/* Any thread with a GMainContext. Verifies in a worker; slowed down per user + address after
 * failures; unknown users cost the same time. Logs. CHANNEL_ID and PEER are for the log line. NULL
 * with G_IO_ERROR_PERMISSION_DENIED (wrong, told alike for unknown user), G_IO_ERROR_BUSY (try
 * later), or a STORE_ERROR. */
void authenticate_async (Authenticator *authenticator, const char *user, const char *password,
                         const char *protocol, const char *channel_id, const char *peer,
                         GAsyncReadyCallback callback, gpointer data);
Account *authenticate_finish (GAsyncResult *result, GError **error);
