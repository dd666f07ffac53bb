/* Signing on with the certificate that the client showed to TLS (EXTERNAL, RFC 4422 appendix A). */
#pragma once
#include "accounts/authenticator.h"

/* FINGERPRINT: of a certificate whose key the client has proved to hold. IDENTITY: the
 * authorization identity, "" when the client leaves it to the server; nobody may act as somebody
 * else. */
void external_login_async (Authenticator *authenticator, const char *fingerprint,
                           const char *identity, const char *protocol, const char *channel_id,
                           const char *peer, GAsyncReadyCallback callback, gpointer data);
/* NULL with an error as authenticate_finish. */
Account *external_login_finish (GAsyncResult *result, GError **error);
