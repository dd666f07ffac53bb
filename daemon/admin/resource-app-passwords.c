/* App passwords: one for each device of a user, made here and shown once. */
#include "admin/change.h"

#include "mail/address.h"
#include <openssl/crypto.h>
#include <string.h>

typedef struct {
  AdminCall *call;
  const char *name;
  gint64 account;
  guint8 salt[SCRAM_SALT];
  ScramKeys keys;
} Change;

static gboolean
find_account (Change *self, Database *database, GError **error)
{
  g_autoptr (Account) account = account_find (database, self->call->argument, error);

  if (account == NULL || !credential_salt (database, account->address, self->salt, error))
    return FALSE;
  self->account = account->id;
  if (!account->role)
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                       _ ("A role is nobody who logs in: its members do."));
  return FALSE;
}

static gboolean
read_account (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return find_account (data, store_snapshot_database (snapshot), error);
}

static json_t *
describe (const Credential *credential)
{
  return json_pack ("{s:s, s:I, s:I, s:s?}", "name", credential->name, "created",
                    (json_int_t)credential->created, "used", (json_int_t)credential->used,
                    "address", credential->address);
}

static gboolean
read_list (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Change *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (GPtrArray) list = NULL;
  json_t *names;

  if (!find_account (self, database, error))
    return FALSE;
  list = credential_list (database, self->account, error);
  if (list == NULL)
    return FALSE;
  names = json_array ();
  for (guint i = 0; i < list->len; i++)
    if (*((Credential *)list->pdata[i])->name != '\0')
      json_array_append_new (names, describe (list->pdata[i]));
  json_object_set_new (self->call->answer, "app_passwords", names);
  return TRUE;
}

/* Which there are. */
json_t *
app_passwords_state (const AdminCall *call, Database *database)
{
  g_autoptr (Account) account = account_find (database, call->argument, NULL);
  g_autoptr (GPtrArray) list = account ? credential_list (database, account->id, NULL) : NULL;
  json_t *state = list ? json_object () : NULL;

  for (guint i = 0; list && i < list->len; i++) {
    const Credential *credential = list->pdata[i];
    if (*credential->name != '\0')
      json_object_set_new (state, credential->name, json_integer (credential->created));
  }
  return state;
}

gboolean
app_passwords_get (AdminCall *call, GError **error)
{
  Change change = { .call = call };

  return store_read_sync (call->service->store, read_list, &change, error);
}

static gboolean
add (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return credential_add (transaction, self->account, self->name, &self->keys, error);
}

/* {"name": of the device}; the answer has the password, which nobody can read again. */
gboolean
app_password_post (AdminCall *call, GError **error)
{
  Change change = { .call = call, .name = admin_call_text (call, "name", error) };
  Store *store = call->service->store;
  g_autofree char *password = app_password_new ();
  gboolean done;

  if (change.name == NULL || !store_read_sync (store, read_account, &change, error))
    return FALSE;
  if (!scram_derive (password, change.salt, sizeof change.salt, SCRAM_ITERATIONS, &change.keys)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         _ ("The cryptographic library failed."));
    return FALSE;
  }
  done = admin_call_write (call, add, &change, error);
  if (done)
    json_object_set_new (call->answer, "password", json_string (password));
  OPENSSL_cleanse (password, strlen (password));
  OPENSSL_cleanse (&change.keys, sizeof change.keys);
  return done;
}

static gboolean
remove_one (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return find_account (self, store_transaction_database (transaction), error)
      && credential_remove (transaction, self->account, self->name, error);
}

/* {"name": of the device}. */
gboolean
app_password_delete (AdminCall *call, GError **error)
{
  Change change = { .call = call, .name = admin_call_text (call, "name", error) };

  if (change.name == NULL || !admin_call_write (call, remove_one, &change, error))
    return FALSE;
  call->ended_user = address_normalize (call->argument); /* the device may be signed on right now */
  return TRUE;
}
