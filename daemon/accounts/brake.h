/* The brake for accounts that somebody else has got hold of: a user who suddenly writes to many
 * more people, to many new ones, or whose mail comes back much more often than is usual for this
 * user, is held up until an administrator says what it is. Inside store jobs; what happens to the
 * queue is in queue/queue-brake.h. */
#pragma once
#include "store/store.h"

typedef enum {
  BRAKE_FREE,
  BRAKE_TRIPPED, /* by this very mail or bounce */
  BRAKE_HOLDS, /* since before */
} BrakeState;

typedef enum {
  BRAKE_BY_HAND,
  BRAKE_BY_RECIPIENTS,
  BRAKE_BY_NEW_RECIPIENTS,
  BRAKE_BY_BOUNCES,
  BRAKE_REASON_COUNT,
} BrakeReason;

typedef struct {
  gint64 account;
  char *address;
  gint64 since; /* seconds, UTC */
  BrakeReason reason;
  gint64 count, usual; /* within an hour: then, and what was the most before */
  gboolean locked; /* nobody can log in to the account */
  gboolean told; /* the administrator was */
} Braked;
void braked_free (Braked *braked);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Braked, braked_free)

/* Inside a write job: ACCOUNT sends a mail to RECIPIENTS people, OUTSIDE (char *) of them of other
 * domains. */
gboolean brake_note_mail (StoreTransaction *transaction, gint64 account, guint recipients,
                          const GPtrArray *outside, BrakeState *state, GError **error);
/* The same: COUNT recipients of its mail could not be reached. */
gboolean brake_note_bounces (StoreTransaction *transaction, gint64 account, guint count,
                             BrakeState *state, GError **error);
/* Inside any job: whether it holds the mail of ACCOUNT. */
gboolean brake_holds (Database *database, gint64 account, gboolean *holds, GError **error);

/* Inside a write job. What was counted becomes usual for the user, who can log in again.
 * STORE_ERROR_NOT_FOUND when there is nothing to release. */
gboolean brake_release (StoreTransaction *transaction, const char *address, GError **error);
/* Nobody can log in to ADDRESS any more, and its mail is held: also where the brake had not
 * noticed. */
gboolean brake_lock (StoreTransaction *transaction, const char *address, GError **error);
gboolean brake_set_told (StoreTransaction *transaction, gint64 account, GError **error);

/* Inside a read job: who is held, the newest first: GPtrArray of Braked. Also brings the metric up
 * to date. */
GPtrArray *brake_list (Database *database, GError **error);
/* STORE_ERROR_NOT_FOUND when the brake does not hold ADDRESS. */
Braked *brake_find (Database *database, const char *address, GError **error);
/* "new-recipients": as the API says it. */
const char *brake_reason_name (BrakeReason reason);
