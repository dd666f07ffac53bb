#include "tests/unit/accounts-fixture.h"
#include "accounts/group.h"
#include "accounts/role.h"

#define ALL "all@example.com"
#define SALES "sales@example.com"

static void
add (StoreTransaction *transaction, const char *address, GroupSenders senders, gboolean send_as,
     const char *first, const char *second)
{
  const char *members[] = { first, second, NULL };
  g_autoptr (GError) error = NULL;

  group_add (transaction, address, senders, send_as, members, &error);
  g_assert_no_error (error);
}

static gboolean
test_life (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (GError) failure = NULL;

  add (transaction, "Sales@Example.com", GROUP_MEMBERS, FALSE, "bert@example.com",
       "Anna@example.com");
  g_autoptr (Group) group = group_find (database, SALES, error);
  g_assert_cmpstr (group->address, ==, SALES);
  g_assert_cmpint (group->senders, ==, GROUP_MEMBERS);
  g_assert_cmpuint (group->members->len, ==, 2);
  g_assert_cmpstr (group->members->pdata[0], ==, "anna@example.com");
  g_assert_true (group_dismiss (transaction, SALES, "ANNA@example.com", error));
  g_assert_false (group_dismiss (transaction, SALES, "anna@example.com", &failure));
  g_assert_error (failure, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_true (group_admit (transaction, SALES, "info@example.com", error));
  g_assert_true (group_set (transaction, SALES, GROUP_LOCAL, TRUE, error));
  g_autoptr (Group) changed = group_find (database, SALES, error);
  g_assert_cmpint (changed->senders, ==, GROUP_LOCAL);
  g_assert_true (changed->send_as);
  g_assert_cmpstr (changed->members->pdata[1], ==, "info@example.com");

  /* It is no alias, and its name is taken. */
  g_autoptr (GPtrArray) aliases = alias_list (database, error);
  g_assert_cmpuint (aliases->len, ==, 1);
  g_clear_error (&failure);
  g_assert_false (alias_remove (transaction, SALES, &failure));
  g_assert_error (failure, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_clear_error (&failure);
  g_assert_cmpint (account_add (transaction, SALES, NULL, NULL, 0, FALSE, &failure), ==, 0);
  g_assert_error (failure, STORE_ERROR, STORE_ERROR_EXISTS);

  /* An alias that goes is no member any more. */
  g_assert_true (alias_remove (transaction, "info@example.com", error));
  g_autoptr (Group) smaller = group_find (database, SALES, error);
  g_assert_cmpuint (smaller->members->len, ==, 1);
  add (transaction, ALL, GROUP_ANYONE, FALSE, SALES, "anna@example.com");
  g_assert_true (group_remove (transaction, SALES, error));
  g_autoptr (GPtrArray) left = group_list (database, error);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpuint (((Group *)left->pdata[0])->members->len, ==, 1);
  return TRUE;
}

static gboolean
test_refused (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *address, *member;
    int code;
  } rows[] = {
    { ALL, "nobody@example.com", STORE_ERROR_NOT_FOUND },
    { ALL, "friend@elsewhere.example", STORE_ERROR_NOT_FOUND },
    { ALL, "no address", STORE_ERROR_INVALID },
    { ALL, ALL, STORE_ERROR_INVALID },
    { "anna@example.com", "bert@example.com", STORE_ERROR_EXISTS },
    { "info@example.com", "bert@example.com", STORE_ERROR_EXISTS },
    { "all@elsewhere.example", "bert@example.com", STORE_ERROR_NOT_FOUND },
    { "no address", "bert@example.com", STORE_ERROR_INVALID },
    { ALL, NULL, STORE_ERROR_INVALID },
  };
  GroupSenders senders;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    const char *members[] = { rows[i].member, NULL };
    g_autoptr (GError) failure = NULL;
    g_assert_true (
        database_execute (store_transaction_database (transaction), "SAVEPOINT one", error));
    g_test_message ("%s %s", rows[i].address, rows[i].member);
    g_assert_false (
        group_add (transaction, rows[i].address, GROUP_ANYONE, FALSE, members, &failure));
    g_assert_error (failure, STORE_ERROR, rows[i].code);
    g_assert_true (database_execute (store_transaction_database (transaction),
                                     "ROLLBACK TO one; RELEASE one", error));
  }
  add (transaction, ALL, GROUP_ANYONE, FALSE, "anna@example.com", NULL);
  g_autoptr (GError) last = NULL, domain = NULL;
  g_assert_false (group_dismiss (transaction, ALL, "anna@example.com", &last));
  g_assert_error (last, STORE_ERROR, STORE_ERROR_INVALID);
  g_assert_true (group_senders_parse ("members", &senders) && senders == GROUP_MEMBERS);
  g_assert_false (group_senders_parse ("Members", &senders));
  return TRUE;
}

static gboolean
resolve (StoreTransaction *transaction, const char *address, gint64 sender, RecipientKind kind,
         guint mailboxes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Recipient) recipient
      = recipient_resolve (store_transaction_database (transaction), address, 0, sender, &error);

  g_assert_no_error (error);
  g_test_message ("%s %d %u", address, recipient->kind, recipient->mailboxes->len);
  return recipient->kind == kind && recipient->mailboxes->len == mailboxes;
}

/* Nested groups with a circle come to each once; the outermost group says who may write. */
static gboolean
test_senders (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  const char *team[] = { "team@example.com", NULL };

  add (transaction, SALES, GROUP_MEMBERS, FALSE, "anna@example.com", "info@example.com");
  add (transaction, ALL, GROUP_LOCAL, FALSE, SALES, "admin@example.com");
  add (transaction, "team@example.com", GROUP_ANYONE, FALSE, ALL, "bert@example.com");
  g_assert_true (group_admit (transaction, ALL, "team@example.com", error));
  g_assert_true (
      alias_add (transaction, "verkauf@example.com", (const char *[]) { SALES, NULL }, error));
  g_assert_true (alias_add (transaction, "everybody@example.com", team, error));

  g_assert_true (resolve (transaction, ALL, 0, RECIPIENT_CLOSED, 0));
  g_assert_true (resolve (transaction, ALL, self->anna, RECIPIENT_LOCAL, 3));
  g_assert_true (resolve (transaction, SALES, self->anna, RECIPIENT_LOCAL, 2));
  g_assert_true (resolve (transaction, SALES, self->bert, RECIPIENT_LOCAL, 2)); /* by info@ */
  g_assert_true (resolve (transaction, SALES, self->admin, RECIPIENT_CLOSED, 0));
  g_assert_true (resolve (transaction, "verkauf@example.com", self->admin, RECIPIENT_CLOSED, 0));
  g_assert_true (resolve (transaction, "sales+x@example.com", 0, RECIPIENT_CLOSED, 0));
  g_assert_true (resolve (transaction, "team@example.com", 0, RECIPIENT_LOCAL, 3));
  g_assert_true (resolve (transaction, "everybody@example.com", 0, RECIPIENT_LOCAL, 3));
  return TRUE;
}

static gboolean
test_send_as (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);

  g_assert_cmpint (role_add (transaction, "desk@example.com", NULL, 0, error), !=, 0);
  g_assert_true (role_admit (transaction, "desk@example.com", "bert@example.com", FALSE, error));
  add (transaction, SALES, GROUP_ANYONE, TRUE, "anna@example.com", "desk@example.com");
  add (transaction, ALL, GROUP_ANYONE, FALSE, "anna@example.com", NULL);
  g_assert_true (account_may_send_as (database, self->anna, SALES));
  g_assert_true (account_may_send_as (database, self->anna, "sales+x@example.com"));
  g_assert_true (account_may_send_as (database, self->bert, SALES));
  g_assert_false (account_may_send_as (database, self->admin, SALES));
  g_assert_false (account_may_send_as (database, self->anna, ALL)); /* though its only member */
  return TRUE;
}

/* Users who go leave their groups; a group of nobody takes no mail, and gives none to others. */
static gboolean
test_empty (StoreTransaction *transaction, gpointer data, GError **error)
{
  gboolean done;

  add (transaction, SALES, GROUP_ANYONE, FALSE, "bert@example.com", NULL);
  g_assert_true (domain_set_catch_all (transaction, "example.com", "anna@example.com", error));
  g_assert_true (account_remove (transaction, (gpointer) "bert@example.com", &done, error));
  g_assert_true (resolve (transaction, SALES, 0, RECIPIENT_UNKNOWN, 0));
  g_assert_true (resolve (transaction, "nobody@example.com", 0, RECIPIENT_LOCAL, 1));
  g_assert_true (group_admit (transaction, SALES, "anna@example.com", error));
  g_assert_true (resolve (transaction, SALES, 0, RECIPIENT_LOCAL, 1));
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/group/life", test_life);
  office_add_job ("/group/refused", test_refused);
  office_add_job ("/group/senders", test_senders);
  office_add_job ("/group/send-as", test_send_as);
  office_add_job ("/group/empty", test_empty);
  return g_test_run ();
}
