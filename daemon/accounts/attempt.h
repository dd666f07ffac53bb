/* One try to sign on, whatever the mechanism: who, from where, and how it ended. For the files of
 * the authenticator. */
#pragma once
#include "accounts/authenticator.h"
#include "accounts/credential.h"
#include "accounts/guard.h"
#include "accounts/slowdown.h"
#include "accounts/verified.h"
#include "log.h"

struct _Authenticator {
  gatomicrefcount references; /* the owner's and one for each attempt */
  Store *store;
  Slowdown *slowdown;
  Guard *guard;
  Verified *verified;
  GThreadPool *workers;
  int waiting; /* attempts handed to the workers; atomic */
};
void authenticator_unref (Authenticator *self);

typedef struct {
  Authenticator *authenticator;
  char *user; /* normalized when that is possible */
  char *protocol, *channel_id, *peer;
  Account *account; /* NULL: there is none */
  GPtrArray *credentials; /* Credential; NULL: not read */
} Attempt;

/* USER in the one form of each name: prepared (RFC 4013) and folded when it is an address, and
 * bounded; free with g_free. */
char *attempt_name (const char *user);
/* USER as it is counted and logged: bounded, and folded when it is an address. */
void attempt_begin (Attempt *self, Authenticator *authenticator, const char *user,
                    const char *protocol, const char *channel_id, const char *peer);
void attempt_clear (Attempt *self);
/* Microseconds to wait before it may go on; -1 with ERROR: too many wait, or the address is
 * banned. */
gint64 attempt_claim (Attempt *self, GError **error);
/* Claims TASK's turn and calls BEGIN with a reference to it, in the task's context, when it has
 * come; without a turn the task returns the error. */
void attempt_start (Attempt *self, GTask *task, GSourceFunc begin);
/* FALSE: the address is not banned. Else ERROR says only that the login is wrong: on a connection
 * that was there before the ban, a guesser learns nothing of it. */
gboolean attempt_refuse_banned (const Attempt *self, GError **error);
/* Inside a read job: the account with its stored hash, and its credentials. FALSE with ERROR when
 * the store failed; a user who is none is not an error. */
gboolean attempt_read_account (Attempt *self, Database *database, char **hash, GError **error);
/* Why its account, which is there, may not log in although the secret is right; NULL: it may. */
const char *attempt_find_obstacle (const Attempt *self);
/* Counts and logs the end. SECRET: the password that was wrong; NULL: it was not shown. */
void attempt_refuse (Attempt *self, const char *reason, const char *secret, GError **error);
void attempt_refuse_busy (Attempt *self, const char *reason, GError **error);
Account *attempt_welcome (Attempt *self);
void attempt_log (const Attempt *self, LogLevel level, const char *message, const char *reason);
/* Remembers when and from where an app password was used last, once an hour. */
void attempt_note_use (Attempt *self, const Credential *credential);
/* The same for the device ID, last used at USED, which WRITE knows how to write. */
typedef gboolean (*AttemptUseFunc) (StoreTransaction *transaction, gint64 id, const char *address,
                                    GError **error);
void attempt_note_device (const Attempt *self, gint64 id, gint64 used, AttemptUseFunc write);
