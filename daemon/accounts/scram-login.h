/* Signing on by SCRAM: what the authenticator does between the client's messages. */
#pragma once
#include "accounts/authenticator.h"
#include "accounts/scram.h"

typedef struct _ScramLogin ScramLogin;
void scram_login_free (ScramLogin *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScramLogin, scram_login_free)

/* The client's first message is in SCRAM, which must outlive the call: waits the turn of the user
 * it names, reads the keys, and makes the challenge. A user who is none gets one alike. */
void scram_login_begin_async (Authenticator *authenticator, Scram *scram, const char *protocol,
                              const char *channel_id, const char *peer,
                              GAsyncReadyCallback callback, gpointer data);
/* NULL with an error as authenticate_finish. */
ScramLogin *scram_login_begin_finish (GAsyncResult *result, GError **error);
/* The client's final message is in SCRAM too: the account and the server's final message, or NULL
 * with G_IO_ERROR_PERMISSION_DENIED. No disk, no slow hash. Once. */
Account *scram_login_end (ScramLogin *self, const Scram *scram, char **signature, GError **error);
/* It is over because the client's final message was none. */
void scram_login_refuse (ScramLogin *self, GError **error);
