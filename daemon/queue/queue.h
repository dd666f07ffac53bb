/* The queue's rows: mail for other domains, one row a recipient. A row is made in the same commit
 * that accepts the mail, and goes in the commit that knows what became of it: a crash loses
 * nothing, and sends twice only what was sent between the other server's 250 and our commit (RFC
 * 1047). */
#pragma once
#include "queue/queue-mail.h"
#include "store/message.h"

enum { QUEUE_EIGHT_BIT = 1, QUEUE_UTF8 = 2 }; /* what CONTENT holds */
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
/* Where ADDRESS leads: lower-case A-labels; NULL when it has no domain. Free with g_free. */
char *queue_domain (const char *address);

/* Inside a read job: adds to MAILS (QueueMail) what of DOMAIN's mail is due, of the next sender in
 * turn behind AFTER_ACCOUNT, MOST mails at most, but no message of BUSY[0 … BUSY_COUNT-1]. None:
 * nothing is due. *MORE: there is another. */
gboolean queue_next (Database *database, const char *domain, gint64 now, gint64 after_account,
                     const gint64 *busy, guint busy_count, guint most, GPtrArray *mails,
                     gboolean *more, GError **error);
/* Inside a read job: one row, held or not. NULL without ERROR: it is not there. */
QueueMail *queue_find (Database *database, gint64 id, GError **error);
/* Inside a read job: the first mail of ACCOUNT that the brake holds, with all its recipients. NULL
 * without ERROR: there is none. */
QueueMail *queue_find_braked (Database *database, gint64 account, GError **error);
/* When DOMAIN's first mail is due; 0: it has none that is not held. */
gboolean queue_due (Database *database, const char *domain, gint64 *due, GError **error);
/* Calls FUNC for each destination that has mail which is not held. */
typedef void (*QueueDestinationFunc) (const char *domain, gint64 due, gpointer data);
gboolean queue_each_destination (Database *database, QueueDestinationFunc func, gpointer data,
                                 GError **error);

/* Writes what became of MAIL's recipients: delivered and failed ones go, the others wait until
 * about RETRY_SECONDS, doubled with each attempt. */
gboolean queue_settle (StoreTransaction *transaction, const QueueMail *mail, GError **error);
/* Seconds until the next attempt after ATTEMPTS, with jitter. */
gint64 queue_backoff (guint attempts);
