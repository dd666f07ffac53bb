/* APPEND and REPLACE at the store: is there room, what a worker makes of a message, and the job
 * that keeps all of them or none. */
#include "imap/imap-append.h"

#include "accounts/place.h"
#include "accounts/quota.h"
#include "imap/imap-print.h"
#include "policy/intake.h"

/* Before the client sends anything: is there a mailbox, is there room? */
typedef struct {
  gint64 account, selected;
  char *name;
  guint32 replaced;
  guint64 room;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_free (self->name);
  g_free (self);
}

static gboolean
add_size (const Entry *entry, gpointer data)
{
  guint64 *size = data;

  *size += entry->size;
  return TRUE;
}

/* What is replaced makes room for what replaces it (RFC 8508 §3.4). */
static gboolean
ask (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Place) place = place_find (database, self->account, self->name, RIGHT_INSERT, error);
  g_autoptr (Quota) quota = place ? quota_read (database, place->mailbox->account, error) : NULL;
  guint64 replaced = 0;

  if (!quota
      || (self->replaced
          && !mailbox_each (database, self->selected, self->replaced, self->replaced, FALSE,
                            add_size, &replaced, error))
      || (!self->replaced && !quota_require (database, place->mailbox->account, 0, 1, 0, error)))
    return FALSE;
  self->room = G_MAXUINT64;
  if (quota->storage_limit > 0)
    self->room = (guint64)MAX (quota->storage_limit - quota->storage, 0) + replaced;
  return TRUE;
}

static void
did_ask (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (GError) error = NULL;
  const Asking *asking = store_job_data (result);
  gboolean asked = store_read_finish (self->service->store, result, &error);

  if (!self->open)
    return;
  if (asked)
    self->append->room = asking->room;
  else if (g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    imap_append_refuse (self, "[TRYCREATE] There is no such mailbox");
  else if (g_error_matches (error, STORE_ERROR, STORE_ERROR_DENIED))
    imap_append_refuse (self, "[NOPERM] %s", error->message);
  else if (g_error_matches (error, STORE_ERROR, STORE_ERROR_QUOTA))
    imap_append_refuse (self, "[OVERQUOTA] %s", error->message);
  else
    imap_append_refuse (self, "[UNAVAILABLE] The store failed; try again later");
  imap_append_go_on (self);
}

void
imap_append_ask (ImapSession *self)
{
  Asking *asking;

  if (self->append->refusal) {
    imap_append_go_on (self);
    return;
  }
  asking = g_new0 (Asking, 1);
  asking->account = self->account;
  asking->selected = self->selected ? self->selected->mailbox : 0;
  asking->name = g_strdup (self->append->mailbox);
  asking->replaced = self->append->replaced;
  store_read_async (self->service->store, ask, asking, asking_free, NULL, did_ask,
                    imap_session_ref (self));
}

/* NO at the end; what the store says of it goes to the log. */
static void
fail (ImapSession *self, const GError *error)
{
  g_clear_pointer (&self->append, imap_append_free);
  imap_session_expect (self, NULL);
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    imap_session_finish (self, IMAP_NO, "[TRYCREATE] There is no such mailbox");
  else
    imap_session_fail (self, error);
}

static void
did_prepare (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PreparedMessage) message = intake_prepare_finish (result, &error);
  ImapAppendMessage *last;

  if (!self->open)
    return;
  if (!message) {
    /* The rest of the command may still come: it is read and dropped. */
    imap_append_refuse (self, "[UNAVAILABLE] The message cannot be kept now: %s", error->message);
    imap_append_go_on (self);
    return;
  }
  last = imap_append_message (self);
  last->prepared = g_steal_pointer (&message);
  g_clear_pointer (&last->spool, spool_free);
  imap_append_go_on (self);
}

static void
did_spool (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!self->open)
    return; /* the spool was freed, and has dropped its file */
  bytes = spool_finish_finish (imap_append_message (self)->spool, result, &error);
  if (bytes) {
    const IntakeMail mail = { .bytes = bytes };

    intake_prepare_async (self->service->store, &mail, did_prepare, imap_session_ref (self));
    return;
  }
  imap_append_refuse (self, "[UNAVAILABLE] The server failed; try again later");
  imap_append_go_on (self);
}

void
imap_append_prepare (ImapSession *self)
{
  spool_finish_async (imap_append_message (self)->spool, did_spool, imap_session_ref (self));
}

/* What the write job needs. */
typedef struct {
  gint64 account, selected;
  char *name;
  GPtrArray *messages; /* ImapAppendMessage */
  guint32 replaced;
  gboolean notified; /* the session uses NOTIFY */
  GArray *uids; /* guint32: what they got */
  MailboxNumbers before, after; /* of the mailbox, around this change */
  guint32 uid_validity;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *self = data;

  g_free (self->name);
  g_ptr_array_unref (self->messages);
  g_array_unref (self->uids);
  g_free (self);
}

static gboolean
save_message (Saving *self, StoreTransaction *transaction, const Place *place,
              const ImapAppendMessage *message, GError **error)
{
  gint64 mailbox = place->mailbox->id;
  guint64 flags = message->flags->flags;
  gint64 id;
  guint32 uid;

  for (guint i = 0; place->rights & RIGHT_WRITE && i < message->flags->keywords->len; i++) {
    guint64 bit = mailbox_keyword_bit (transaction, mailbox,
                                       g_ptr_array_index (message->flags->keywords, i), error);
    if (bit == 0)
      return FALSE;
    flags |= bit;
  }
  flags &= rights_flags (place->rights); /* the others are not for this user (RFC 4314 §4) */
  id = message_append (transaction, message->prepared, error);
  if (id == 0
      || !mailbox_add (transaction, mailbox, id, flags, message->date, message->zone, &uid, error))
    return FALSE;
  g_array_append_val (self->uids, uid);
  return TRUE;
}

static gboolean
count_one (const Entry *entry, gpointer data)
{
  (*(guint *)data)++;
  return TRUE;
}

/* Another session may have been quicker: then nothing is saved either (RFC 8508 §3.4). */
static gboolean
expunge_replaced (const Saving *self, StoreTransaction *transaction, GError **error)
{
  UidRange range = { self->replaced, self->replaced };
  Database *database = store_transaction_database (transaction);
  g_autoptr (Mailbox) mailbox = mailbox_load (database, self->selected, error);
  guint32 next;
  guint found = 0, rights;

  if (!mailbox || !place_rights (database, self->account, mailbox, &rights, error)
      || !place_require (rights, RIGHT_MARK | RIGHT_EXPUNGE, error)
      || !mailbox_each (database, self->selected, self->replaced, self->replaced, FALSE, count_one,
                        &found, error))
    return FALSE;
  if (found == 0) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID, "The message to replace is gone");
    return FALSE;
  }
  return mailbox_expunge (transaction, self->selected, &range, 1, 0, &next, error);
}

static guint64
count_bytes (const GPtrArray *messages)
{
  guint64 bytes = 0;

  for (guint i = 0; i < messages->len; i++)
    bytes += prepared_message_size (
        ((const ImapAppendMessage *)g_ptr_array_index (messages, i))->prepared);
  return bytes;
}

/* May run twice (store.h). What is replaced goes first, to make room. */
static gboolean
save (StoreTransaction *transaction, gpointer data, GError **error)
{
  Saving *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (Place) place = place_find (database, self->account, self->name, RIGHT_INSERT, error);

  if (!place || (self->replaced && !expunge_replaced (self, transaction, error))
      || !quota_require (database, place->mailbox->account, (gint64)count_bytes (self->messages),
                         self->messages->len, 0, error))
    return FALSE;
  g_array_set_size (self->uids, 0);
  self->uid_validity = place->mailbox->uid_validity;
  self->before = mailbox_numbers (place->mailbox);
  for (guint i = 0; i < self->messages->len; i++)
    if (!save_message (self, transaction, place, g_ptr_array_index (self->messages, i), error))
      return FALSE;
  return !self->notified || mailbox_read_numbers (database, self->before.id, &self->after, error);
}

static void
did_save (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  const Saving *saving = store_job_data (result);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) answer = g_string_new (NULL);
  gboolean saved = store_write_finish (self->service->store, result, &error);

  if (!self->open)
    return;
  if (!saved) {
    fail (self, error);
    return;
  }
  imap_session_did_add (self, saving->uids, &saving->before, &saving->after);
  g_string_append_printf (answer, "[APPENDUID %u ", saving->uid_validity);
  imap_set_print (answer, saving->uids);
  if (saving->replaced == 0) {
    g_string_append (answer, "] Saved");
    imap_append_finish (self, IMAP_OK, answer->str);
    return;
  }
  /* Before the EXPUNGE that the news bring (RFC 8508 §4.3). */
  channel_print (self->channel, "* OK %s] Replacement is ready\r\n", answer->str);
  imap_append_finish (self, IMAP_OK, "Replaced");
}

void
imap_append_save (ImapSession *self)
{
  ImapAppend *append = self->append;
  Saving *saving = g_new0 (Saving, 1);

  saving->account = self->account;
  saving->selected = self->selected ? self->selected->mailbox : 0;
  saving->name = g_strdup (append->mailbox);
  saving->messages = g_ptr_array_ref (append->messages);
  saving->replaced = append->replaced;
  saving->notified = self->notify != NULL;
  saving->uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  store_write_async (self->service->store, save, saving, saving_free, NULL, did_save,
                     imap_session_ref (self));
}
