/* The certificates with which a user's programs sign on. */
#include "admin/change.h"

#include "accounts/enrolled.h"
#include "mail/address.h"

typedef struct {
  AdminCall *call;
  const char *name;
  char *fingerprint;
} Change;

static gint64
find_account (Change *self, Database *database, GError **error)
{
  g_autoptr (Account) account = account_find (database, self->call->argument, error);

  if (account == NULL || !account->role)
    return account ? account->id : 0;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                       _ ("A role is nobody who logs in: its members do."));
  return 0;
}

static json_t *
describe (const Enrolled *enrolled)
{
  return json_pack ("{s:s, s:s, s:I, s:I, s:s?}", "name", enrolled->name, "fingerprint",
                    enrolled->fingerprint, "created", (json_int_t)enrolled->created, "used",
                    (json_int_t)enrolled->used, "address", enrolled->address);
}

static gboolean
read_list (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Change *self = data;
  Database *database = store_snapshot_database (snapshot);
  const gint64 account = find_account (self, database, error);
  g_autoptr (GPtrArray) list = account ? enrolled_list (database, account, error) : NULL;
  json_t *certificates;

  if (list == NULL)
    return FALSE;
  certificates = json_array ();
  for (guint i = 0; i < list->len; i++)
    json_array_append_new (certificates, describe (list->pdata[i]));
  json_object_set_new (self->call->answer, "certificates", certificates);
  return TRUE;
}

/* Which there are. */
json_t *
user_certificates_state (const AdminCall *call, Database *database)
{
  g_autoptr (Account) account = account_find (database, call->argument, NULL);
  g_autoptr (GPtrArray) list = account ? enrolled_list (database, account->id, NULL) : NULL;
  json_t *state = list ? json_object () : NULL;

  for (guint i = 0; list && i < list->len; i++) {
    const Enrolled *enrolled = list->pdata[i];
    json_object_set_new (state, enrolled->name, json_string (enrolled->fingerprint));
  }
  return state;
}

gboolean
user_certificates_get (AdminCall *call, GError **error)
{
  Change change = { .call = call };

  return store_read_sync (call->service->store, read_list, &change, error);
}

static gboolean
add (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;
  const gint64 account = find_account (self, store_transaction_database (transaction), error);

  return account && enrolled_add (transaction, account, self->name, self->fingerprint, error);
}

/* {"name": of the device, "certificate": PEM or "fingerprint": SHA-256}. */
gboolean
user_certificate_post (AdminCall *call, GError **error)
{
  Change change = { .call = call, .name = admin_call_text (call, "name", error) };
  const char *pem = admin_call_optional_text (call, "certificate");
  const char *fingerprint = NULL;
  gboolean done;

  if (change.name == NULL
      || (pem == NULL && (fingerprint = admin_call_text (call, "fingerprint", error)) == NULL))
    return FALSE;
  change.fingerprint = pem ? enrolled_read_pem (pem, error) : g_strdup (fingerprint);
  if (change.fingerprint == NULL)
    return FALSE;
  done = admin_call_write (call, add, &change, error);
  g_free (change.fingerprint);
  return done;
}

static gboolean
remove_one (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;
  const gint64 account = find_account (self, store_transaction_database (transaction), error);

  return account && enrolled_remove (transaction, account, self->name, error);
}

/* {"name": of the device}. */
gboolean
user_certificate_delete (AdminCall *call, GError **error)
{
  Change change = { .call = call, .name = admin_call_text (call, "name", error) };

  if (change.name == NULL || !admin_call_write (call, remove_one, &change, error))
    return FALSE;
  call->ended_user = address_normalize (call->argument); /* the device may be signed on right now */
  return TRUE;
}
