/* The queue's rows: mail for other domains, one row a recipient. A row is made in the same commit
 * that accepts the mail, and goes in the commit that knows what became of it: a crash loses
 * nothing, and sends twice only what was sent between the other server's 250 and our commit (RFC
 * 1047). */
#pragma once
#include "queue/queue-mail.h"
#include "store/message.h"

/* What CONTENT holds. The last two are never there together. */
enum {
  QUEUE_EIGHT_BIT = 1,
  QUEUE_UTF8 = 2,
  QUEUE_REQUIRE_TLS = 4, /* REQUIRETLS */
  QUEUE_WAIVE_TLS = 8, /* "TLS-Required: No" */
};
typedef enum { QUEUE_IS_SENT, QUEUE_HELD_BY_HAND, QUEUE_HELD_BY_BRAKE } QueueHold;

typedef struct {
  gint64 message, account;
  const char *sender; /* "" is the null path */
  const char *recipient;
  const char *envid, *orcpt, *notify, *ret; /* as RFC 3461 gives them, or NULL */
  guint content;
  QueueHold hold;
  gboolean is_local; /* to RECIPIENT's mailboxes here, once its time has come */
  gint64 released; /* not before that time (RFC 4865); 0: now */
  const char *future; /* how that was asked for, "for;3600", or NULL */
} QueueRow;

/* One row, given up SETTING_QUEUE_LIFETIME after it may go. */
gboolean queue_add (StoreTransaction *transaction, const QueueRow *row, GError **error);
#define QUEUE_HERE "" /* the destination of local rows */
/* The destination of a mail: where the recipient's address leads in lower-case A-labels, and behind
 * it "/required" … when TLS decides over the way, so that such mail has a way of its own. NULL when
 * the address has no domain. Free with g_free. */
char *queue_destination (const char *recipient, const char *sender, guint content);
/* The other way round; free *DOMAIN with g_free. */
QueueTls queue_destination_read (const char *destination, char **domain);

/* Which mail of a destination is meant. */
typedef enum {
  QUEUE_DUE, /* to be tried now */
  QUEUE_EXPIRED, /* its life is over, tried again or not */
} QueueWhich;

/* Inside a read job: adds to MAILS (QueueMail) what of DESTINATION's mail is WHICH, of the next
 * sender in turn behind AFTER_ACCOUNT, MOST mails at most, but no message of BUSY[0 …
 * BUSY_COUNT-1]. None: there is nothing. *MORE: there is another. */
gboolean queue_next (Database *database, const char *destination, QueueWhich which, gint64 now,
                     gint64 after_account, const gint64 *busy, guint busy_count, guint most,
                     GPtrArray *mails, gboolean *more, GError **error);
/* Inside a read job: one row, held or not. NULL without ERROR: it is not there. */
QueueMail *queue_find (Database *database, gint64 id, GError **error);
/* Inside a read job: the first mail of ACCOUNT that the brake holds, with all its recipients, and
 * that is not among ON_THEIR_WAY (schedule_pause). NULL without ERROR: there is none. */
QueueMail *queue_find_braked (Database *database, gint64 account, const char *on_their_way,
                              GError **error);
/* When DESTINATION's first mail is due; 0: it has none that is not held. */
gboolean queue_due (Database *database, const char *destination, gint64 *due, GError **error);
/* When the first one's life is over; this looks at all of them. */
gboolean queue_end (Database *database, const char *destination, gint64 *end, GError **error);
/* Calls FUNC for each destination that has mail which is not held. */
typedef void (*QueueDestinationFunc) (const char *destination, gint64 due, gpointer data);
gboolean queue_each_destination (Database *database, QueueDestinationFunc func, gpointer data,
                                 GError **error);

/* A single recipient, who has the mail. */
gboolean queue_remove (Database *database, gint64 row, GError **error);
/* Writes what became of MAIL's recipients: delivered and failed ones go, the others wait for
 * queue_backoff, but not longer than they live. */
gboolean queue_settle (StoreTransaction *transaction, const QueueMail *mail, GError **error);
/* Seconds until the next attempt after ATTEMPTS, with jitter. */
gint64 queue_backoff (guint attempts);
