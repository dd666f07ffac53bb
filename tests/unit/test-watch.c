/* Watches: one hint after a commit that touched the mailbox, none after one that failed. */
#include "store-fixture.h"

static void
count (gpointer data)
{
  ++*(guint *)data;
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
touch (StoreTransaction *transaction, gpointer data, GError **error)
{
  store_transaction_touch (transaction, *(gint64 *)data);
  return TRUE;
}

static gboolean
touch_and_fail (StoreTransaction *transaction, gpointer data, GError **error)
{
  store_transaction_touch (transaction, *(gint64 *)data);
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID, "on purpose");
  return FALSE;
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL; /* some are to fail */

  store_write_finish (NULL, result, &error);
  *(gboolean *)data = TRUE;
}

/* The hints of a commit come before its answers. */
static void
write_job (Fixture *self, StoreWriteFunc func, gint64 mailbox)
{
  gboolean done = FALSE;

  store_write_async (self->store, func, &mailbox, NULL, NULL, did_write, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_hint (Fixture *self, gconstpointer data)
{
  guint fired = 0, other = 0;
  g_autoptr (Watch) watch = watch_new (self->store, self->inbox, count, &fired);
  g_autoptr (Watch) second = watch_new (self->store, self->inbox + 1, count, &other);

  g_assert_false (watch_rearm (watch));
  write_job (self, touch, self->inbox);
  g_assert_cmpuint (fired, ==, 1);
  write_job (self, touch, self->inbox);
  g_assert_cmpuint (fired, ==, 1); /* not again until it is rearmed */
  g_assert_true (watch_rearm (watch));
  g_assert_false (watch_rearm (watch));
  write_job (self, touch_and_fail, self->inbox);
  g_assert_cmpuint (fired, ==, 1);
  write_job (self, touch, self->inbox);
  g_assert_cmpuint (fired, ==, 2);
  g_assert_cmpuint (other, ==, 0);
}

static gboolean
touch_account (StoreTransaction *transaction, gpointer data, GError **error)
{
  store_transaction_touch_account (transaction, *(gint64 *)data, WATCH_NAMES);
  store_transaction_touch_account (transaction, *(gint64 *)data, WATCH_NOTES);
  return TRUE;
}

/* An account's number is no mailbox's; what was touched adds up. */
static void
test_account (Fixture *self, gconstpointer data)
{
  guint fired = 0, other = 0, all = 0;
  g_autoptr (Watch) account = watch_new_account (self->store, self->account, count, &fired);
  g_autoptr (Watch) mailbox = watch_new (self->store, self->account + 100, count, &other);
  g_autoptr (Watch) everybody = watch_new_account (self->store, WATCH_EVERYBODY, count, &all);

  write_job (self, touch_account, self->account);
  write_job (self, touch_account, self->account + 100);
  g_assert_cmpuint (fired, ==, 1);
  g_assert_cmpuint (other, ==, 0);
  g_assert_cmpuint (watch_rearm (account), ==, WATCH_NAMES | WATCH_NOTES);
  g_assert_cmpuint (watch_rearm (account), ==, 0);
  write_job (self, touch_account, WATCH_EVERYBODY);
  g_assert_cmpuint (fired, ==, 1);
  g_assert_cmpuint (all, ==, 1);
}

/* Freed after the hint was sent and before it came. */
static void
test_free (Fixture *self, gconstpointer data)
{
  guint fired = 0;
  gint64 mailbox = self->inbox;
  gint64 until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
  Watch *watch = watch_new (self->store, self->inbox, count, &fired);
  g_autoptr (Watch) stays = watch_new (self->store, self->inbox, count, &fired);

  store_write_sync (self->store, touch, &mailbox, NULL);
  watch_free (watch);
  while (fired == 0 && g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, FALSE);
  drain ();
  g_assert_cmpuint (fired, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/watch/hint", test_hint);
  fixture_test ("/watch/account", test_account);
  fixture_test ("/watch/free", test_free);
  return g_test_run ();
}
