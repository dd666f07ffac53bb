/* Every resource with every role: who may is what the rule of its line says, for what is the
 * caller's own and for what is others'. */
#include "admin/resources.h"
#include "queue/queue.h"
#include "admin-fixture.h"
#include <string.h>

typedef struct {
  char *folder;
  Store *store;
  gint64 own, others; /* mails in the queue */
} Place;

static gint64
add_mail (StoreTransaction *transaction, const char *sender)
{
  const QueueRow row = { .sender = sender, .recipient = "x@elsewhere.example" };

  g_assert_true (queue_add (transaction, &row, NULL));
  return database_last_id (store_transaction_database (transaction));
}

static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const own[] = { "own.example", NULL },
                           *const both[] = { "own.example", "other.example", NULL };
  Place *self = data;

  self->own = add_mail (transaction, "anna@own.example");
  self->others = add_mail (transaction, "bert@other.example");
  return domain_add (transaction, "own.example", error)
      && domain_add (transaction, "other.example", error)
      && account_add (transaction, "anna@own.example", NULL, NULL, 0, FALSE, error)
      && account_add (transaction, "dora@own.example", NULL, NULL, 0, FALSE, error)
      && account_add (transaction, "more@own.example", NULL, NULL, 0, FALSE, error)
      && account_add (transaction, "root@own.example", NULL, NULL, 0, TRUE, error)
      && account_add (transaction, "look@own.example", NULL, NULL, 0, FALSE, error)
      && administrator_set (transaction, "dora@own.example", ADMIN_DOMAINS, own, error)
      && administrator_set (transaction, "more@own.example", ADMIN_DOMAINS, both, error)
      && administrator_set (transaction, "look@own.example", ADMIN_LOOKS, NULL, error);
}

static void
set_up (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("rules-XXXXXX", NULL);
  const StoreOptions options = { .folder = self->folder };
  self->store = store_open (&options, &error);
  g_assert_no_error (error);
  store_write_sync (self->store, fill, self, &error);
  g_assert_no_error (error);
}

static void
tear_down (Place *self, gconstpointer data)
{
  store_close (self->store);
  remove_tree (self->folder);
  g_free (self->folder);
}

typedef struct {
  AdminCall call;
  Caller *caller;
  gboolean admitted;
} Question;

static gboolean
ask (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Question *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (GError) problem = NULL;

  g_assert_true (caller_read_role (self->caller, database, NULL));
  self->admitted = resource_admits (&self->call, database, &problem);
  if (!self->admitted)
    g_assert_error (problem, STORE_ERROR, STORE_ERROR_DENIED);
  return TRUE;
}

static gboolean
is_admitted (Place *self, const char *user, const Resource *resource, const char *argument)
{
  Caller *caller = user ? caller_new_user (user, "192.0.2.1") : caller_new_token ("127.0.0.1");
  Question question = { .caller = caller };

  question.call = (AdminCall) { .resource = resource, .caller = caller, .argument = argument };
  g_assert_true (store_read_sync (self->store, ask, &question, NULL));
  caller_free (caller);
  return question.admitted;
}

/* What stands for '*', of the caller's domain or of another one. */
static char *
argument_for (const Place *self, const Resource *resource, gboolean own)
{
  switch (resource->who) {
  case WHO_DOMAIN:
    return g_strdup (own ? "Own.Example" : "other.example");
  case WHO_QUEUED:
    return g_strdup_printf ("%d", (int)(own ? self->own : self->others));
  default:
    return g_strdup (own ? "anna@OWN.example" : "bert@other.example");
  }
}

static gboolean
domains_expects (const Resource *resource, gboolean own)
{
  static const gboolean always[] = { [WHO_LIST] = TRUE, [WHO_ANYBODY] = TRUE };

  if (resource->who == WHO_SERVER)
    return FALSE;
  return own || always[resource->who];
}

static void
test_all (Place *self, gconstpointer data)
{
  guint count;
  const Resource *table = resource_table (&count);

  for (guint i = 0; i < count; i++)
    for (guint own = 0; own < 2; own++) {
      const Resource *resource = &table[i];
      g_autofree char *argument = argument_for (self, resource, own == 1);

      g_test_message ("%s %s %s", resource->method, resource->path, argument);
      g_assert_cmpint (resource->who, !=, WHO_NOBODY); /* a line without a rule */
      g_assert_true (is_admitted (self, NULL, resource, argument));
      g_assert_true (is_admitted (self, "root@own.example", resource, argument));
      g_assert_cmpint (is_admitted (self, "look@own.example", resource, argument), ==,
                       !resource_changes (resource));
      g_assert_cmpint (is_admitted (self, "dora@own.example", resource, argument), ==,
                       resource->who == WHO_ANYBODY || resource->who == WHO_LIST
                           || domains_expects (resource, own == 1));
    }
}

/* What changes something tells others, and the audit log has words for it. */
static void
test_whole (void)
{
  guint count;
  const Resource *table = resource_table (&count);

  for (guint i = 0; i < count; i++) {
    g_test_message ("%s %s", table[i].method, table[i].path);
    g_assert_nonnull (table[i].run);
    g_assert_nonnull (table[i].command);
    g_assert_cmpint (resource_changes (&table[i]), ==, table[i].event != NULL);
    g_assert_cmpint (resource_changes (&table[i]), ==, table[i].said != NULL);
  }
}

/* By the password of whoever is more, one would be more. */
static void
test_more (Place *self, gconstpointer data)
{
  static const struct {
    const char *user;
    gboolean admitted;
  } rows[] = { { "anna@own.example", TRUE },  { "dora@own.example", TRUE },
               { "root@own.example", FALSE }, { "look@own.example", FALSE },
               { "more@own.example", FALSE }, { "nobody@own.example", TRUE } };
  const char *argument;
  gboolean wrong;
  const Resource *change = resource_find ("PATCH", "/v1/users/anna@own.example", &argument, &wrong);
  const Resource *look = resource_find ("GET", "/v1/users/anna@own.example", &argument, &wrong);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_test_message ("%s", rows[i].user);
    g_assert_cmpint (is_admitted (self, "dora@own.example", change, rows[i].user), ==,
                     rows[i].admitted);
    g_assert_true (is_admitted (self, "dora@own.example", look, rows[i].user));
  }
}

static void
test_all_of_the_queue (Place *self, gconstpointer data)
{
  const char *argument;
  gboolean wrong;
  const Resource *act = resource_find ("POST", "/v1/queue/all", &argument, &wrong);

  g_assert_false (is_admitted (self, "dora@own.example", act, "all"));
  g_assert_true (is_admitted (self, "root@own.example", act, "all"));
  g_assert_true (is_admitted (self, "dora@own.example", act, "99999")); /* that is not there */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/resource-rules/every-resource-and-role", Place, NULL, set_up, test_all, tear_down);
  g_test_add ("/resource-rules/more-than-oneself", Place, NULL, set_up, test_more, tear_down);
  g_test_add ("/resource-rules/queue-all", Place, NULL, set_up, test_all_of_the_queue, tear_down);
  g_test_add_func ("/resource-rules/whole", test_whole);
  return g_test_run ();
}
