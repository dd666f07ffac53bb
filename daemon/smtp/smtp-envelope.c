/* MAIL and RCPT: who sends, and who may receive (RFC 5321 §3.3, RFC 6409 §6). */
#include "smtp/smtp-private.h"
#include "smtp/smtp-path.h"
#include "log.h"
#include "metrics.h"
#include "settings.h"
#include <string.h>

static const char *
read_size (SmtpSession *self, const char *value)
{
  guint64 size;

  if (value == NULL || !g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &size, NULL))
    return "501 5.5.4 SIZE wants a number";
  if (size > (guint64)setting_number (SETTING_SMTP_MAX_MESSAGE_SIZE))
    return "552 5.3.4 The mail is too big for this server";
  self->declared_size = size;
  return NULL;
}

static const char *
read_body (SmtpSession *self, const char *value)
{
  static const char *const kinds[] = { "7BIT", "8BITMIME", "BINARYMIME" };

  for (guint i = 0; value && i < G_N_ELEMENTS (kinds); i++)
    if (g_ascii_strcasecmp (value, kinds[i]) == 0) {
      self->binary = i == 2;
      return NULL;
    }
  return "504 5.5.4 BODY is 7BIT, 8BITMIME or BINARYMIME here";
}

static const char *
read_utf8 (SmtpSession *self, const char *value)
{
  if (value)
    return "501 5.5.4 SMTPUTF8 has no value";
  self->utf8 = TRUE;
  return NULL;
}

static const char *
read_parameter (SmtpSession *self, const char *key, const char *value)
{
  const char *refusal;

  if (smtp_dsn_read_mail (self, key, value, &refusal)
      || smtp_future_read_mail (self, key, value, &refusal)
      || smtp_tls_read_mail (self, key, value, &refusal))
    return refusal;
  if (g_ascii_strcasecmp (key, "SIZE") == 0)
    return read_size (self, value);
  if (g_ascii_strcasecmp (key, "BODY") == 0)
    return read_body (self, value);
  if (g_ascii_strcasecmp (key, "SMTPUTF8") == 0 && self->extended)
    return read_utf8 (self, value);
  if (g_ascii_strcasecmp (key, "AUTH") == 0 && self->service->kind == SMTP_SUBMISSION)
    return NULL; /* RFC 4954 §5: taken and treated as <> */
  return "555 5.5.4 This parameter of MAIL is not known";
}

static const char *
read_parameters (SmtpSession *self, const char *parameters)
{
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;
  const char *refusal = NULL;

  while (refusal == NULL && smtp_parameter_next (&parameters, &key, &value)) {
    refusal = read_parameter (self, key, value);
    g_clear_pointer (&key, g_free);
    g_clear_pointer (&value, g_free);
  }
  return refusal;
}

/* A read job's question and its answer. */
typedef struct {
  char *address;
  gint64 account, size;
  gboolean may_send;
  SmtpAllowance allowance;
  gboolean is_device, is_barred; /* which may not send to this recipient */
  Recipient *recipient;
  SmtpWish wish; /* of a recipient */
  GreylistMail *mail; /* or NULL: it is not greylisted */
  gint64 first; /* greylist_find's */
} Question;

static Question *
question_new (SmtpSession *self, char *address)
{
  Question *question = g_new0 (Question, 1);

  question->address = address;
  question->account = self->account ? self->account->id : 0;
  question->size = self->declared_size;
  question->is_device = self->account && self->account->device;
  return question;
}

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_pointer (&question->recipient, recipient_free);
  smtp_wish_clear (&question->wish);
  g_clear_pointer (&question->mail, greylist_mail_free);
  g_free (question->address);
  g_free (question);
}

/* The null path carries receipts and bounces; the From field is still checked. */
static gboolean
ask_sender (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Question *question = data;
  Database *database = store_snapshot_database (snapshot);

  question->may_send = *question->address == '\0'
      || account_may_send_as (database, question->account, question->address);
  return smtp_submission_ask (database, question->account, &question->allowance, error);
}

/* The user sends too much, or is held by the brake. */
static void
put_off (SmtpSession *self, const char *recipient, const char *reply)
{
  log_event (LOG_NOTICE, "A user's mail is put off", "session", channel_id (self->channel), "user",
             self->account->address, "address", channel_peer_text (self->channel), "recipient",
             recipient, "error", reply, NULL);
  smtp_history_refused (self, recipient, reply);
  smtp_reply (self, "%s", reply);
}

static void
accept_sender (SmtpSession *self, Question *question)
{
  g_autofree char *refusal = smtp_submission_refuse (&question->allowance);

  self->room = question->allowance.room;
  self->sender = g_steal_pointer (&question->address);
  if (refusal) {
    put_off (self, NULL, refusal);
    smtp_reset (self);
    return;
  }
  smtp_reply (self, "250 2.1.0 Sender accepted");
}

static void
did_ask_sender (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (GError) error = NULL;
  Question *question = store_job_data (result);
  const gboolean answered = store_read_finish (self->service->store, result, &error);

  if (self->closed)
    return;
  if (!answered) {
    smtp_reply (self, "%s", smtp_store_reply (self, error));
    smtp_reset (self);
  } else if (!question->may_send) {
    smtp_reply (self, "553 5.7.1 <%s> is not an address of %s", question->address,
                self->account->address);
    smtp_reset (self);
  } else
    accept_sender (self, question);
  channel_resume (self->channel);
}

static const char *
find_refusal (SmtpSession *self)
{
  if (self->sender)
    return "503 5.5.1 A mail is under way: say RSET first";
  if (self->service->kind == SMTP_SUBMISSION && self->account == NULL)
    return "530 5.7.0 Sign on first";
  if (!store_takes_mail (self->service->store))
    return "452 4.3.1 The disk of this server is nearly full, try again later";
  return NULL;
}

void
smtp_mail (SmtpSession *self, const char *argument)
{
  const char *parameters = NULL;
  const char *refusal = find_refusal (self);
  g_autofree char *sender = NULL;

  if (refusal == NULL && !(sender = smtp_path_parse (argument, "FROM:", &parameters)))
    refusal = "501 5.1.7 Write MAIL FROM:<address>";
  if (refusal == NULL)
    refusal = read_parameters (self, parameters);
  if (refusal == NULL && !self->utf8 && !g_str_is_ascii (sender))
    refusal = "553 5.6.7 An address in UTF-8 needs MAIL with SMTPUTF8";
  if (refusal) {
    if (self->sender == NULL)
      smtp_reset (self); /* nothing of this MAIL counts */
    smtp_wrong (self, refusal);
    return;
  }
  if (self->service->kind != SMTP_SUBMISSION) {
    self->sender = g_steal_pointer (&sender);
    smtp_check_begin (self);
    smtp_reply (self, "250 2.1.0 Sender accepted");
    return;
  }
  channel_pause (self->channel);
  store_read_async (self->service->store, ask_sender,
                    question_new (self, g_steal_pointer (&sender)), question_free, NULL,
                    did_ask_sender, smtp_session_ref (self));
}

static gboolean
ask_recipient (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Question *question = data;
  gboolean admits = TRUE;

  if (question->is_device
      && !smtp_submission_admits (store_snapshot_database (snapshot), question->account,
                                  question->address, &admits, error))
    return FALSE;
  question->is_barred = !admits;
  question->recipient = recipient_resolve (store_snapshot_database (snapshot), question->address,
                                           question->size, question->account, error);
  return question->recipient != NULL
      && (question->mail == NULL
          || greylist_find (store_snapshot_database (snapshot), question->mail,
                            g_get_real_time () / G_USEC_PER_SEC, &question->first, error));
}

static void
accept_recipient (SmtpSession *self, Question *question)
{
  SmtpRecipient *recipient = g_new0 (SmtpRecipient, 1);

  recipient->address = g_steal_pointer (&question->address);
  recipient->mailboxes = g_array_ref (question->recipient->mailboxes);
  recipient->remote = g_ptr_array_ref (question->recipient->remote);
  recipient->wish = question->wish;
  question->wish = (SmtpWish) { 0 };
  if (question->recipient->kind == RECIPIENT_REMOTE)
    g_ptr_array_add (recipient->remote, g_strdup (recipient->address));
  g_ptr_array_add (self->recipients, recipient);
  smtp_reply (self, "250 2.1.5 Recipient accepted");
}

/* Only who has signed on may send to other domains: everything else would be an open relay. */
static gboolean
may_go_outside (SmtpSession *self)
{
  return self->service->kind == SMTP_SUBMISSION && self->account && self->service->schedule;
}

/* What an alias sends outside may come from anywhere; reports about it come back. */
static const char *
refuse_forward (SmtpSession *self, const Recipient *recipient)
{
  if (recipient->remote->len > 0 && self->service->schedule == NULL)
    return "550 5.7.1 This address leads outside, and sending to the outside is not set up";
  if (recipient->is_return_path && *self->sender)
    return "550 5.7.1 Only reports about forwarded mail are taken at this address";
  return NULL;
}

/* FALSE: the peer is one that mail is not taken from, or not now. */
static gboolean
is_welcome (SmtpSession *self, Question *question)
{
  g_autofree char *refusal = smtp_defence_refuse (
      self, question->address, g_steal_pointer (&question->mail), question->first);

  if (refusal == NULL)
    return TRUE;
  log_event (LOG_NOTICE, "Mail refused", "session", channel_id (self->channel), "address",
             channel_peer_text (self->channel), "sender", self->sender, "recipients",
             question->address, "error", refusal, NULL);
  if (*refusal == '4')
    smtp_reply (self, "%s", refusal);
  else
    smtp_wrong (self, refusal);
  return FALSE;
}

static void
answer_recipient (SmtpSession *self, Question *question)
{
  const Recipient *recipient = question->recipient;
  const char *refusal = NULL;

  switch (recipient->kind) {
  case RECIPIENT_LOCAL:
    refusal = refuse_forward (self, recipient);
    break;
  case RECIPIENT_REMOTE:
    if (!may_go_outside (self))
      refusal = self->service->kind == SMTP_SUBMISSION
          ? "550 5.7.1 Sending to other domains is not set up on this server"
          : "550 5.7.1 That domain is not ours, and we do not relay";
    break;
  case RECIPIENT_UNKNOWN:
    refusal = "550 5.1.1 There is nobody with this address";
    break;
  case RECIPIENT_OVER_QUOTA:
    refusal = "452 4.2.2 The mailbox is full";
    break;
  case RECIPIENT_DISABLED:
    refusal = "550 5.2.1 This mailbox takes no mail";
    break;
  case RECIPIENT_CLOSED:
    refusal = self->account
        ? "550 5.7.2 Only its members may write to this group"
        : "550 5.7.2 Only people of this server who have signed on may write to this group";
    break;
  }
  if (refusal == NULL && question->is_barred)
    refusal = "550 5.7.1 This device may not send mail to that address: ask your administrator";
  if (refusal == NULL) {
    if (is_welcome (self, question))
      accept_recipient (self, question);
    return;
  }
  metric_add (METRIC_SMTP_REFUSED, 1);
  smtp_history_refused (self, question->address, refusal);
  /* Guessing addresses is an error that counts; a full mailbox is none of the client's. */
  if (recipient->kind == RECIPIENT_OVER_QUOTA || self->service->kind == SMTP_LMTP)
    smtp_reply (self, "%s", refusal);
  else
    smtp_wrong (self, refusal);
}

static void
did_ask_recipient (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean answered = store_read_finish (self->service->store, result, &error);

  if (self->closed)
    return;
  if (answered)
    answer_recipient (self, store_job_data (result));
  else
    smtp_reply (self, "%s", smtp_store_reply (self, error));
  channel_resume (self->channel);
}

/* What speaks against ADDRESS before anybody is asked, or NULL. */
static const char *
find_recipient_refusal (SmtpSession *self, const char *address, const char *parameters,
                        SmtpWish *wish)
{
  if (address == NULL)
    return "501 5.1.3 Write RCPT TO:<address>";
  if (!self->utf8 && !g_str_is_ascii (address))
    return "553 5.6.7 An address in UTF-8 needs MAIL with SMTPUTF8";
  if (self->recipients->len >= (guint)setting_number (SETTING_SMTP_MAX_RECIPIENTS))
    return "452 4.5.3 Too many recipients for one mail";
  return smtp_dsn_read_recipient (self, parameters, wish);
}

static void
ask_about_recipient (SmtpSession *self, gpointer data)
{
  if (self->closed)
    question_free (data);
  else
    store_read_async (self->service->store, ask_recipient, data, question_free, NULL,
                      did_ask_recipient, smtp_session_ref (self));
}

void
smtp_rcpt (SmtpSession *self, const char *argument)
{
  const char *parameters = NULL;
  g_autofree char *address = smtp_path_parse (argument, "TO:", &parameters);
  SmtpWish wish = { 0 };
  const char *refusal = find_recipient_refusal (self, address, parameters, &wish);
  g_autofree char *limit = refusal ? NULL : smtp_submission_refuse_recipient (self);
  Question *question;

  if (refusal || limit) {
    smtp_wish_clear (&wish);
    if (limit)
      put_off (self, address, limit);
    else
      smtp_wrong (self, refusal);
    return;
  }
  question = question_new (self, g_steal_pointer (&address));
  question->wish = wish;
  question->mail = smtp_defence_greylist (self, question->address);
  channel_pause (self->channel);
  smtp_defence_wait (self, ask_about_recipient, question);
}
