/* A SASL exchange of one connection (RFC 4422), whatever the mechanism: the protocol only frames
 * what is said. In the channel's thread. */
#pragma once
#include "accounts/authenticator.h"
#include "net/channel.h"

typedef struct _SignOn SignOn;

typedef enum {
  SIGN_ON_CHALLENGE, /* send it, hand in the response */
  SIGN_ON_DONE, /* the account */
  SIGN_ON_MALFORMED, /* not what the mechanism expects */
  SIGN_ON_REFUSED, /* ERROR as of authenticate_finish */
} SignOnStep;

/* Passwords may come over this connection: under TLS, or where SETTING_PLAINTEXT_PASSWORDS says so.
 */
gboolean sign_on_is_safe (Channel *channel);
/* What is offered on this connection, with blanks between; free with g_free. */
char *sign_on_mechanisms (Channel *channel);

/* NULL: no such mechanism here. PROTOCOL ("imap") is for the log. */
SignOn *sign_on_new (Authenticator *authenticator, Channel *channel, const char *protocol,
                     const char *mechanism);
SignOn *sign_on_ref (SignOn *self);
/* A step under way still ends with its callback. */
void sign_on_unref (SignOn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignOn, sign_on_unref)

/* RESPONSE is Base64 ("=" is the empty initial response; NULL: there was no initial response). One
 * step at a time. */
void sign_on_step_async (SignOn *self, const char *response, gsize length,
                         GAsyncReadyCallback callback, gpointer data);
/* *CHALLENGE is Base64, maybe "", and belongs to the exchange. */
SignOnStep sign_on_step_finish (GAsyncResult *result, const char **challenge, Account **account,
                                GError **error);
