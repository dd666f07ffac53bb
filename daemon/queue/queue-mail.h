/* A mail on its way out: one message, one sender, recipients of one destination, and what became of
 * them. */
#pragma once
#include <glib.h>

typedef enum {
  QUEUE_UNTRIED,
  QUEUE_DELIVERED, /* the other server has taken it */
  QUEUE_DEFERRED, /* again later */
  QUEUE_FAILED, /* never */
} QueueOutcome;

/* What TLS has to say about the way of a mail (RFC 8689). */
typedef enum {
  QUEUE_TLS_AS_PUBLISHED, /* what the other domain's policies say counts */
  QUEUE_TLS_REQUIRED, /* only to proved servers that demand it further on (REQUIRETLS) */
  QUEUE_TLS_PREFERRED, /* a report about such a mail: the same first, else as published (§4.2.1) */
  QUEUE_TLS_OPTIONAL, /* policies that cannot be met are ignored (TLS-Required: No) */
} QueueTls;

typedef struct {
  gint64 row; /* in the queue */
  char *address; /* as the sender wrote it */
  char *orcpt, *notify; /* RFC 3461 §4, or NULL */
  gint64 created, expires; /* seconds, UTC */
  gint64 due; /* as it was read */
  gint64 released; /* it waited until then, as its sender wished; 0: it did not */
  guint attempts; /* before this one */
  char *last_reply; /* of the attempt before, or NULL */
  gboolean noticed; /* the sender knows that it is late */
  QueueOutcome outcome;
  char status[12]; /* "5.1.1" (RFC 3463) */
  char *reply; /* what the other server said, or why it could not be asked; one line */
  char *host; /* who said it, or NULL */
  gboolean told_dsn; /* the other server speaks DSN and was told what the sender wants */
} QueueRecipient;

typedef struct {
  gint64 message, account;
  guint64 size;
  char *sender; /* "" is the null path */
  char *ret, *envid; /* RFC 3461 §4, or NULL */
  char *future; /* what its sender wished: "for;3600" (RFC 4865), or NULL */
  gboolean eight_bit, utf8; /* needs 8BITMIME, SMTPUTF8 */
  gboolean is_local; /* for mailboxes here */
  gboolean is_returned; /* an administrator has given it up: no server has refused it */
  gboolean requires_tls; /* came with REQUIRETLS */
  GBytes *bytes; /* a small message, read with its row; else NULL */
  GPtrArray *recipients; /* QueueRecipient */
} QueueMail;

QueueMail *queue_mail_new (void);
void queue_mail_free (QueueMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QueueMail, queue_mail_free)
QueueRecipient *queue_mail_add (QueueMail *mail, gint64 row, const char *address);
/* Sets the outcome of one recipient. CODE: 4yz defers, 5yz fails, others deliver. STATUS may be ""
 * or NULL. */
void queue_recipient_settle (QueueRecipient *recipient, guint code, const char *status,
                             const char *reply, const char *host);
/* The same for all that have none yet. */
void queue_mail_settle (QueueMail *mail, guint code, const char *status, const char *reply,
                        const char *host);
