/* Tests of daemon/accounts/rates.c. */
#include "accounts/rates.h"
#include "accounts-fixture.h"
#include "settings.h"

static RateRoom
room_of (Database *database, gint64 account)
{
  RateRoom room;
  g_autoptr (GError) error = NULL;

  rate_room (database, account, g_get_real_time () / G_USEC_PER_SEC, &room, &error);
  g_assert_no_error (error);
  return room;
}

static void
assert_room (Database *database, gint64 account, gint64 left, RateKind kind, gint64 most)
{
  const RateRoom room = room_of (database, account);

  g_assert_cmpint (room.left, ==, left);
  g_assert_cmpint (room.kind, ==, kind);
  g_assert_cmpint (room.most, ==, most);
}

/* So many recipients, AGO seconds ago. */
static void
count_ago (StoreTransaction *transaction, gint64 account, gint64 recipients, gint64 ago)
{
  g_assert_true (database_run (store_transaction_database (transaction), NULL,
                               "INSERT INTO sent (account, minute, recipients) VALUES (?1, ?2, ?3)",
                               "iii", account, store_transaction_now (transaction) - ago,
                               recipients));
}

static gboolean
use_user (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  const Rate few = { 10, 30 }, any = { RATE_ANY, RATE_ANY }, set = { RATE_AS_SET, RATE_AS_SET };

  assert_room (database, self->anna, 500, RATE_USER_HOUR, 500);
  g_assert_true (rate_set_user (transaction, "Anna@example.com", &few, NULL));
  assert_room (database, self->anna, 10, RATE_USER_HOUR, 10);
  count_ago (transaction, self->anna, 8, 2 * 3600); /* counts for the day alone */
  assert_room (database, self->anna, 10, RATE_USER_HOUR, 10);
  g_assert_true (rate_count (transaction, self->anna, 4, 0, 0, 0, NULL));
  g_assert_true (rate_count (transaction, self->anna, 3, 3, 3, 0, NULL));
  assert_room (database, self->anna, 3, RATE_USER_HOUR, 10);
  count_ago (transaction, self->anna, 14, 3 * 3600);
  assert_room (database, self->anna, 1, RATE_USER_DAY, 30);
  count_ago (transaction, self->anna, 100, 25 * 3600); /* too long ago */
  assert_room (database, self->anna, 1, RATE_USER_DAY, 30);
  g_assert_true (rate_count (transaction, self->anna, 5, 0, 0, 0, NULL));
  assert_room (database, self->anna, 0, RATE_USER_HOUR, 10);
  assert_room (database, self->bert, 500, RATE_USER_HOUR, 500); /* others are not concerned */
  g_assert_true (rate_set_user (transaction, "anna@example.com", &any, NULL));
  g_assert_cmpint (room_of (database, self->anna).kind, >=, RATE_DOMAIN_HOUR);
  g_assert_true (rate_set_user (transaction, "anna@example.com", &set, NULL));
  return TRUE;
}

static gboolean
use_domain (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  const Rate few = { 10, RATE_AS_SET };
  Rate rate;

  g_assert_true (rate_set_domain (transaction, "EXAMPLE.com", &few, NULL));
  g_assert_true (rate_count (transaction, self->anna, 4, 0, 0, 0, NULL));
  g_assert_true (rate_count (transaction, self->bert, 4, 0, 0, 0, NULL));
  assert_room (database, self->admin, 2, RATE_DOMAIN_HOUR, 10);
  g_assert_true (rate_of_domain (database, "example.com", &rate, NULL));
  g_assert_cmpint (rate.hour, ==, 10);
  g_assert_cmpint (rate.day, ==, RATE_AS_SET);
  g_assert_true (rate_of_user (database, "anna@example.com", &rate, NULL));
  g_assert_cmpint (rate.hour, ==, RATE_AS_SET);
  return TRUE;
}

static gboolean
use_wrong (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Rate few = { 10, 30 }, wrong = { -2, 30 };
  g_autoptr (GError) user = NULL, domain = NULL, number = NULL;

  g_assert_false (rate_set_user (transaction, "nobody@example.com", &few, &user));
  g_assert_error (user, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_false (rate_set_domain (transaction, "elsewhere.example", &few, &domain));
  g_assert_error (domain, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_false (rate_set_user (transaction, "anna@example.com", &wrong, &number));
  g_assert_error (number, STORE_ERROR, STORE_ERROR_INVALID);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/rates/user", use_user);
  office_add_job ("/rates/domain", use_domain);
  office_add_job ("/rates/wrong", use_wrong);
  return g_test_run ();
}
