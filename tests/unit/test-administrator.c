/* Roles of administration and their domains, also in a store from before there were any. */
#include "accounts/administrator.h"
#include "accounts/domain.h"
#include "store/schema.h"
#include "store-fixture.h"

typedef struct {
  char *folder;
  Store *store;
} Place;

static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  return domain_add (transaction, "one.example", error)
      && domain_add (transaction, "two.example", error)
      && account_add (transaction, "anna@one.example", NULL, "Anna", 0, FALSE, error)
      && account_add (transaction, "root@one.example", NULL, NULL, 0, TRUE, error);
}

static void
set_up (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("administrator-XXXXXX", NULL);
  const StoreOptions options = { .folder = self->folder };
  self->store = store_open (&options, &error);
  g_assert_no_error (error);
  store_write_sync (self->store, fill, NULL, &error);
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
  const char *address;
  AdminRole role; /* ADMIN_NOTHING: remove */
  const char *domains[3];
  int code; /* -1: done */
} Step;

static gboolean
take_step (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Step *step = data;

  return step->role == ADMIN_NOTHING
      ? administrator_remove (transaction, step->address, error)
      : administrator_set (transaction, step->address, step->role, step->domains, error);
}

static gboolean
print (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) list = administrator_list (store_snapshot_database (snapshot), error);
  GString *text = data;

  for (guint i = 0; i < list->len; i++) {
    const Administrator *one = list->pdata[i];
    g_autofree char *domains = g_strjoinv (" ", one->domains);
    g_string_append_printf (text, "%s %s [%s]\n", one->address, admin_role_name (one->role),
                            domains);
  }
  return TRUE;
}

static void
assert_list (Place *self, const char *wanted)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_true (store_read_sync (self->store, print, text, NULL));
  g_assert_cmpstr (text->str, ==, wanted);
}

static void
test_set (Place *self, gconstpointer data)
{
  static const Step steps[] = {
    { "anna@one.example", ADMIN_DOMAINS, { "two.example", "ONE.example" }, -1 },
    { "anna@one.example", ADMIN_DOMAINS, { NULL }, STORE_ERROR_INVALID },
    { "anna@one.example", ADMIN_LOOKS, { "one.example" }, STORE_ERROR_INVALID },
    { "anna@one.example", ADMIN_DOMAINS, { "three.example" }, STORE_ERROR_NOT_FOUND },
    { "nobody@one.example", ADMIN_LOOKS, { NULL }, STORE_ERROR_NOT_FOUND },
    { "nobody@one.example", ADMIN_NOTHING, { NULL }, STORE_ERROR_NOT_FOUND },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GError) error = NULL;
    const gboolean done = store_write_sync (self->store, take_step, (gpointer)&steps[i], &error);

    g_test_message ("%u", i);
    if (steps[i].code < 0)
      g_assert_no_error (error);
    else
      g_assert_error (error, STORE_ERROR, steps[i].code);
    g_assert_cmpint (done, ==, steps[i].code < 0);
  }
  assert_list (self,
               "anna@one.example domain-administrator [one.example two.example]\n"
               "root@one.example administrator []\n");
}

static gboolean
remove_two (StoreTransaction *transaction, gpointer data, GError **error)
{
  return domain_remove (transaction, "two.example", error);
}

/* A domain that goes takes its administrators' right along; so does a user. */
static void
test_gone (Place *self, gconstpointer data)
{
  static const Step step = { "anna@one.example", ADMIN_DOMAINS, { "one.example", "two.example" } };
  static const Step end = { "anna@one.example", ADMIN_NOTHING, { NULL } };

  g_assert_true (store_write_sync (self->store, take_step, (gpointer)&step, NULL));
  g_assert_true (store_write_sync (self->store, remove_two, NULL, NULL));
  assert_list (self,
               "anna@one.example domain-administrator [one.example]\n"
               "root@one.example administrator []\n");
  g_assert_true (store_write_sync (self->store, take_step, (gpointer)&end, NULL));
  assert_list (self, "root@one.example administrator []\n");
  g_assert_false (store_write_sync (self->store, take_step, (gpointer)&end, NULL));
}

/* The administrators of an older store stay administrators of everything. */
static void
test_migrated (void)
{
  const Schema before = { schema_current.migrations, 14 };
  g_autofree char *folder = g_dir_make_tmp ("administrator-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Database) database = database_open (path, DATABASE_WRITE, &error);

  g_assert_true (schema_migrate (database, path, &before, &error));
  g_assert_true (
      database_execute (database,
                        "INSERT INTO domain VALUES (1, 'one.example', NULL, -1, -1);"
                        "INSERT INTO account (address, domain, display_name, administrator) VALUES"
                        " ('root@one.example', 1, '', 1), ('anna@one.example', 1, '', 0);",
                        &error));
  g_assert_no_error (error);
  g_assert_true (schema_migrate (database, path, &schema_current, &error));
  g_assert_no_error (error);
  g_autoptr (GPtrArray) list = administrator_list (database, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((Administrator *)list->pdata[0])->address, ==, "root@one.example");
  g_assert_cmpint (((Administrator *)list->pdata[0])->role, ==, ADMIN_EVERYTHING);
  g_clear_pointer (&database, database_close);
  remove_tree (folder);
}

static void
test_names (void)
{
  AdminRole role;

  for (guint i = ADMIN_EVERYTHING; i <= ADMIN_LOOKS; i++) {
    g_assert_true (admin_role_parse (admin_role_name ((AdminRole)i), &role));
    g_assert_cmpint (role, ==, i);
  }
  g_assert_false (admin_role_parse ("king", &role));
  g_assert_null (admin_role_name (ADMIN_NOTHING));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/administrator/set", Place, NULL, set_up, test_set, tear_down);
  g_test_add ("/administrator/gone", Place, NULL, set_up, test_gone, tear_down);
  g_test_add_func ("/administrator/migrated", test_migrated);
  g_test_add_func ("/administrator/names", test_names);
  return g_test_run ();
}
