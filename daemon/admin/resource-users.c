/* Users: their accounts, passwords and quotas. */
#include "admin/change.h"
#include "accounts/password.h"
#include "mail/address.h"
#include "settings.h"
#include <openssl/crypto.h>
#include <string.h>

#define PASSWORD_LEAST 8
#define PASSWORD_MOST 1000

static json_t *
describe (const Account *account, gint64 app_passwords, gint64 certificates)
{
  json_t *user = json_object ();

  json_object_set_new (user, "address", json_string (account->address));
  json_object_set_new (user, "display_name", json_string (account->display_name));
  json_object_set_new (user, "enabled", json_boolean (account->enabled));
  json_object_set_new (user, "administrator", json_boolean (account->administrator));
  json_object_set_new (user, "quota", json_integer (account->quota));
  json_object_set_new (user, "used", json_integer (account->used));
  json_object_set_new (user, "role", json_boolean (account->role));
  json_object_set_new (user, "hide_capabilities", json_string (account->hidden));
  json_object_set_new (user, "locked", json_boolean (account->locked));
  json_object_set_new (user, "device", json_boolean (account->device));
  json_object_set_new (user, "admin_role",
                       account->admin_role != ADMIN_NOTHING
                           ? json_string (admin_role_name (account->admin_role))
                           : json_null ());
  json_object_set_new (user, "last_login",
                       account->last_login ? json_integer (account->last_login) : json_null ());
  json_object_set_new (user, "app_passwords", json_integer (app_passwords));
  json_object_set_new (user, "certificates", json_integer (certificates));
  return user;
}

/* '_password' tells that it was changed, and nothing of it. */
json_t *
user_state (const AdminCall *call, Database *database)
{
  g_autofree char *hash = NULL, *digest = NULL;
  g_autoptr (Account) account = account_find_with_hash (database, call->argument, &hash, NULL);

  if (account == NULL)
    return NULL;
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, hash ? hash : "", -1);
  return json_pack ("{s:s?, s:b, s:I, s:s, s:b, s:s?, s:s}", "display_name", account->display_name,
                    "enabled", account->enabled, "quota", (json_int_t)account->quota,
                    "hide_capabilities", account->hidden, "locked", account->locked, "admin_role",
                    admin_role_name (account->admin_role), "_password", digest);
}

static gboolean
count_secrets (Database *database, gint64 account, gint64 counts[2], GError **error)
{
  Statement *row = database_query (
      database, error,
      "SELECT (SELECT count(*) FROM credential WHERE account = ?1 AND name <> ''),"
      " (SELECT count(*) FROM client_certificate WHERE account = ?1)",
      "i", account);

  if (row == NULL || !statement_next (row, error))
    return FALSE;
  counts[0] = statement_int (row, 0);
  counts[1] = statement_int (row, 1);
  statement_done (row);
  return TRUE;
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
  gint64 counts[2];
  if (mailboxes == NULL || !count_secrets (database, account->id, counts, error))
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
  json_object_set_new (call->answer, "user", describe (account, counts[0], counts[1]));
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
                         _ ("The quota must be a size such as 500M or 2G; 0 means no quota."));
    return FALSE;
  }
  if (password == NULL)
    return TRUE;
  gsize length = strlen (password);
  if (length < PASSWORD_LEAST || length > PASSWORD_MOST) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("A password must have from %d to %d bytes."), PASSWORD_LEAST, PASSWORD_MOST);
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

/* A domain administrator makes nobody an administrator. */
static gboolean
check_making (AdminCall *call, GError **error)
{
  if (call->caller->role == ADMIN_EVERYTHING
      || !json_is_true (json_object_get (call->body, "administrator")))
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_DENIED,
                       _ ("Only an administrator of the whole server may do that."));
  return FALSE;
}

gboolean
user_post (AdminCall *call, GError **error)
{
  UserChange change = { NULL };

  if (!check_making (call, error))
    return FALSE;
  if (!parse_change (call, &change, error) || !make_keys (call, &change, error)) {
    clear_change (&change);
    return FALSE;
  }
  if (change.quota < 0)
    change.quota = setting_number (SETTING_QUOTA_DEFAULT);
  gboolean done = admin_call_write (call, add_user, &change, error);
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
  if (change->display_name != NULL
      && !account_set_display_name (transaction, change->address, change->display_name, error))
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
  gboolean done = admin_call_write (call, change_user, &change, error);
  /* Whoever knew the old password has no place here any more. */
  if (done && (change.enabled == 0 || change.hash != NULL))
    call->ended_user = address_normalize (call->argument);
  clear_change (&change);
  return done;
}

/* Only rows of the directory go: one slice. */
static gboolean
remove_user (StoreTransaction *transaction, gpointer data, GError **error)
{
  gboolean done = FALSE;

  while (!done)
    if (!account_remove (transaction, data, &done, error))
      return FALSE;
  return TRUE;
}

gboolean
user_delete (AdminCall *call, GError **error)
{
  g_autofree char *address = g_strdup (call->argument);

  if (!admin_call_write (call, remove_user, address, error))
    return FALSE;
  call->ended_user = address_normalize (call->argument);
  return TRUE;
}
