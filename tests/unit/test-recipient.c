/* Tests of daemon/accounts/recipient.c. */
#include "accounts-fixture.h"
#include "settings.h"

static void
add (StoreTransaction *transaction, const char *address, const char *first, const char *second)
{
  const char *targets[] = { first, second, NULL };
  g_autoptr (GError) error = NULL;

  alias_add (transaction, address, targets, &error);
  g_assert_no_error (error);
}

static void
fill (StoreTransaction *transaction)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (domain_add (transaction, "example.org", &error));
  account_add (transaction, "full@example.com", NULL, NULL, 100, FALSE, &error);
  account_add (transaction, "off@example.com", NULL, NULL, 0, FALSE, &error);
  account_set_enabled (transaction, "off@example.com", FALSE, &error);
  g_assert_no_error (error);
  add (transaction, "loop-a@example.com", "loop-b@example.com", "anna@example.com");
  add (transaction, "loop-b@example.com", "loop-a@example.com", "anna@example.com");
  add (transaction, "self@example.com", "self@example.com", NULL);
  add (transaction, "mixed@example.com", "anna@example.com", "friend@elsewhere.example");
  add (transaction, "partly@example.com", "off@example.com", "bert@example.com");
  add (transaction, "offs@example.com", "off@example.com", NULL);
  add (transaction, "fulls@example.com", "full@example.com", "off@example.com");
  add (transaction, "dead@example.com", "gone@example.com", NULL);
  add (transaction, "abuse@example.org", "bert@example.com", NULL);
  for (guint i = 0; i < 12; i++) {
    g_autofree char *from = g_strdup_printf ("deep%u@example.com", i);
    g_autofree char *to = g_strdup_printf ("deep%u@example.com", i + 1);
    add (transaction, from, i == 11 ? "anna@example.com" : to, NULL);
  }
}

static gboolean
test_resolve (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *address;
    gint64 size;
    RecipientKind kind;
    guint mailboxes, remote;
  } rows[] = {
    { "anna@example.com", 0, RECIPIENT_LOCAL, 1, 0 },
    { "ANNA@Example.COM", 0, RECIPIENT_LOCAL, 1, 0 },
    { "\"anna\"@example.com", 0, RECIPIENT_LOCAL, 1, 0 },
    { "info@example.com", 0, RECIPIENT_LOCAL, 2, 0 },
    { "nobody@example.com", 0, RECIPIENT_UNKNOWN, 0, 0 },
    { "anna@elsewhere.example", 0, RECIPIENT_REMOTE, 0, 0 },
    { "loop-a@example.com", 0, RECIPIENT_LOCAL, 1, 0 },
    { "self@example.com", 0, RECIPIENT_UNKNOWN, 0, 0 },
    { "mixed@example.com", 0, RECIPIENT_LOCAL, 1, 1 },
    { "partly@example.com", 0, RECIPIENT_LOCAL, 1, 0 },
    { "off@example.com", 0, RECIPIENT_DISABLED, 0, 0 },
    { "offs@example.com", 0, RECIPIENT_DISABLED, 0, 0 },
    { "full@example.com", 100, RECIPIENT_LOCAL, 1, 0 },
    { "full@example.com", 101, RECIPIENT_OVER_QUOTA, 0, 0 },
    { "full@example.com", G_MAXINT64, RECIPIENT_OVER_QUOTA, 0, 0 },
    { "fulls@example.com", 101, RECIPIENT_OVER_QUOTA, 0, 0 },
    { "dead@example.com", 0, RECIPIENT_UNKNOWN, 0, 0 },
    { "deep2@example.com", 0, RECIPIENT_LOCAL, 1, 0 }, /* ten aliases, then anna */
    { "deep1@example.com", 0, RECIPIENT_UNKNOWN, 0, 0 },
    { "postmaster", 0, RECIPIENT_LOCAL, 1, 0 },
    { "Postmaster@example.com", 0, RECIPIENT_LOCAL, 1, 0 },
    { "abuse@example.com", 0, RECIPIENT_LOCAL, 1, 0 },
    { "abuse@example.org", 0, RECIPIENT_LOCAL, 1, 0 },
    { "postmaster@example.org", 0, RECIPIENT_LOCAL, 1, 0 },
    { "postmaster@elsewhere.example", 0, RECIPIENT_REMOTE, 0, 0 },
    { "postmasterx@example.com", 0, RECIPIENT_UNKNOWN, 0, 0 },
    { "", 0, RECIPIENT_UNKNOWN, 0, 0 },
  };

  fill (transaction);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Recipient) recipient = recipient_resolve (store_transaction_database (transaction),
                                                         rows[i].address, rows[i].size, 0, error);
    g_test_message ("%s", rows[i].address);
    g_assert_nonnull (recipient);
    g_assert_cmpint (recipient->kind, ==, rows[i].kind);
    g_assert_cmpuint (recipient->mailboxes->len, ==, rows[i].mailboxes);
    g_assert_cmpuint (recipient->remote->len, ==, rows[i].remote);
  }
  return TRUE;
}

/* An alias for a role wins over the administrators. */
static gboolean
test_roles (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *role, *user;
  } rows[] = { { "abuse@example.org", "bert@example.com" },
               { "abuse@example.com", "admin@example.com" },
               { "postmaster", "admin@example.com" } };
  Database *database = store_transaction_database (transaction);

  fill (transaction);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Recipient) role = recipient_resolve (database, rows[i].role, 0, 0, error);
    g_autoptr (Recipient) user = recipient_resolve (database, rows[i].user, 0, 0, error);
    g_assert_cmpint (g_array_index (role->mailboxes, gint64, 0), ==,
                     g_array_index (user->mailboxes, gint64, 0));
  }
  return TRUE;
}

static gboolean
test_may_send_as (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *address;
    gboolean may;
  } rows[] = {
    { "anna@example.com", TRUE },
    { "Anna@EXAMPLE.com", TRUE },
    { "bert@example.com", FALSE },
    { "info@example.com", FALSE }, /* bert's too */
    { "only@example.com", TRUE },
    { "chief@example.com", FALSE },
    { "", FALSE },
    { "x@elsewhere.example", FALSE },
    { "anna+x@example.com", TRUE },
    { "only+x@example.com", TRUE },
    { "bert+x@example.com", FALSE },
    { "anna+b@example.com", FALSE }, /* bert's alias of this very name */
    { "nobody@example.com", FALSE }, /* what comes by the catch-all */
  };
  Office *self = data;

  add (transaction, "only@example.com", "anna@example.com", NULL);
  add (transaction, "chief@example.com", "admin@example.com", NULL);
  add (transaction, "anna+b@example.com", "bert@example.com", NULL);
  g_assert_true (domain_set_catch_all (transaction, "example.com", "anna@example.com", error));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_test_message ("%s", rows[i].address);
    g_assert_cmpint (
        account_may_send_as (store_transaction_database (transaction), self->anna, rows[i].address),
        ==, rows[i].may);
  }
  return TRUE;
}

/* How many mailboxes each address leads to, with a detail and with a catch-all. */
static gboolean
test_unnamed (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *separator, *address;
    RecipientKind kind;
    guint mailboxes;
    const char *catch_all; /* of example.com */
  } rows[] = {
    { "+", "anna+shop@example.com", RECIPIENT_LOCAL, 1, NULL },
    { "+", "Anna+Shop+2@Example.com", RECIPIENT_LOCAL, 1, NULL },
    { "+", "info+x@example.com", RECIPIENT_LOCAL, 2, NULL }, /* an alias */
    { "+", "named+x@example.com", RECIPIENT_LOCAL, 2, NULL }, /* an alias with this very name */
    { "+", "named+y@example.com", RECIPIENT_UNKNOWN, 0, NULL },
    { "+", "nobody+x@example.com", RECIPIENT_UNKNOWN, 0, NULL },
    { "+", "+x@example.com", RECIPIENT_UNKNOWN, 0, NULL },
    { "+", "postmaster+x@example.com", RECIPIENT_UNKNOWN, 0, NULL },
    { "+", "anna-shop@example.com", RECIPIENT_UNKNOWN, 0, NULL },
    { "-", "anna-shop@example.com", RECIPIENT_LOCAL, 1, NULL },
    { "", "anna+shop@example.com", RECIPIENT_UNKNOWN, 0, NULL },
    { "+", "anna+x@elsewhere.example", RECIPIENT_REMOTE, 0, NULL },
    { "+", "nobody@example.com", RECIPIENT_LOCAL, 1, "anna@example.com" },
    { "+", "nobody+x@example.com", RECIPIENT_LOCAL, 1, "anna@example.com" },
    { "+", "nobody@example.com", RECIPIENT_LOCAL, 2, "info@example.com" },
    { "+", "bert@example.com", RECIPIENT_LOCAL, 1, "info@example.com" },
    { "+", "postmaster@example.com", RECIPIENT_LOCAL, 1, "info@example.com" },
    { "+", "nobody@example.org", RECIPIENT_UNKNOWN, 0, "anna@example.com" },
    { "+", "nobody@example.com", RECIPIENT_DISABLED, 0, "off@example.com" },
  };
  Database *database = store_transaction_database (transaction);

  fill (transaction);
  add (transaction, "named+x@example.com", "anna@example.com", "bert@example.com");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_assert_true (domain_set_catch_all (transaction, "Example.com", rows[i].catch_all, error));
    g_assert_true (setting_set (SETTING_DETAIL_SEPARATOR, rows[i].separator, NULL));
    g_autoptr (Recipient) recipient = recipient_resolve (database, rows[i].address, 0, 0, error);
    g_test_message ("%s", rows[i].address);
    g_assert_cmpint (recipient->kind, ==, rows[i].kind);
    g_assert_cmpuint (recipient->mailboxes->len, ==, rows[i].mailboxes);
  }
  /* A catch-all that leads to a name that is gone comes back to itself, once. */
  g_assert_true (domain_set_catch_all (transaction, "example.com", "dead@example.com", error));
  g_autoptr (Recipient) circle = recipient_resolve (database, "nobody@example.com", 0, 0, error);
  g_assert_cmpint (circle->kind, ==, RECIPIENT_UNKNOWN);
  g_assert_false (setting_check (SETTING_DETAIL_SEPARATOR, ".", NULL));
  g_assert_false (setting_check (SETTING_DETAIL_SEPARATOR, "@", NULL));
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/recipient/resolve", test_resolve);
  office_add_job ("/recipient/roles", test_roles);
  office_add_job ("/recipient/unnamed", test_unnamed);
  office_add_job ("/recipient/may-send-as", test_may_send_as);
  return g_test_run ();
}
