/* CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 9051 §6.3.4 to §6.3.8): one write job each.
 */
#include "imap/imap-commands.h"

#include <string.h>

#include "store/object.h"

#define NAME_MAX_BYTES 1000

typedef struct {
  gint64 account;
  char *name, *to;
  gboolean subscribed;
  gint64 id; /* of the new mailbox */
  guint32 epoch;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->name);
  g_free (self->to);
  g_free (self);
}

static gboolean
create (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  self->id = mailbox_create (transaction, self->account, self->name, NULL, error);
  return self->id != 0
      && object_epoch (store_transaction_database (transaction), &self->epoch, error);
}

static gboolean delete (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return mailbox_delete (transaction, self->account, self->name, error);
}

static gboolean
rename_mailbox (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return mailbox_rename (transaction, self->account, self->name, self->to, error);
}

static gboolean
subscribe (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return mailbox_subscribe (transaction, self->account, self->name, self->subscribed, error);
}

static void
did_change (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (GError) error = NULL;
  gboolean written = store_write_finish (self->service->store, result, &error);

  if (imap_session_goes_on (self, written, error))
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
  object_print (id, OBJECT_MAILBOX, change->epoch, change->id);
  imap_session_finish (self, IMAP_OK, "[MAILBOXID (%s)] Created", id->str);
}

/* NAME and TO are given away. */
static void
change_directory (ImapSession *self, StoreWriteFunc run, char *name, char *to, gboolean subscribed)
{
  Change *change = g_new0 (Change, 1);

  change->account = self->account;
  change->name = name;
  change->to = to;
  change->subscribed = subscribed;
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

void
imap_cmd_create (ImapSession *self, ImapParser *arguments)
{
  g_autofree char *name = imap_take_mailbox (self, arguments, TRUE);

  if (name && is_new_name (self, name))
    change_directory (self, create, g_steal_pointer (&name), NULL, FALSE);
}

void
imap_cmd_delete (ImapSession *self, ImapParser *arguments)
{
  char *name = imap_take_mailbox (self, arguments, TRUE);

  if (name)
    change_directory (self, delete, name, NULL, FALSE);
}

void
imap_cmd_rename (ImapSession *self, ImapParser *arguments)
{
  g_autofree char *name = imap_take_mailbox (self, arguments, FALSE);
  g_autofree char *to = name ? imap_take_mailbox (self, arguments, TRUE) : NULL;

  if (to && is_new_name (self, to))
    change_directory (self, rename_mailbox, g_steal_pointer (&name), g_steal_pointer (&to), FALSE);
}

static void
set_subscribed (ImapSession *self, ImapParser *arguments, gboolean subscribed)
{
  char *name = imap_take_mailbox (self, arguments, TRUE);

  if (name)
    change_directory (self, subscribe, name, NULL, subscribed);
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
