/* APPEND (RFC 9051 §6.3.12). The message streams into a spool; OK is said when it is on the disk.
 */
#include "imap/imap-commands.h"

#include <string.h>

#include "accounts/quota.h"
#include "imap/imap-append.h"
#include "imap/imap-write.h"
#include "mail/date.h"
#include "net/spool.h"
#include "policy/intake.h"
#include "settings.h"

/* A client that does not wait for "+" (RFC 7888) sends a refused message all the same: it is read
 * and dropped, up to this. */
#define DROP_MAX (G_GUINT64_CONSTANT (256) * 1024 * 1024)

#define REST_MAX 1024 /* bytes after the literal, which should be none */

struct _ImapAppend {
  char *name;
  ImapFlagsChange *flags;
  gint64 date;
  gint16 zone;
  ImapLiteral literal;
  guint64 left; /* of the literal */
  Spool *spool;
  char *refusal; /* said once the literal is dropped */
};

void
imap_append_free (ImapAppend *self)
{
  g_free (self->name);
  g_clear_pointer (&self->flags, imap_flags_change_free);
  g_clear_pointer (&self->spool, spool_free);
  g_free (self->refusal);
  g_free (self);
}

/* What the write job needs. */
typedef struct {
  gint64 account;
  char *name;
  ImapFlagsChange *flags;
  gint64 date;
  gint16 zone;
  PreparedMessage *message;
  guint32 uid, uid_validity;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *self = data;

  g_free (self->name);
  imap_flags_change_free (self->flags);
  prepared_message_unref (self->message);
  g_free (self);
}

static void
end (ImapSession *self)
{
  g_clear_pointer (&self->append, imap_append_free);
  imap_session_expect (self, NULL);
}

static void
fail (ImapSession *self, const GError *error)
{
  end (self);
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    imap_session_finish (self, IMAP_NO, "[TRYCREATE] There is no such mailbox");
  else
    imap_session_fail (self, error);
}

static gboolean
save (StoreTransaction *transaction, gpointer data, GError **error)
{
  Saving *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (Place) place = place_find (database, self->account, self->name, RIGHT_INSERT, error);
  const Mailbox *mailbox = place ? place->mailbox : NULL;
  guint64 flags = self->flags->flags;
  gint64 message;

  if (!mailbox
      || !quota_require (database, mailbox->account, (gint64)prepared_message_size (self->message),
                         1, 0, error))
    return FALSE;
  for (guint i = 0; place->rights & RIGHT_WRITE && i < self->flags->keywords->len; i++) {
    guint64 bit = mailbox_keyword_bit (transaction, mailbox->id,
                                       g_ptr_array_index (self->flags->keywords, i), error);
    if (bit == 0)
      return FALSE;
    flags |= bit;
  }
  flags &= rights_flags (place->rights); /* the others are not for this user (RFC 4314 §4) */
  self->uid_validity = mailbox->uid_validity;
  message = message_append (transaction, self->message, error);
  return message != 0
      && mailbox_add (transaction, mailbox->id, message, flags, self->date, self->zone, &self->uid,
                      error);
}

static void
did_save (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  const Saving *saving = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean saved = store_write_finish (self->service->store, result, &error);

  if (!self->open)
    return;
  if (!saved) {
    fail (self, error);
    return;
  }
  end (self);
  imap_session_finish (self, IMAP_OK, "[APPENDUID %u %u] Saved", saving->uid_validity, saving->uid);
}

static void
did_prepare (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PreparedMessage) message = intake_prepare_finish (result, &error);
  ImapAppend *append = self->append;
  Saving *saving;

  if (!self->open)
    return;
  if (!message) {
    fail (self, error);
    return;
  }
  saving = g_new0 (Saving, 1);
  saving->account = self->account;
  saving->name = g_steal_pointer (&append->name);
  saving->flags = g_steal_pointer (&append->flags);
  saving->date = append->date;
  saving->zone = append->zone;
  saving->message = g_steal_pointer (&message);
  store_write_async (self->service->store, save, saving, saving_free, NULL, did_save,
                     imap_session_ref (self));
}

static void
did_spool (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!self->open)
    return; /* the spool was freed, and has dropped its file */
  bytes = spool_finish_finish (self->append->spool, result, &error);
  if (bytes)
    intake_prepare_async (self->service->store, NULL, bytes, NULL, did_prepare,
                          imap_session_ref (self));
  else
    fail (self, error);
}

/* The line end after the literal. */
static gsize
expect_end (ImapSession *self, const guint8 *bytes, gsize length)
{
  const guint8 *end_of_line = memchr (bytes, '\n', length);
  gsize line = end_of_line ? (gsize)(end_of_line - bytes) : length;
  gboolean clean = line == 0 || (line == 1 && bytes[0] == '\r');

  if (!end_of_line && length < REST_MAX)
    return 0;
  imap_session_pause (self);
  if (!end_of_line) {
    imap_session_bye (self, "Expected the end of APPEND");
    return length;
  }
  if (!clean) {
    end (self);
    imap_session_refuse (self);
  } else if (self->append->refusal) {
    g_autofree char *refusal = g_steal_pointer (&self->append->refusal);
    end (self);
    imap_session_finish (self, IMAP_NO, "%s", refusal);
  } else {
    spool_finish_async (self->append->spool, did_spool, imap_session_ref (self));
  }
  return line + 1;
}

static gsize
expect_message (ImapSession *self, const guint8 *bytes, gsize length)
{
  ImapAppend *append = self->append;
  gsize taken = (gsize)MIN (append->left, length);

  if (append->spool)
    spool_append (append->spool, bytes, taken);
  append->left -= taken;
  if (append->left == 0)
    imap_session_expect (self, expect_end);
  return taken;
}

static void
accept_literal (ImapSession *self)
{
  ImapAppend *append = self->append;

  append->spool = spool_new (self->channel, store_temporary_folder (self->service->store));
  if (append->literal.synchronizing)
    channel_print (self->channel, "+ Go ahead\r\n");
  imap_session_expect (self, expect_message);
  imap_session_resume (self);
}

static void
refuse_literal (ImapSession *self, const char *refusal)
{
  ImapAppend *append = self->append;

  if (append->literal.synchronizing) {
    end (self);
    imap_session_finish (self, IMAP_NO, "%s", refusal);
  } else if (append->literal.length > DROP_MAX) {
    imap_session_bye (self, "[TOOBIG] The message is far too big");
  } else {
    append->refusal = g_strdup (refusal);
    imap_session_expect (self, append->left > 0 ? expect_message : expect_end);
    imap_session_resume (self);
  }
}

/* Before the client sends the message: is there a mailbox, is there room? */
typedef struct {
  gint64 account;
  char *name;
  guint64 length;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_free (self->name);
  g_free (self);
}

static gboolean
ask (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Place) place = place_find (database, self->account, self->name, RIGHT_INSERT, error);

  return place
      && quota_require (database, place->mailbox->account, (gint64)self->length, 1, 0, error);
}

static char *
refusal_of (ImapSession *self, gboolean asked, const GError *error)
{
  guint64 length = self->append->literal.length;

  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    return g_strdup ("[TRYCREATE] There is no such mailbox");
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_QUOTA))
    return g_strconcat ("[OVERQUOTA] ", error->message, NULL);
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_DENIED))
    return g_strconcat ("[NOPERM] ", error->message, NULL);
  if (!asked)
    return g_strdup ("[UNAVAILABLE] The store failed; try again later");
  if (length > (guint64)setting_number (SETTING_SMTP_MAX_MESSAGE_SIZE))
    return g_strdup ("[TOOBIG] The message is too big");
  if (length == 0)
    return g_strdup ("[CANNOT] The message is empty");
  if (!store_takes_mail (self->service->store))
    return g_strdup ("[OVERQUOTA] The server's disk is full");
  return NULL;
}

static void
did_ask (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (GError) error = NULL;
  gboolean asked = store_read_finish (self->service->store, result, &error);
  g_autofree char *refusal = NULL;

  if (!self->open)
    return;
  refusal = refusal_of (self, asked, error);
  if (refusal)
    refuse_literal (self, refusal);
  else
    accept_literal (self);
}

static gboolean
take_arguments (ImapParser *parser, ImapAppend *append)
{
  append->name = imap_parser_space (parser) ? imap_parser_mailbox (parser) : NULL;
  if (!append->name || !imap_parser_space (parser))
    return FALSE;
  if (imap_parser_peek (parser) == '('
      && !(imap_parser_list (parser, imap_take_flag, append->flags) && imap_parser_space (parser)))
    return FALSE;
  if (imap_parser_date_time (parser, &append->date, &append->zone))
    return imap_parser_space (parser);
  append->date = g_get_real_time () / G_USEC_PER_SEC;
  append->zone = date_local_zone (append->date);
  return TRUE;
}

static ImapAppend *
append_new (const ImapLiteral *literal)
{
  ImapAppend *self = g_new0 (ImapAppend, 1);

  self->literal = *literal;
  self->left = literal->length;
  self->flags = imap_flags_change_new ();
  return self;
}

/* The command's text up to the literal; the input stage has seen that it reads as an APPEND. */
void
imap_append_begin (ImapSession *self)
{
  g_autoptr (ImapInput) input = g_steal_pointer (&self->input);
  ImapLiteral literal = imap_input_literal (input);
  gsize length;
  const guint8 *text = imap_input_text (input, &length);
  ImapParser parser = imap_parser (text, length);
  Asking *asking;

  imap_session_pause (self);
  self->running = (ImapRunning) {
    .tag = imap_parser_tag (&parser),
    .info = imap_command_find ("APPEND"),
  };
  self->append = append_new (&literal);
  (void)imap_parser_space (&parser);
  (void)imap_parser_word (&parser, "APPEND");
  if (self->state == IMAP_NOT_AUTHENTICATED) {
    /* A stranger's megabytes are not even dropped. */
    if (literal.synchronizing)
      refuse_literal (self, "Log in first");
    else
      imap_session_bye (self, "Log in first");
    return;
  }
  if (!take_arguments (&parser, self->append)) {
    refuse_literal (self, "[CANNOT] A mailbox cannot have that name");
    return;
  }
  asking = g_new0 (Asking, 1);
  asking->account = self->account;
  asking->name = g_strdup (self->append->name);
  asking->length = MIN (literal.length, G_MAXINT64 / 2); /* a sum that cannot overflow */
  store_read_async (self->service->store, ask, asking, asking_free, NULL, did_ask,
                    imap_session_ref (self));
}

/* An APPEND without a literal. */
void
imap_cmd_append (ImapSession *self, ImapParser *arguments)
{
  imap_session_refuse (self);
}
