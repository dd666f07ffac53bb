/* CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 9051 §6.3.4 to §6.3.8): one write job each.
 */
#include "imap/imap-commands.h"

#include <string.h>

#include "accounts/place.h"
#include "accounts/quota.h"
#include "imap/imap-notify.h"
#include "store/object.h"

#define NAME_MAX_BYTES 1000
#define USES_MAX 10

typedef struct {
  gint64 account;
  char *name, *to;
  char *old; /* of RENAME: the name as the client wrote it */
  char *use; /* of CREATE, or NULL */
  gboolean subscribed;
  gint64 id; /* of the new mailbox */
  StoreWriteFunc run; /* what is done */
  guint32 epoch;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->name);
  g_free (self->to);
  g_free (self->old);
  g_free (self->use);
  g_free (self);
}

/* After the fact, as levels above may have been made too: what is too much is undone. */
static gboolean
within_quota (StoreTransaction *transaction, gint64 mailbox, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Mailbox) row = mailbox_load (database, mailbox, error);
  g_autoptr (Quota) quota = row ? quota_read (database, row->account, error) : NULL;

  if (!quota)
    return FALSE;
  if (quota->mailboxes <= quota->mailboxes_limit)
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_QUOTA, "There are too many mailboxes");
  return FALSE;
}

static gboolean
create (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  self->id = place_create (transaction, self->account, self->name, error);
  return self->id != 0 && within_quota (transaction, self->id, error)
      && (!self->use || mailbox_set_use (transaction, self->id, self->use, error))
      && object_epoch (store_transaction_database (transaction), &self->epoch, error);
}

static gboolean delete (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return place_delete (transaction, self->account, self->name, error);
}

static gboolean
rename_mailbox (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return place_rename (transaction, self->account, self->name, self->to, error);
}

static gboolean
subscribe (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return mailbox_subscribe (transaction, self->account, self->name, self->subscribed, error);
}

/* The client hears what has become of its names (RFC 9051 §6.3.4 to §6.3.6). Subscriptions are
 * names alone: nothing is told of them. */
static void
tell_names (ImapSession *self, const Change *change)
{
  if (!self->running.supplied)
    return;
  if (change->to)
    imap_tell_name (self, "", change->to, change->old);
  else if (self->running.info->run == imap_cmd_create)
    imap_tell_name (self, "", change->name, self->running.supplied);
  else if (self->running.info->run == imap_cmd_delete)
    imap_tell_name (self, "\\NonExistent", change->name, self->running.supplied);
}

/* NOTIFY tells of what others do. */
static void
note_own (ImapSession *self, const Change *change)
{
  ImapKnown *known = self->notify ? self->notify->known : NULL;

  if (!known)
    return;
  if (change->run == create)
    imap_known_did_create (known, change->name);
  else if (change->run == delete)
    imap_known_did_delete (known, change->name);
  else if (change->run == rename_mailbox)
    imap_known_did_rename (known, change->name, change->to);
  else
    imap_known_did_subscribe (known, change->name, change->subscribed);
}

static void
did_change (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (GError) error = NULL;
  gboolean written = store_write_finish (self->service->store, result, &error);

  if (!imap_session_goes_on (self, written, error))
    return;
  note_own (self, store_job_data (result));
  tell_names (self, store_job_data (result));
  imap_session_finish (self, IMAP_OK, "Done");
}

/* The client hears what the new mailbox is called for ever (RFC 8474 §4.1). */
static void
did_create (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  const Change *change = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean written = store_write_finish (self->service->store, result, &error);
  g_autoptr (GString) id = g_string_new (NULL);

  if (!imap_session_goes_on (self, written, error))
    return;
  note_own (self, change);
  tell_names (self, change);
  object_print (id, OBJECT_MAILBOX, change->epoch, change->id);
  imap_session_finish (self, IMAP_OK, "[MAILBOXID (%s)] Created", id->str);
}

/* NAME is given away. */
static Change *
change_new (ImapSession *self, char *name)
{
  Change *change = g_new0 (Change, 1);

  change->account = self->account;
  change->name = name;
  return change;
}

/* CHANGE is given away. */
static void
change_directory (ImapSession *self, StoreWriteFunc run, Change *change)
{
  change->run = run;
  store_write_async (self->service->store, run, change, change_free, NULL,
                     run == create ? did_create : did_change, imap_session_ref (self));
}

/* A delimiter at the end says that children will follow (RFC 9051 §6.3.4): no part of the name. */
static gboolean
is_new_name (ImapSession *self, char *name)
{
  gsize length = strlen (name);

  if (length > 0 && name[length - 1] == '/')
    name[--length] = '\0';
  if (length > 0 && length <= NAME_MAX_BYTES)
    return TRUE;
  imap_session_finish (self, IMAP_NO, "[CANNOT] A mailbox cannot have that name");
  return FALSE;
}

static gboolean
take_use (ImapParser *parser, gpointer data)
{
  GPtrArray *uses = data;
  char *use = imap_parser_flag (parser);

  g_ptr_array_add (uses, use);
  return use && *use == '\\' && uses->len < USES_MAX;
}

/* SP "(USE (\Use))": CREATE-SPECIAL-USE (RFC 6154 §3). A mailbox has one use; two together are none
 * that the store knows. */
static gboolean
take_parameters (ImapParser *parser, Change *change)
{
  g_autoptr (GPtrArray) uses = g_ptr_array_new_with_free_func (g_free);

  if (imap_parser_at_end (parser))
    return TRUE;
  if (!imap_parser_space (parser) || !imap_parser_take (parser, '(')
      || !imap_parser_word (parser, "USE") || !imap_parser_space (parser)
      || !imap_parser_list (parser, take_use, uses) || !imap_parser_take (parser, ')')
      || !imap_parser_at_end (parser))
    return FALSE;
  g_ptr_array_add (uses, NULL);
  change->use = uses->len > 1 ? g_strjoinv (" ", (char **)uses->pdata) : NULL;
  return TRUE;
}

void
imap_cmd_create (ImapSession *self, ImapParser *arguments)
{
  g_autofree char *name = imap_take_mailbox (self, arguments, FALSE);
  Change *change;

  if (!name)
    return;
  change = change_new (self, g_steal_pointer (&name));
  if (!take_parameters (arguments, change))
    imap_session_refuse (self);
  else if (is_new_name (self, change->name)) {
    change_directory (self, create, change);
    return;
  }
  change_free (change);
}

void
imap_cmd_delete (ImapSession *self, ImapParser *arguments)
{
  char *name = imap_take_mailbox (self, arguments, TRUE);

  if (name)
    change_directory (self, delete, change_new (self, name));
}

void
imap_cmd_rename (ImapSession *self, ImapParser *arguments)
{
  g_autofree char *name = imap_take_mailbox (self, arguments, FALSE);
  g_autofree char *old = g_strdup (self->running.supplied ? self->running.supplied : name);
  g_autofree char *to = name ? imap_take_mailbox (self, arguments, TRUE) : NULL;
  Change *change;

  if (!to || !is_new_name (self, to))
    return;
  change = change_new (self, g_steal_pointer (&name));
  change->to = g_steal_pointer (&to);
  change->old = g_steal_pointer (&old);
  change_directory (self, rename_mailbox, change);
}

static void
set_subscribed (ImapSession *self, ImapParser *arguments, gboolean subscribed)
{
  char *name = imap_take_mailbox (self, arguments, TRUE);
  Change *change = name ? change_new (self, name) : NULL;

  if (!change)
    return;
  change->subscribed = subscribed;
  change_directory (self, subscribe, change);
}

void
imap_cmd_subscribe (ImapSession *self, ImapParser *arguments)
{
  set_subscribed (self, arguments, TRUE);
}

void
imap_cmd_unsubscribe (ImapSession *self, ImapParser *arguments)
{
  set_subscribed (self, arguments, FALSE);
}
