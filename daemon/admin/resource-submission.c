/* How much users and domains may send, and which accounts are those of devices. */
#include "admin/change.h"
#include "accounts/account.h"
#include "accounts/device.h"
#include "accounts/rates.h"
#include "mail/address.h"
#include <string.h>

static gboolean
is_address (AdminCall *call)
{
  return strchr (call->argument, '@') != NULL;
}

/* STORE_ERROR_NOT_FOUND when there is no such user or domain. */
static gboolean
read_rate (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  Database *database = store_snapshot_database (snapshot);
  const gboolean is_user = is_address (call);
  g_autofree char *domain = is_user ? NULL : domain_normalize (call->argument);
  g_autoptr (Account) account = is_user ? account_find (database, call->argument, error) : NULL;
  Rate rate;

  if (is_user ? account == NULL || !rate_of_user (database, account->address, &rate, error)
              : domain_find (database, domain ? domain : call->argument, error) == 0
              || !rate_of_domain (database, domain, &rate, error))
    return FALSE;
  json_object_set_new (call->answer, "hour", json_integer (rate.hour));
  json_object_set_new (call->answer, "day", json_integer (rate.day));
  return TRUE;
}

json_t *
rate_state (const AdminCall *call, Database *database)
{
  const gboolean is_user = strchr (call->argument, '@') != NULL;
  g_autofree char *name
      = is_user ? address_normalize (call->argument) : domain_normalize (call->argument);
  Rate rate;

  if (name == NULL
      || !(is_user ? rate_of_user (database, name, &rate, NULL)
                   : rate_of_domain (database, name, &rate, NULL)))
    return NULL;
  return json_pack ("{s:I, s:I}", "hour", (json_int_t)rate.hour, "day", (json_int_t)rate.day);
}

/* -1: as the settings say, 0: any number. */
gboolean
rate_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_rate, call, error);
}

typedef struct {
  AdminCall *call;
  Rate rate;
} RateChange;

static gboolean
write_rate (StoreTransaction *transaction, gpointer data, GError **error)
{
  const RateChange *change = data;
  const char *name = change->call->argument;

  return is_address (change->call) ? rate_set_user (transaction, name, &change->rate, error)
                                   : rate_set_domain (transaction, name, &change->rate, error);
}

/* {"hour": 100, "day": 0} */
gboolean
rate_put (AdminCall *call, GError **error)
{
  json_t *hour = json_object_get (call->body, "hour"), *day = json_object_get (call->body, "day");
  RateChange change = { call, { json_integer_value (hour), json_integer_value (day) } };

  if (json_is_integer (hour) && json_is_integer (day))
    return admin_call_write (call, write_rate, &change, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("A rate is a number of recipients; 0 means any number."));
  return FALSE;
}

static gboolean
read_device (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (GError) failure = NULL;
  g_autoptr (Account) account = account_find (database, call->argument, error);
  g_autoptr (Device) device = account ? device_find (database, account->id, &failure) : NULL;

  if (account == NULL)
    return FALSE;
  if (device == NULL) {
    if (failure == NULL)
      g_set_error (&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("%s is not a device."),
                   account->address);
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  json_object_set_new (call->answer, "senders", json_string (device->senders));
  json_object_set_new (call->answer, "recipients", json_string (device->recipients));
  return TRUE;
}

json_t *
device_state (const AdminCall *call, Database *database)
{
  g_autoptr (Account) account = account_find (database, call->argument, NULL);
  g_autoptr (Device) device = account ? device_find (database, account->id, NULL) : NULL;

  return device
      ? json_pack ("{s:s, s:s}", "senders", device->senders, "recipients", device->recipients)
      : NULL;
}

gboolean
device_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_device, call, error);
}

static gboolean
write_device (StoreTransaction *transaction, gpointer data, GError **error)
{
  AdminCall *call = data;
  const char *senders = admin_call_optional_text (call, "senders");
  const char *recipients = admin_call_optional_text (call, "recipients");

  return device_set (transaction, call->argument, senders ? senders : "",
                     recipients ? recipients : "", error);
}

/* {"senders": "scanner@example.org", "recipients": "example.org"}; both may be missing. */
gboolean
device_put (AdminCall *call, GError **error)
{
  call->ended_user = address_normalize (call->argument);
  return admin_call_write (call, write_device, call, error);
}

static gboolean
clear_device (StoreTransaction *transaction, gpointer data, GError **error)
{
  return device_clear (transaction, ((AdminCall *)data)->argument, error);
}

gboolean
device_delete (AdminCall *call, GError **error)
{
  return admin_call_write (call, clear_device, call, error);
}
