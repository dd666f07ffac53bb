/* Who calls the admin API: the role that counts is today's, and what it lets one see. */
#include "admin-fixture.h"
#include "admin/caller.h"

static gboolean
appoint (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const domains[] = { "office.example", NULL };

  return account_add (transaction, "dora@office.example", NULL, NULL, 0, FALSE, error)
      && account_add (transaction, "look@office.example", NULL, NULL, 0, FALSE, error)
      && account_add (transaction, "away@office.example", NULL, NULL, 0, TRUE, error)
      && account_set_enabled (transaction, "away@office.example", FALSE, error)
      && administrator_set (transaction, "dora@office.example", ADMIN_DOMAINS, domains, error)
      && administrator_set (transaction, "look@office.example", ADMIN_LOOKS, NULL, error);
}

static gboolean
dismiss (StoreTransaction *transaction, gpointer data, GError **error)
{
  return administrator_remove (transaction, data, error);
}

static gboolean
read_role (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return caller_read_role (data, store_snapshot_database (snapshot), error);
}

static void
test_roles (Office *self, gconstpointer data)
{
  static const struct {
    const char *user;
    AdminRole role; /* ADMIN_NOTHING: refused */
    const char *domains; /* with blanks between */
  } rows[] = {
    { "admin@office.example", ADMIN_EVERYTHING, "" },
    { "dora@office.example", ADMIN_DOMAINS, "office.example" },
    { "look@office.example", ADMIN_LOOKS, "" },
    { "away@office.example", ADMIN_NOTHING, "" },
    { "anna@office.example", ADMIN_NOTHING, "" },
    { "nobody@office.example", ADMIN_NOTHING, "" },
  };

  g_assert_true (store_write_sync (self->store, appoint, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Caller) caller = caller_new_user (rows[i].user, "192.0.2.7");
    g_autoptr (GError) error = NULL;

    g_assert_cmpstr (caller->way, ==, "password");
    g_assert_cmpint (store_read_sync (self->store, read_role, caller, &error), ==,
                     rows[i].role != ADMIN_NOTHING);
    if (rows[i].role == ADMIN_NOTHING)
      g_assert_error (error, STORE_ERROR, STORE_ERROR_DENIED);
    else
      g_assert_no_error (error);
    g_autofree char *domains = g_strjoinv (" ", caller->domains);
    g_assert_cmpint (caller->role, ==, rows[i].role);
    g_assert_cmpstr (domains, ==, rows[i].domains);
  }
}

/* Who is dismissed administers nothing from then on; the token's holder is asked nothing. */
static void
test_today (Office *self, gconstpointer data)
{
  g_autoptr (Caller) dora = caller_new_user ("dora@office.example", "192.0.2.7");
  g_autoptr (Caller) token = caller_new_token ("127.0.0.1");
  g_autoptr (GError) error = NULL;

  g_assert_true (store_write_sync (self->store, appoint, NULL, NULL));
  g_assert_true (store_read_sync (self->store, read_role, dora, NULL));
  g_assert_true (store_write_sync (self->store, dismiss, dora->user, NULL));
  g_assert_false (store_read_sync (self->store, read_role, dora, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_DENIED);
  g_assert_true (store_read_sync (self->store, read_role, token, NULL));
  g_assert_cmpint (token->role, ==, ADMIN_EVERYTHING);
  g_assert_cmpstr (token->user, ==, CALLER_TOKEN);
}

static Caller *
make (AdminRole role, const char *domains)
{
  Caller *self = caller_new_user ("x@office.example", "192.0.2.7");

  self->role = role;
  g_strfreev (self->domains);
  self->domains = g_strsplit (domains, " ", -1);
  return self;
}

static void
test_sees (void)
{
  static const struct {
    AdminRole role;
    const char *name;
    gboolean sees;
  } rows[] = {
    { ADMIN_EVERYTHING, "other.example", TRUE },
    { ADMIN_LOOKS, "bert@other.example", TRUE },
    { ADMIN_DOMAINS, "office.example", TRUE },
    { ADMIN_DOMAINS, "Office.EXAMPLE", TRUE },
    { ADMIN_DOMAINS, "anna@OFFICE.example", TRUE },
    { ADMIN_DOMAINS, "xn--bcher-kva.example", TRUE },
    { ADMIN_DOMAINS, "bücher.example", TRUE },
    { ADMIN_DOMAINS, "anna@bücher.example", TRUE },
    { ADMIN_DOMAINS, "other.example", FALSE },
    { ADMIN_DOMAINS, "anna@other.example", FALSE },
    { ADMIN_DOMAINS, "sub.office.example", FALSE },
    { ADMIN_DOMAINS, "office.example.org", FALSE },
    { ADMIN_DOMAINS, "office.example@other.example", FALSE },
    { ADMIN_DOMAINS, "", FALSE },
    { ADMIN_DOMAINS, "@", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Caller) caller = make (
        rows[i].role, rows[i].role == ADMIN_DOMAINS ? "office.example xn--bcher-kva.example" : "");
    g_test_message ("%d %s", rows[i].role, rows[i].name);
    g_assert_cmpint (caller_sees (caller, rows[i].name), ==, rows[i].sees);
  }
}

static void
test_same (void)
{
  static const struct {
    AdminRole role;
    const char *domains;
  } rows[] = {
    { ADMIN_EVERYTHING, "" },
    { ADMIN_LOOKS, "" },
    { ADMIN_DOMAINS, "a.example" },
    { ADMIN_DOMAINS, "a.example b.example" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Caller) one = make (rows[i].role, rows[i].domains);
    g_autoptr (Caller) copy = caller_copy (one);

    g_assert_true (caller_is_same (one, copy));
    g_assert_cmpstr (copy->user, ==, one->user);
    g_assert_cmpstr (copy->peer, ==, "192.0.2.7");
    for (guint k = 0; k < G_N_ELEMENTS (rows); k++) {
      g_autoptr (Caller) other = make (rows[k].role, rows[k].domains);
      g_assert_cmpint (caller_is_same (one, other), ==, i == k);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/caller/roles", Office, NULL, office_set_up, test_roles, office_tear_down);
  g_test_add ("/caller/today", Office, NULL, office_set_up, test_today, office_tear_down);
  g_test_add_func ("/caller/sees", test_sees);
  g_test_add_func ("/caller/same", test_same);
  return g_test_run ();
}
