/* Tests of daemon/accounts/device.c. */
#include "accounts/device.h"
#include "accounts-fixture.h"

static const struct {
  const char *recipients, *address;
  gboolean may;
} sends[] = {
  { "", "anna@example.com", TRUE },
  { "", "nobody@example.com", TRUE }, /* that is for others to say */
  { "", "x@elsewhere.example", FALSE },
  { "", "postmaster", TRUE },
  { "x@elsewhere.example", "X@Elsewhere.Example", TRUE },
  { "x@elsewhere.example", "y@elsewhere.example", FALSE },
  { "x@elsewhere.example", "anna@example.com", FALSE },
  { "example.com, elsewhere.example", "y@elsewhere.example", TRUE },
  { "example.com, elsewhere.example", "y@sub.elsewhere.example", FALSE },
  { "*", "anybody@anywhere.example", TRUE },
};

static gboolean
use_recipients (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);

  for (guint i = 0; i < G_N_ELEMENTS (sends); i++) {
    g_assert_true (device_set (transaction, "bert@example.com", "", sends[i].recipients, NULL));
    g_autoptr (Device) device = device_find (database, self->bert, NULL);
    g_test_message ("\"%s\" to %s", sends[i].recipients, sends[i].address);
    g_assert_cmpint (device_may_send_to (database, device, sends[i].address), ==, sends[i].may);
  }
  return TRUE;
}

static gboolean
use_senders (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);

  g_assert_true (device_set (transaction, "bert@example.com", "", "", NULL));
  g_assert_true (account_may_send_as (database, self->bert, "bert@example.com"));
  g_assert_false (account_may_send_as (database, self->bert, "scan@example.com"));
  g_assert_true (
      device_set (transaction, "bert@example.com", "Scan@example.com,fax@example.com", "", NULL));
  g_assert_true (account_may_send_as (database, self->bert, "scan@EXAMPLE.com"));
  g_assert_true (account_may_send_as (database, self->bert, "fax@example.com"));
  g_assert_false (account_may_send_as (database, self->bert, "bert@example.com"));
  g_assert_true (device_clear (transaction, "bert@example.com", NULL));
  g_assert_true (account_may_send_as (database, self->bert, "bert@example.com"));
  g_assert_false (account_may_send_as (database, self->bert, "fax@example.com"));
  return TRUE;
}

static gboolean
use_wrong (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *address, *senders, *recipients;
    int code;
  } rows[] = {
    { "nobody@example.com", "", "", STORE_ERROR_NOT_FOUND },
    { "bert@example.com", "x@elsewhere.example", "", STORE_ERROR_NOT_FOUND },
    { "bert@example.com", "example.com", "", STORE_ERROR_INVALID },
    { "bert@example.com", "*", "", STORE_ERROR_INVALID },
    { "bert@example.com", "", "not an address @", STORE_ERROR_INVALID },
    { "admin@example.com", "", "", STORE_ERROR_INVALID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) failure = NULL;
    g_test_message ("%s", rows[i].address);
    g_assert_false (
        device_set (transaction, rows[i].address, rows[i].senders, rows[i].recipients, &failure));
    g_assert_error (failure, STORE_ERROR, rows[i].code);
  }
  return TRUE;
}

static gboolean
use_person (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (Account) before = account_find (database, "bert@example.com", NULL);
  g_autoptr (Account) after = NULL;
  g_autoptr (GError) failure = NULL;

  g_assert_null (device_find (database, self->bert, &failure));
  g_assert_no_error (failure);
  g_assert_false (before->device);
  g_assert_true (device_set (transaction, "bert@example.com", "", "", NULL));
  after = account_find (database, "bert@example.com", NULL);
  g_assert_true (after->device);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/device/recipients", use_recipients);
  office_add_job ("/device/senders", use_senders);
  office_add_job ("/device/wrong", use_wrong);
  office_add_job ("/device/person", use_person);
  return g_test_run ();
}
