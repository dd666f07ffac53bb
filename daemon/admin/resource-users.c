/* Users: their accounts, passwords and quotas. */
#include "admin/resources.h"
#include "accounts/password.h"
#include "mail/address.h"
#include "settings.h"
#include <openssl/crypto.h>
#include <string.h>

#define PASSWORD_LEAST 8
#define PASSWORD_MOST 1000

static json_t *
describe (const Account *account)
{
  return json_pack ("{s:s, s:s?, s:b, s:b, s:I, s:I, s:b, s:s, s:b, s:b}", "address",
                    account->address, "display_name", account->display_name, "enabled",
                    account->enabled, "administrator", account->administrator, "quota",
                    (json_int_t)account->quota, "used", (json_int_t)account->used, "role",
                    account->role, "hide_capabilities", account->hidden, "locked", account->locked,
                    "device", account->device);
}

static gboolean
read_users (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  g_autoptr (GPtrArray) accounts = account_list (store_snapshot_database (snapshot), error);

  if (accounts == NULL)
    return FALSE;
  json_t *list = json_array ();
  for (guint i = 0; i < accounts->len; i++)
    json_array_append_new (list, describe (accounts->pdata[i]));
  json_object_set_new (call->answer, "users", list);
  return TRUE;
}

gboolean
users_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_users, call, error);
}

static gboolean
read_user (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Account) account = account_find (database, call->argument, error);

  if (account == NULL)
    return FALSE;
  g_autoptr (GPtrArray) mailboxes = mailbox_list (database, account->id, error);
  if (mailboxes == NULL)
    return FALSE;

  json_t *list = json_array ();
  for (guint i = 0; i < mailboxes->len; i++) {
    const Mailbox *mailbox = mailboxes->pdata[i];
    if (mailbox->id != 0)
      json_array_append_new (list,
                             json_pack ("{s:s, s:I, s:I, s:I}", "name", mailbox->name, "messages",
                                        (json_int_t)mailbox->messages, "unseen",
                                        (json_int_t)mailbox->unseen, "size",
                                        (json_int_t)mailbox->size));
  }
  json_object_set_new (call->answer, "user", describe (account));
  json_object_set_new (call->answer, "mailboxes", list);
  return TRUE;
}

gboolean
user_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_user, call, error);
}

typedef struct {
  const char *address;
  char *hash; /* NULL: as it is, or none */
  ScramKeys *keys; /* of the password, or NULL */
  const char *display_name;
  gint64 quota; /* -1: as it is */
  int enabled; /* -1: as it is */
  gboolean administrator;
  const char *hidden; /* NULL: as it is */
} UserChange;

/* {"hide_capabilities": text, "password": text, "quota": "2G" or bytes, "enabled": bool,
 * "display_name", "administrator"} */
static gboolean
parse_change (AdminCall *call, UserChange *change, GError **error)
{
  const char *password = admin_call_optional_text (call, "password");
  json_t *quota = json_object_get (call->body, "quota");
  json_t *enabled = json_object_get (call->body, "enabled");

  *change = (UserChange) { .address = call->argument, .quota = -1, .enabled = -1 };
  change->display_name = admin_call_optional_text (call, "display_name");
  change->hidden = admin_call_optional_text (call, "hide_capabilities");
  change->administrator = json_is_true (json_object_get (call->body, "administrator"));
  if (json_is_boolean (enabled))
    change->enabled = json_is_true (enabled);
  if (json_is_integer (quota))
    change->quota = json_integer_value (quota);
  if ((json_is_string (quota) && !size_parse (json_string_value (quota), &change->quota))
      || change->quota < -1
      || (quota != NULL && !json_is_string (quota) && !json_is_integer (quota))) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "The quota must be a size such as 500M or 2G; 0 means no quota.");
    return FALSE;
  }
  if (password == NULL)
    return TRUE;
  gsize length = strlen (password);
  if (length < PASSWORD_LEAST || length > PASSWORD_MOST) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "A password must have from %d to %d bytes.", PASSWORD_LEAST, PASSWORD_MOST);
    return FALSE;
  }
  change->hash = password_hash (password, error);
  return change->hash != NULL;
}

typedef struct {
  const char *address; /* normalized */
  guint8 salt[SCRAM_SALT];
} Salt;

static gboolean
read_salt (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Salt *self = data;

  return credential_salt (store_snapshot_database (snapshot), self->address, self->salt, error);
}

/* What SCRAM needs of a new password, when SETTING_SCRAM wants it. */
static gboolean
make_keys (AdminCall *call, UserChange *change, GError **error)
{
  const char *password = admin_call_optional_text (call, "password");
  g_autofree char *address = address_normalize (change->address);
  Salt salt = { .address = address };

  if (password == NULL || address == NULL || setting_number (SETTING_SCRAM) != SCRAM_ALL)
    return TRUE;
  if (!store_read_sync (call->service->store, read_salt, &salt, error))
    return FALSE;
  change->keys = g_new0 (ScramKeys, 1);
  if (!scram_derive (password, salt.salt, sizeof salt.salt, SCRAM_ITERATIONS, change->keys))
    g_clear_pointer (&change->keys, g_free); /* the first sign-on makes them */
  return TRUE;
}

static void
clear_change (UserChange *change)
{
  if (change->keys)
    OPENSSL_cleanse (change->keys, sizeof *change->keys);
  g_free (change->keys);
  g_free (change->hash);
}

static gboolean
set_keys (StoreTransaction *transaction, UserChange *change, GError **error)
{
  g_autoptr (Account) account = NULL;

  if (change->keys == NULL)
    return TRUE;
  account = account_find (store_transaction_database (transaction), change->address, error);
  return account != NULL && credential_set_password (transaction, account->id, change->keys, error);
}

static gboolean
add_user (StoreTransaction *transaction, gpointer data, GError **error)
{
  UserChange *change = data;

  return account_add (transaction, change->address, change->hash, change->display_name,
                      change->quota, change->administrator, error)
      != 0
      && set_keys (transaction, change, error);
}

gboolean
user_post (AdminCall *call, GError **error)
{
  UserChange change;

  if (!parse_change (call, &change, error) || !make_keys (call, &change, error)) {
    clear_change (&change);
    return FALSE;
  }
  if (change.quota < 0)
    change.quota = setting_number (SETTING_QUOTA_DEFAULT);
  gboolean done = store_write_sync (call->service->store, add_user, &change, error);
  clear_change (&change);
  return done;
}

static gboolean
change_user (StoreTransaction *transaction, gpointer data, GError **error)
{
  UserChange *change = data;

  if (change->hash != NULL
      && !(account_set_password (transaction, change->address, change->hash, error)
           && set_keys (transaction, change, error)))
    return FALSE;
  if (change->hidden != NULL
      && !account_set_hidden (transaction, change->address, change->hidden, error))
    return FALSE;
  if (change->quota >= 0 && !account_set_quota (transaction, change->address, change->quota, error))
    return FALSE;
  return change->enabled < 0
      || account_set_enabled (transaction, change->address, change->enabled, error);
}

gboolean
user_patch (AdminCall *call, GError **error)
{
  UserChange change;

  if (!parse_change (call, &change, error) || !make_keys (call, &change, error)) {
    clear_change (&change);
    return FALSE;
  }
  gboolean done = store_write_sync (call->service->store, change_user, &change, error);
  if (done && change.enabled == 0)
    call->ended_user = address_normalize (call->argument);
  clear_change (&change);
  return done;
}

static void
did_remove (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* Bulk work has no waiting form: a main context of this worker's own waits for it. */
gboolean
user_delete (AdminCall *call, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;
  Store *store = call->service->store;

  /* The first slice would say "done" for a user that is not there. */
  if (!store_read_sync (store, read_user, call, error))
    return FALSE;
  json_object_clear (call->answer);

  g_main_context_push_thread_default (context);
  store_write_bulk_async (store, account_remove, g_strdup (call->argument), g_free, NULL,
                          did_remove, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  call->ended_user = address_normalize (call->argument);
  return store_write_finish (store, result, error);
}
