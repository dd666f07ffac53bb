/* A judged mail on its way into the store: mailboxes here, the queue for elsewhere, all in one job.
 */
#pragma once
#include "accounts/brake.h"
#include "smtp/smtp-private.h"

typedef struct {
  gint64 mailbox;
  gboolean missing; /* removed since RCPT */
} SmtpTarget;

/* A recipient who is here. */
typedef struct {
  char *address;
  gint64 mailbox; /* the first of its mailboxes */
  SmtpWish wish;
} SmtpLocal;

/* A recipient who is not. */
typedef struct {
  SmtpWish wish;
  char *domain; /* of the address that the client named: ours, when an alias leads outside */
} SmtpRemote;

/* A mail on its way into the store; belongs to the job. */
typedef struct {
  PreparedMessage *message;
  GArray *targets; /* SmtpTarget, each mailbox once */
  GHashTable *remote; /* addresses of other domains, each once, to SmtpRemote */
  GPtrArray *outside; /* its keys */
  char *ret, *envid;
  char *future;
  gint64 released; /* not before; 0: now */
  guint recipient_count; /* as the client named them */
  BrakeState brake;
  GPtrArray *braked; /* queue-brake.h: what of the sender's mail is held by this one */
  gint64 written; /* the message's id */
  gint64 account; /* who sends to them */
  guint content; /* queue.h */
  gboolean is_junk, sender_is_proved;
  gboolean one_answer; /* for all recipients: then none may be missing */
  /* For the log and the trace, also when the client is gone by then. */
  char *mail_id, *message_id, *sender, *recipients;
  GArray *local; /* SmtpLocal */
} SmtpDelivery;

/* Takes MESSAGE over. */
SmtpDelivery *smtp_delivery_new (SmtpSession *session, PreparedMessage *message);
void smtp_delivery_free (gpointer delivery);
/* StoreWriteFunc; DATA is the delivery. STORE_ERROR_NOT_FOUND: a recipient has gone;
 * STORE_ERROR_DENIED has the reply. */
gboolean smtp_delivery_write (StoreTransaction *transaction, gpointer data, GError **error);
/* Afterwards. */
gboolean smtp_delivery_has_written (const SmtpDelivery *delivery, gint64 mailbox);
