/* What a user changes by himself. */
#include "accounts/self-service.h"
#include "accounts-fixture.h"

static void
test_password (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (self_service_change_password (self->store, "anna@example.com", "short", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (
      self_service_change_password (self->store, "nobody@example.com", "long enough", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (
      self_service_change_password (self->store, "anna@example.com", "a new one", &error));
  g_assert_no_error (error);
}

static void
test_devices (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *password
      = self_service_add_device (self->store, "anna@example.com", "phone", &error);

  g_assert_no_error (error);
  g_assert_true (app_password_has_form (password));
  g_assert_null (self_service_add_device (self->store, "anna@example.com", "phone", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (
      self_service_change_password (self->store, "anna@example.com", "long enough", NULL));
  g_autoptr (GPtrArray) devices = self_service_devices (self->store, "anna@example.com", &error);
  g_assert_cmpuint (devices->len, ==, 1); /* the password's own keys are none */
  g_assert_cmpstr (((Credential *)devices->pdata[0])->name, ==, "phone");
  g_assert_true (self_service_remove_device (self->store, "anna@example.com", "phone", &error));
  g_assert_false (self_service_remove_device (self->store, "anna@example.com", "phone", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (self_service_remove_device (self->store, "anna@example.com", "", &error));
}

static gboolean
disable (StoreTransaction *transaction, gpointer data, GError **error)
{
  return account_set_enabled (transaction, "anna@example.com", FALSE, error);
}

static void
test_disabled (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Account) account = self_service_account (self->store, "anna@example.com", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (account->display_name, ==, "Anna");
  g_assert_true (store_write_sync (self->store, disable, NULL, NULL));
  g_assert_null (self_service_account (self->store, "anna@example.com", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_null (self_service_devices (self->store, "anna@example.com", NULL));
  g_assert_null (self_service_add_device (self->store, "anna@example.com", "phone", NULL));
  g_assert_false (
      self_service_change_password (self->store, "anna@example.com", "long enough", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/self-service/password", Office, NULL, office_set_up, test_password,
              office_tear_down);
  g_test_add ("/self-service/devices", Office, NULL, office_set_up, test_devices, office_tear_down);
  g_test_add ("/self-service/disabled", Office, NULL, office_set_up, test_disabled,
              office_tear_down);
  return g_test_run ();
}
