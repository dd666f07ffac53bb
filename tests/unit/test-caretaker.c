/* The disk's reserve: below it no mail is taken, deleting goes on. And checkpoints when asked. */
#include "store-fixture.h"
#include "metrics.h"
#include "settings.h"

static gint room = 1; /* MiB; atomic, as the caretaker's thread asks */
static gint blind;

static gboolean
tell_room (const char *path, guint64 *bytes, GError **error)
{
  *bytes = (guint64)g_atomic_int_get (&room) << 20;
  if (g_atomic_int_get (&blind))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot look");
  return !g_atomic_int_get (&blind);
}

static void
wait_for (Store *store, gboolean takes)
{
  gint64 until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  caretaker_wake (store->caretaker, FALSE);
  while (store_takes_mail (store) != takes) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (1000);
  }
}

static gboolean
insert (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "INSERT INTO setting VALUES (?1, 'x')", "t", (const char *)data);
}

static gboolean
fail_full (StoreTransaction *transaction, gpointer data, GError **error)
{
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FULL, "as if");
  return FALSE;
}

static void
test_reserve (Fixture *self, gconstpointer data)
{
  wait_for (self->store, FALSE);
  g_assert_cmpint (metric_get (METRIC_DISK_RESERVE_REACHED), ==, 1);
  g_assert_true (store_write_sync (self->store, insert, (gpointer) "a", NULL));
  g_atomic_int_set (&room, (gint)(setting_number (SETTING_DISK_RESERVE) >> 20));
  wait_for (self->store, TRUE);
  g_assert_cmpint (metric_get (METRIC_DISK_RESERVE_REACHED), ==, 0);
  /* A full disk is believed at once. */
  g_assert_false (store_write_sync (self->store, fail_full, NULL, NULL));
  g_assert_false (store_takes_mail (self->store));
  wait_for (self->store, TRUE);
  /* Not to know is no reason to change anything. */
  g_atomic_int_set (&blind, TRUE);
  caretaker_wake (self->store->caretaker, FALSE);
  g_usleep (50000);
  g_assert_true (store_takes_mail (self->store));
  g_atomic_int_set (&blind, FALSE);
}

/* Who was refused is soon back: nobody has to wake it. */
static void
test_room_again (Fixture *self, gconstpointer data)
{
  gint64 until = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;

  g_atomic_int_set (&room, (gint)(setting_number (SETTING_DISK_RESERVE) >> 20));
  wait_for (self->store, TRUE);
  g_assert_false (store_write_sync (self->store, fail_full, NULL, NULL));
  while (!store_takes_mail (self->store)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (10000);
  }
}

static void
test_checkpoint (Fixture *self, gconstpointer data)
{
  gint64 before = metric_get (METRIC_STORE_CHECKPOINTS);
  gint64 until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  g_assert_true (store_write_sync (self->store, insert, (gpointer) "b", NULL));
  caretaker_wake (self->store->caretaker, TRUE);
  while (metric_get (METRIC_STORE_CHECKPOINTS) == before) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (1000);
  }
  g_assert_true (store_write_sync (self->store, insert, (gpointer) "c", NULL));
}

int
main (int argc, char **argv)
{
  FileSystem system = *file_system_default ();

  g_test_init (&argc, &argv, NULL);
  system.free_space = tell_room;
  file_system_replace (&system);
  fixture_test ("/caretaker/reserve", test_reserve);
  fixture_test ("/caretaker/room-again", test_room_again);
  fixture_test ("/caretaker/checkpoint", test_checkpoint);
  return g_test_run ();
}
