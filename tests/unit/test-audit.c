/* What differs between two states, and the rows of the audit log. */
#include "admin/audit.h"
#include "store-fixture.h"
#include <string.h>

static void
test_compare (void)
{
  static const struct {
    const char *before, *after, *changes;
  } rows[] = {
    { "{\"a\":1}", "{\"a\":1}", "[]" },
    { "{\"a\":1,\"b\":[1]}", "{\"a\":2,\"b\":[1]}",
      "[{\"field\":\"a\",\"old\":1,\"new\":2,\"secret\":false}]" },
    { NULL, "{\"a\":\"x\"}", "[{\"field\":\"a\",\"old\":null,\"new\":\"x\",\"secret\":false}]" },
    { "{\"a\":\"x\"}", NULL, "[{\"field\":\"a\",\"old\":\"x\",\"new\":null,\"secret\":false}]" },
    { "{\"_hash\":\"x\"}", "{\"_hash\":\"y\"}", "[]" },
    { NULL, NULL, "[]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    json_t *before = rows[i].before ? json_loads (rows[i].before, 0, NULL) : NULL;
    json_t *after = rows[i].after ? json_loads (rows[i].after, 0, NULL) : NULL;
    json_t *changes = audit_compare (before, after);
    char *text = json_dumps (changes, JSON_COMPACT);

    g_assert_cmpstr (text, ==, rows[i].changes);
    free (text);
    json_decref (before);
    json_decref (after);
    json_decref (changes);
  }
}

static gboolean
write_three (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const users[] = { "anna", "bert", "anna" };
  static const char *const paths[] = { "/v1/users/x", "/v1/Users/y", "/v1/aliases/z" };

  for (guint i = 0; i < 3; i++) {
    const AuditEntry entry = { .user = users[i],
                               .way = "token",
                               .address = "192.0.2.1",
                               .method = "PUT",
                               .path = paths[i],
                               .changes = "[]" };
    if (!audit_write (transaction, &entry, error))
      return FALSE;
  }
  return TRUE;
}

static void
add_path (const AuditEntry *entry, gpointer data)
{
  g_string_append_printf (data, "%s ", strrchr (entry->path, '/') + 1);
}

typedef struct {
  AuditQuery query;
  const char *wanted;
} Row;

static gboolean
read_row (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  const Row *row = data;
  g_autoptr (GString) text = g_string_new (NULL);
  const gboolean done
      = audit_read (store_snapshot_database (snapshot), &row->query, add_path, text, error);

  g_assert_cmpstr (text->str, ==, row->wanted);
  return done;
}

static gboolean
tidy (StoreTransaction *transaction, gpointer data, GError **error)
{
  return audit_tidy (transaction, GPOINTER_TO_INT (data), error);
}

static void
test_rows (Fixture *self, gconstpointer data)
{
  Row rows[] = {
    { { .limit = 10 }, "z y x " },
    { { .limit = 2 }, "z y " },
    { { .limit = 10, .before = 2 }, "x " },
    { { .limit = 10, .user = "anna" }, "z x " },
    { { .limit = 10, .about = "USERS" }, "y x " },
    { { .limit = 10, .until = 1000 }, "" },
    { { .limit = 10, .since = 1000 }, "z y x " },
  };

  g_assert_true (store_write_sync (self->store, write_three, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_true (store_read_sync (self->store, read_row, &rows[i], NULL));
  g_assert_true (store_write_sync (self->store, tidy, GINT_TO_POINTER (0), NULL));
  g_assert_true (store_write_sync (self->store, tidy, GINT_TO_POINTER (1000), NULL));
  g_assert_true (store_read_sync (self->store, read_row, &rows[0], NULL));
  g_assert_true (store_write_sync (self->store, tidy, GINT_TO_POINTER (-10), NULL));
  rows[0].wanted = "";
  g_assert_true (store_read_sync (self->store, read_row, &rows[0], NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audit/compare", test_compare);
  fixture_test ("/audit/rows", test_rows);
  return g_test_run ();
}
