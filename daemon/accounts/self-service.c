/* Jobs of the store for one user. */
#include "accounts/self-service.h"
#include "accounts/password.h"
#include "settings.h"
#include <openssl/crypto.h>
#include <string.h>

typedef struct {
  const char *address, *device;
  Account *account;
  GPtrArray *devices;
  guint8 salt[SCRAM_SALT];
  ScramKeys keys;
  gboolean has_keys;
  char *hash;
} Change;

static void
change_clear (Change *self)
{
  g_clear_pointer (&self->account, account_free);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_pointer (&self->hash, g_free);
  OPENSSL_cleanse (&self->keys, sizeof self->keys);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

static gboolean
find_account (Change *self, Database *database, GError **error)
{
  g_clear_pointer (&self->account, account_free);
  self->account = account_find (database, self->address, error);
  if (self->account == NULL)
    return FALSE;
  if (self->account->enabled && !self->account->locked && !self->account->role
      && !self->account->device)
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "%s cannot log in", self->address);
  return FALSE;
}

static gboolean
read_account (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Change *self = data;
  Database *database = store_snapshot_database (snapshot);

  return find_account (self, database, error)
      && credential_salt (database, self->account->address, self->salt, error);
}

Account *
self_service_account (Store *store, const char *address, GError **error)
{
  g_auto (Change) change = { .address = address };

  return store_read_sync (store, read_account, &change, error) ? g_steal_pointer (&change.account)
                                                               : NULL;
}

static gboolean
set_password (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return find_account (self, store_transaction_database (transaction), error)
      && account_set_password (transaction, self->address, self->hash, error)
      && (!self->has_keys
          || credential_set_password (transaction, self->account->id, &self->keys, error));
}

gboolean
self_service_change_password (Store *store, const char *address, const char *password,
                              GError **error)
{
  g_auto (Change) change = { .address = address };
  const gsize length = strlen (password);

  if (length < PASSWORD_LEAST || length > PASSWORD_MOST) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
                 "A password must have from %d to %d bytes.", PASSWORD_LEAST, PASSWORD_MOST);
    return FALSE;
  }
  change.hash = password_hash (password, error);
  if (change.hash == NULL || !store_read_sync (store, read_account, &change, error))
    return FALSE;
  /* Without them the first sign-on makes them. */
  change.has_keys = setting_number (SETTING_SCRAM) == SCRAM_ALL
      && scram_derive (password, change.salt, sizeof change.salt, SCRAM_ITERATIONS, &change.keys);
  return store_write_sync (store, set_password, &change, error);
}

static gboolean
read_devices (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Change *self = data;
  Database *database = store_snapshot_database (snapshot);

  if (!find_account (self, database, error))
    return FALSE;
  self->devices = credential_list (database, self->account->id, error);
  return self->devices != NULL;
}

GPtrArray *
self_service_devices (Store *store, const char *address, GError **error)
{
  g_auto (Change) change = { .address = address };

  if (!store_read_sync (store, read_devices, &change, error))
    return NULL;
  /* The first one may be the password itself. */
  if (change.devices->len > 0 && *((Credential *)change.devices->pdata[0])->name == '\0')
    g_ptr_array_remove_index (change.devices, 0);
  return g_steal_pointer (&change.devices);
}

static gboolean
add_device (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return find_account (self, store_transaction_database (transaction), error)
      && credential_add (transaction, self->account->id, self->device, &self->keys, error);
}

char *
self_service_add_device (Store *store, const char *address, const char *device, GError **error)
{
  g_auto (Change) change = { .address = address, .device = device };
  char *password;

  if (!store_read_sync (store, read_account, &change, error))
    return NULL;
  password = app_password_new ();
  if (!scram_derive (password, change.salt, sizeof change.salt, SCRAM_ITERATIONS, &change.keys))
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FAILED,
                         "The cryptographic library failed");
  else if (store_write_sync (store, add_device, &change, error))
    return password;
  OPENSSL_cleanse (password, strlen (password));
  g_free (password);
  return NULL;
}

static gboolean
remove_device (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;

  return find_account (self, store_transaction_database (transaction), error)
      && credential_remove (transaction, self->account->id, self->device, error);
}

gboolean
self_service_remove_device (Store *store, const char *address, const char *device, GError **error)
{
  g_auto (Change) change = { .address = address, .device = device };

  return store_write_sync (store, remove_device, &change, error);
}
