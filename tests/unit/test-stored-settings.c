/* Settings survive in the store; what an older or newer version left there harms nobody. */
#include "admin/stored-settings.h"
#include <glib/gstdio.h>
#include "store-fixture.h"

static gboolean
insert_strange (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);

  return database_run (database, error, "INSERT INTO setting VALUES ('future.key', '1')", "")
      && database_run (database, error, "INSERT INTO setting VALUES ('smtp.max-hops', 'many')", "");
}

static void
test_change (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL, refused = NULL;

  stored_settings_change (self->store, SETTING_SMTP_MAX_HOPS, "20", &error);
  g_assert_no_error (error);
  g_assert_cmpint (setting_number (SETTING_SMTP_MAX_HOPS), ==, 20);
  g_assert_false (stored_settings_change (self->store, SETTING_SMTP_MAX_HOPS, "1", &refused));
  g_assert_nonnull (refused);
  g_assert_cmpint (setting_number (SETTING_SMTP_MAX_HOPS), ==, 20);

  fixture_reopen (self);
  g_assert_true (setting_set (SETTING_SMTP_MAX_HOPS, "50", NULL));
  g_assert_true (stored_settings_load (self->store, NULL));
  g_assert_cmpint (setting_number (SETTING_SMTP_MAX_HOPS), ==, 20);

  stored_settings_change (self->store, SETTING_SMTP_MAX_HOPS, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (setting_number (SETTING_SMTP_MAX_HOPS), ==, 50);
  g_assert_true (stored_settings_load (self->store, NULL));
  g_assert_cmpint (setting_number (SETTING_SMTP_MAX_HOPS), ==, 50);
}

static void
test_strange (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (store_write_sync (self->store, insert_strange, NULL, NULL));
  stored_settings_load (self->store, &error);
  g_assert_no_error (error);
  g_assert_cmpint (setting_number (SETTING_SMTP_MAX_HOPS), ==, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/stored-settings/change", Fixture, NULL, fixture_set_up, test_change,
              fixture_tear_down);
  g_test_add ("/stored-settings/strange", Fixture, NULL, fixture_set_up, test_strange,
              fixture_tear_down);
  return g_test_run ();
}
