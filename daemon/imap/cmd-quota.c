/* GETQUOTA and GETQUOTAROOT (RFC 9208). An account's mailboxes share one root, named by its
 * address. Limits are set by the administrator, so there is no QUOTASET. */
#include "imap/imap-commands.h"

#include "accounts/place.h"
#include "accounts/quota.h"
#include "imap/imap-print.h"

typedef struct {
  gint64 account;
  char *name; /* of a mailbox, or of a root */
  gboolean utf8; /* names */
  GString *out;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_free (self->name);
  g_string_free (self->out, TRUE);
  g_free (self);
}

static void
print_resource (GString *out, const char *name, gint64 used, gint64 limit, gint64 unit)
{
  if (limit == 0)
    return;
  if (out->str[out->len - 1] != '(')
    g_string_append_c (out, ' ');
  g_string_append_printf (out, "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, name,
                          (MAX (used, 0) + unit - 1) / unit, limit / unit);
}

static void
print_quota (GString *out, const Quota *quota)
{
  g_string_append (out, "* QUOTA ");
  imap_print_string (out, quota->root);
  g_string_append (out, " (");
  print_resource (out, "STORAGE", quota->storage, quota->storage_limit, 1024);
  print_resource (out, "MESSAGE", quota->messages, quota->messages_limit, 1);
  print_resource (out, "MAILBOX", quota->mailboxes, quota->mailboxes_limit, 1);
  g_string_append (out, ")\r\n");
}

/* The account that NAME counts for; 0 with ERROR. One's own mailbox need not exist yet (RFC 9208
 * §4.1.2); of others' nothing is told that cannot be read. */
static gint64
find_owner (Database *database, gint64 account, const char *name, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (Place) place = place_find (database, account, name, RIGHT_READ, &problem);
  g_autofree char *local = NULL;
  gint64 owner = 0;

  if (place)
    return place->mailbox->account;
  if (g_error_matches (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND)
      && place_locate (database, account, name, &owner, &local, NULL) && owner == account)
    return owner;
  g_propagate_error (error, g_steal_pointer (&problem));
  return 0;
}

static gboolean
read_root_of_mailbox (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  Database *database = store_snapshot_database (snapshot);
  gint64 owner = find_owner (database, self->account, self->name, error);
  g_autoptr (Quota) quota = owner ? quota_read (database, owner, error) : NULL;

  if (!quota)
    return FALSE;
  g_string_append (self->out, "* QUOTAROOT ");
  imap_print_mailbox (self->out, self->name, self->utf8);
  g_string_append_c (self->out, ' ');
  imap_print_string (self->out, quota->root);
  g_string_append (self->out, "\r\n");
  print_quota (self->out, quota);
  return TRUE;
}

/* A root that the account can see through some mailbox (RFC 9208 §6). */
static gboolean
read_root (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (GPtrArray) places = place_list (database, self->account, error);
  gint64 seen = 0;

  for (guint i = 0; places && i < places->len; i++) {
    const Place *place = g_ptr_array_index (places, i);
    g_autoptr (Quota) quota = NULL;
    if (place->mailbox->account == seen || !(place->rights & RIGHT_READ))
      continue;
    seen = place->mailbox->account;
    quota = quota_read (database, seen, error);
    if (!quota)
      return FALSE;
    if (g_str_equal (quota->root, self->name)) {
      print_quota (self->out, quota);
      return TRUE;
    }
  }
  if (places)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no such quota root");
  return FALSE;
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  Asking *asking = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (self->service->store, result, &error);

  if (!imap_session_goes_on (self, read, error))
    return;
  channel_write (self->channel, asking->out->str, asking->out->len);
  imap_session_finish (self, IMAP_OK, "Done");
}

static void
ask (ImapSession *self, StoreReadFunc read, char *name)
{
  Asking *asking = g_new0 (Asking, 1);

  asking->account = self->account;
  asking->utf8 = imap_session_names_are_utf8 (self);
  asking->name = name;
  asking->out = g_string_new (NULL);
  store_read_async (self->service->store, read, asking, asking_free, NULL, did_read,
                    imap_session_ref (self));
}

void
imap_cmd_getquotaroot (ImapSession *self, ImapParser *arguments)
{
  char *name = imap_take_mailbox (self, arguments, TRUE);

  if (name)
    ask (self, read_root_of_mailbox, name);
}

void
imap_cmd_getquota (ImapSession *self, ImapParser *arguments)
{
  g_autofree char *root = imap_parser_space (arguments) ? imap_parser_astring (arguments) : NULL;

  if (!root || !imap_parser_at_end (arguments))
    imap_session_refuse (self);
  else
    ask (self, read_root, g_steal_pointer (&root));
}
