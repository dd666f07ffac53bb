/* Tests of daemon/accounts/brake.c. */
#include "accounts/brake.h"
#include "accounts-fixture.h"
#include "accounts/rates.h"
#include "settings.h"

/* One mail to COUNT people NAME0@there.example …; the state of the brake after it. */
static BrakeState
send_mail (StoreTransaction *transaction, gint64 account, const char *name, guint count)
{
  g_autoptr (GPtrArray) outside = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  BrakeState state;

  for (guint i = 0; i < count; i++)
    g_ptr_array_add (outside, g_strdup_printf ("%s%u@there.example", name, i));
  brake_note_mail (transaction, account, count, outside, &state, &error);
  g_assert_no_error (error);
  return state;
}

/* As if that was AGO seconds ago, and the first mail as well. */
static void
age (StoreTransaction *transaction, gint64 ago)
{
  Database *database = store_transaction_database (transaction);

  g_assert_true (database_run (database, NULL, "UPDATE sent SET minute = minute - ?1", "i", ago));
  g_assert_true (database_run (
      database, NULL, "UPDATE sender SET since = since - ?1, tidied = tidied - ?1", "i", ago));
}

static void
assert_reason (StoreTransaction *transaction, const char *reason, gint64 count, gint64 usual)
{
  g_autoptr (Braked) braked
      = brake_find (store_transaction_database (transaction), "anna@example.com", NULL);

  g_assert_nonnull (braked);
  g_assert_cmpstr (brake_reason_name (braked->reason), ==, reason);
  g_assert_cmpint (braked->count, ==, count);
  g_assert_cmpint (braked->usual, ==, usual);
  g_assert_false (braked->told);
}

/* In the first days all recipients are new: only their number counts. */
static gboolean
use_first_days (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;

  g_assert_cmpint (send_mail (transaction, self->anna, "a", 150), ==, BRAKE_FREE);
  g_assert_cmpint (send_mail (transaction, self->anna, "b", 50), ==, BRAKE_FREE);
  g_assert_cmpint (send_mail (transaction, self->anna, "c", 1), ==, BRAKE_TRIPPED);
  assert_reason (transaction, "recipients", 201, 0);
  g_assert_cmpint (send_mail (transaction, self->anna, "c", 1), ==, BRAKE_HOLDS);
  g_assert_cmpint (send_mail (transaction, self->bert, "c", 1), ==, BRAKE_FREE);
  return TRUE;
}

static gboolean
use_new_recipients (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;

  send_mail (transaction, self->anna, "known", 100);
  age (transaction, 10 * 86400);
  g_assert_cmpint (send_mail (transaction, self->anna, "known", 100), ==, BRAKE_FREE);
  g_assert_cmpint (send_mail (transaction, self->anna, "new", 60), ==, BRAKE_FREE);
  age (transaction, 2 * 3600);
  /* Written in another way they are the same. */
  g_assert_cmpint (send_mail (transaction, self->anna, "KNOWN", 100), ==, BRAKE_FREE);
  g_assert_cmpint (send_mail (transaction, self->anna, "newer", 61), ==, BRAKE_FREE);
  return TRUE;
}

static gboolean
use_stranger (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;

  send_mail (transaction, self->anna, "known", 10);
  age (transaction, 10 * 86400);
  g_assert_cmpint (send_mail (transaction, self->anna, "new", 60), ==, BRAKE_FREE);
  g_assert_cmpint (send_mail (transaction, self->anna, "newer", 1), ==, BRAKE_TRIPPED);
  assert_reason (transaction, "new-recipients", 61, 10);
  return TRUE;
}

/* Who has sent much before, may: up to three times as much. */
static gboolean
use_pattern (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;

  send_mail (transaction, self->anna, "reader", 150);
  age (transaction, 10 * 86400);
  g_assert_cmpint (send_mail (transaction, self->anna, "reader", 150), ==, BRAKE_FREE);
  g_assert_cmpint (send_mail (transaction, self->anna, "reader", 150), ==, BRAKE_FREE);
  g_assert_cmpint (send_mail (transaction, self->anna, "reader", 150), ==, BRAKE_FREE);
  g_assert_cmpint (send_mail (transaction, self->anna, "reader", 1), ==, BRAKE_TRIPPED);
  assert_reason (transaction, "recipients", 451, 150);
  return TRUE;
}

/* What was released is usual from then on. */
static gboolean
use_release (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  g_autoptr (GError) again = NULL;
  RateRoom room;

  g_assert_cmpint (send_mail (transaction, self->anna, "a", 201), ==, BRAKE_TRIPPED);
  g_assert_true (brake_release (transaction, "anna@example.com", NULL));
  g_assert_false (brake_release (transaction, "anna@example.com", &again));
  g_assert_error (again, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (send_mail (transaction, self->anna, "a", 1), ==, BRAKE_FREE);
  g_assert_cmpint (send_mail (transaction, self->anna, "a", 201), ==, BRAKE_FREE);
  g_assert_cmpint (send_mail (transaction, self->anna, "a", 402), ==, BRAKE_TRIPPED);
  g_assert_true (brake_release (transaction, "anna@example.com", NULL));
  /* Rates count all of it. */
  g_assert_true (rate_room (store_transaction_database (transaction), self->anna,
                            store_transaction_now (transaction), &room, NULL));
  g_assert_cmpint (room.left, ==, 0);
  return TRUE;
}

static gboolean
use_bounces (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  BrakeState state;

  g_assert_true (brake_note_bounces (transaction, self->anna, 20, &state, NULL));
  g_assert_cmpint (state, ==, BRAKE_FREE);
  g_assert_true (brake_note_bounces (transaction, self->anna, 1, &state, NULL));
  g_assert_cmpint (state, ==, BRAKE_TRIPPED);
  assert_reason (transaction, "bounces", 21, 0);
  return TRUE;
}

static gboolean
use_off (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;

  g_assert_true (setting_set (SETTING_BRAKE, "off", NULL));
  g_assert_cmpint (send_mail (transaction, self->anna, "a", 1000), ==, BRAKE_FREE);
  g_assert_true (setting_set (SETTING_BRAKE, "hold", NULL));
  return TRUE;
}

static gboolean
use_lock (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) nobody = NULL;
  g_autoptr (Account) locked = NULL;
  g_autoptr (Account) open = NULL;
  const Braked *braked;

  g_assert_false (brake_lock (transaction, "nobody@example.com", &nobody));
  g_assert_error (nobody, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_true (brake_lock (transaction, "Anna@example.com", NULL));
  g_assert_true (brake_lock (transaction, "anna@example.com", NULL));
  list = brake_list (database, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  braked = list->pdata[0];
  g_assert_cmpstr (braked->address, ==, "anna@example.com");
  g_assert_true (braked->locked);
  g_assert_true (braked->told); /* by whoever did it */
  locked = account_find (database, "anna@example.com", NULL);
  g_assert_true (locked->locked && locked->enabled);
  g_assert_true (brake_release (transaction, "anna@example.com", NULL));
  open = account_find (database, "anna@example.com", NULL);
  g_assert_false (open->locked);
  return TRUE;
}

/* A user who is removed leaves nothing behind. */
static gboolean
use_removed (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  char address[] = "anna@example.com";
  g_autoptr (GPtrArray) list = NULL;
  BrakeState state;
  gboolean done;

  g_assert_cmpint (send_mail (transaction, self->anna, "a", 201), ==, BRAKE_TRIPPED);
  g_assert_true (account_remove (transaction, address, &done, NULL));
  g_assert_true (brake_note_bounces (transaction, self->anna, 100, &state, NULL));
  g_assert_cmpint (state, ==, BRAKE_FREE);
  list = brake_list (store_transaction_database (transaction), NULL);
  g_assert_cmpuint (list->len, ==, 0);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/brake/first-days", use_first_days);
  office_add_job ("/brake/new-recipients", use_new_recipients);
  office_add_job ("/brake/stranger", use_stranger);
  office_add_job ("/brake/pattern", use_pattern);
  office_add_job ("/brake/release", use_release);
  office_add_job ("/brake/bounces", use_bounces);
  office_add_job ("/brake/off", use_off);
  office_add_job ("/brake/lock", use_lock);
  office_add_job ("/brake/removed", use_removed);
  return g_test_run ();
}
