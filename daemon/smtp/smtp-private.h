/* What the files of one SMTP session share: the session, its transaction, and its states. */
#pragma once
#include "archive/history.h"
#include "net/spool.h"
#include "policy/authentication.h"
#include "policy/greylist.h"
#include "policy/intake.h"
#include "accounts/rates.h"
#include "accounts/sign-on.h"
#include "smtp/smtp-dots.h"
#include "smtp/smtp-path.h"
#include "smtp/smtp-session.h"

#define SMTP_LINE_MAX 12288 /* AUTH responses are the longest (RFC 4954 §4) */
#define SMTP_COMMAND_MAX 2048 /* RFC 5321 §4.5.3.1.4 asks for 512, extensions lengthen it */
#define SMTP_ERRORS_MAX 20 /* wrong commands before 421 */
#define SMTP_LOGINS_MAX 3 /* failed logins before 421 */

typedef struct _SmtpSession SmtpSession;

/* Consumes some of the waiting bytes: commands, an AUTH response, DATA or a BDAT chunk. */
typedef gsize (*SmtpExpect) (SmtpSession *self, const guint8 *bytes, gsize length);

/* What goes on once the block lists have answered. DATA is the callee's; a session that is closed
 * only frees it. */
typedef void (*SmtpGoOn) (SmtpSession *self, gpointer data);

/* What the sender wants to be told of a recipient (RFC 3461 §4), or NULL. */
typedef struct {
  char *notify, *orcpt;
} SmtpWish;

typedef struct {
  char *address; /* as the client wrote it, without <> */
  GArray *mailboxes; /* gint64 */
  GPtrArray *remote; /* char *: addresses of other domains, for the queue */
  SmtpWish wish;
} SmtpRecipient;

struct _SmtpSession {
  gatomicrefcount references;
  Channel *channel;
  const SmtpService *service;
  SmtpExpect expect;
  char *helo; /* NULL: not greeted yet */
  gboolean extended; /* EHLO or LHLO */
  guint errors, failed_logins;
  Account *account; /* who signed on, or NULL */
  SignOn *sign_on; /* an AUTH exchange under way */
  gboolean closed;

  /* Who comes (smtp-defence.c). */
  gboolean is_defended; /* another server, and none of the office's networks */
  GCancellable *asking; /* block lists, or NULL: they have answered */
  BlockListing *listing; /* or NULL: nobody lists the peer */
  SmtpGoOn waiting;
  gpointer waiting_data;

  /* The mail transaction (RFC 5321 §3.3). */
  char *sender; /* NULL: none; "" is the null path */
  gboolean utf8; /* SMTPUTF8: addresses and headers may be in UTF-8 (RFC 6531) */
  gboolean binary; /* BODY=BINARYMIME (RFC 3030 §3) */
  gboolean requires_tls, waives_tls; /* REQUIRETLS; TLS-Required: No (RFC 8689) */
  char *ret, *envid; /* RFC 3461 §4, or NULL */
  char *future; /* "for;3600" or "until;2026-12-24T16:00:00Z" (RFC 4865), or NULL */
  gint64 released; /* seconds, UTC: then; 0: now */
  RateRoom room; /* what its sender, who has signed on, may still send */
  guint64 declared_size;
  GPtrArray *recipients; /* SmtpRecipient */
  Spool *spool;
  guint64 hops; /* Received fields seen */
  const char *refusal; /* what the mail will hear at its end, or NULL */
  guint64 dropped; /* bytes of the refused mail */
  SmtpDots dots;
  guint64 chunk_left; /* BDAT: bytes still to come of this chunk */
  gboolean chunk_last;
  char *mail_id;
  char *message_id; /* its Message-ID without <>, once it is known; or NULL */

  /* Who sent it (smtp-check.c). */
  Authentication *authentication; /* or NULL: it is not asked */
  GByteArray *early; /* the header so far, until its end is there */
  GPtrArray *keys; /* DkimStoredKey of the author's domain, or NULL: it is not signed */
  char *findings; /* Authentication-Results, or NULL */
  ArcResult chain; /* of ARC, that came with it */
  gboolean chain_is_uncertain;
  GPtrArray *sealing_keys; /* DkimStoredKey of the domain that passes it on, or NULL */
  gboolean is_junk;
  gboolean sender_is_proved; /* by SPF: a report to it reaches nobody else */
};

SmtpSession *smtp_session_ref (SmtpSession *self);
void smtp_session_unref (SmtpSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmtpSession, smtp_session_unref)

void smtp_reply (SmtpSession *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Counts a wrong command; the last one allowed is answered with 421 and the end. */
void smtp_wrong (SmtpSession *self, const char *reply);
/* Ends the session with 421 and WHY; returns LENGTH, as all that waits is dropped. For input that
 * another server could read differently, where nothing that follows can be trusted. */
gsize smtp_end (SmtpSession *self, const char *why, gsize length);
/* Forgets the transaction (RSET, EHLO, the end of a mail). */
void smtp_reset (SmtpSession *self);
/* The reply for an ERROR of the store: 452 when full, 451 otherwise. */
const char *smtp_store_reply (SmtpSession *self, const GError *error);

gsize smtp_expect_silence (SmtpSession *self, const guint8 *bytes, gsize length);
gsize smtp_expect_command (SmtpSession *self, const guint8 *bytes, gsize length);
gsize smtp_expect_auth (SmtpSession *self, const guint8 *bytes, gsize length);
gsize smtp_expect_data (SmtpSession *self, const guint8 *bytes, gsize length);
gsize smtp_expect_chunk (SmtpSession *self, const guint8 *bytes, gsize length);

/* AUTH is offered: on submission, not twice, and no password in the clear but where it is allowed.
 */
gboolean smtp_may_authenticate (SmtpSession *self);

/* smtp-tls.c: whether REQUIRETLS is offered; its parameter, as smtp_dsn_read_mail; what of it the
 * queue has to keep (queue.h). */
gboolean smtp_offers_require_tls (SmtpSession *self);
gboolean smtp_tls_read_mail (SmtpSession *self, const char *key, const char *value,
                             const char **refusal);
guint smtp_tls_content (SmtpSession *self);

/* smtp-dsn.c: whether DSN is offered; its parameters. FALSE: the parameter is none of them. */
gboolean smtp_offers_dsn (SmtpSession *self);
gboolean smtp_dsn_read_mail (SmtpSession *self, const char *key, const char *value,
                             const char **refusal);
const char *smtp_dsn_read_recipient (SmtpSession *self, const char *parameters, SmtpWish *wish);
void smtp_wish_clear (SmtpWish *wish);
/* MESSAGE was delivered here: whoever asked for a receipt gets it. */
void smtp_dsn_tell_delivered (SmtpSession *self, gint64 message, guint64 size);

/* smtp-future.c: whether FUTURERELEASE is offered, with a text for EHLO; its parameters. FALSE: the
 * parameter is none of them. */
char *smtp_future_advertise (SmtpSession *self);
gboolean smtp_future_read_mail (SmtpSession *self, const char *key, const char *value,
                                const char **refusal);

/* smtp-submission.c: what a user may send. */
typedef struct {
  RateRoom room;
  gboolean is_braked;
} SmtpAllowance;
/* Inside a read job. */
gboolean smtp_submission_ask (Database *database, gint64 account, SmtpAllowance *allowance,
                              GError **error);
/* Why no mail is taken from the user now, a reply to be freed, or NULL. */
char *smtp_submission_refuse (const SmtpAllowance *allowance);
/* The same for one more recipient of the mail. */
char *smtp_submission_refuse_recipient (SmtpSession *self);
/* Inside a read job: a device may send to RECIPIENT. */
gboolean smtp_submission_admits (Database *database, gint64 account, const char *recipient,
                                 gboolean *admits, GError **error);
/* Inside the write job that takes a mail to RECIPIENTS people. STORE_ERROR_DENIED has the reply. */
gboolean smtp_submission_require (Database *database, gint64 account, gint64 now, guint recipients,
                                  GError **error);

/* smtp-history.c: what is kept of a mail for `hauspost trace`. MAIL's kind does not matter; LOCAL and
 * the keys of REMOTE are addresses, REPLY goes with their kinds. */
void smtp_history_taken (const HistoryEvent *mail, const GPtrArray *local, HistoryKind local_kind,
                         GHashTable *remote, HistoryKind remote_kind, const char *reply);
/* RECIPIENT NULL: for all. */
void smtp_history_refused (SmtpSession *self, const char *recipient, const char *reply);

/* Commands that live in files of their own. ARGUMENT is what follows the verb, trimmed. */
void smtp_auth (SmtpSession *self, const char *argument);
void smtp_mail (SmtpSession *self, const char *argument);
void smtp_rcpt (SmtpSession *self, const char *argument);
void smtp_data (SmtpSession *self, const char *argument);
void smtp_bdat (SmtpSession *self, const char *argument);
/* The peer is looked at; TRUE: it is greeted when it has been silent for the idle time. */
gboolean smtp_defence_begin (SmtpSession *self);
/* Calls NEXT once the block lists have answered, maybe at once. One at a time. */
void smtp_defence_wait (SmtpSession *self, SmtpGoOn next, gpointer data);
/* What greylisting has to look up for RECIPIENT, or NULL. */
GreylistMail *smtp_defence_greylist (SmtpSession *self, const char *recipient);
/* Why RECIPIENT gets no mail from this peer, a reply to be freed, or NULL. MAIL is taken over;
 * FIRST is what greylist_find said. */
char *smtp_defence_refuse (SmtpSession *self, const char *recipient, GreylistMail *mail,
                           gint64 first);
/* Its mail was taken. */
void smtp_defence_welcome (SmtpSession *self);
void smtp_defence_end (SmtpSession *self);
/* MAIL was accepted: the look-ups begin. */
void smtp_check_begin (SmtpSession *self);
/* Bytes of the mail have come. */
void smtp_check_gather (SmtpSession *self, const guint8 *bytes, gsize length);
/* The transaction is over, with or without a verdict. */
void smtp_check_end (SmtpSession *self);
/* All bytes are in the spool: refuse, or make them durable and then say 250. */
void smtp_deliver (SmtpSession *self);
/* Tells the client (LMTP: for each recipient) why the mail is refused, and goes on. */
void smtp_refuse_mail (SmtpSession *self, const char *reply);
