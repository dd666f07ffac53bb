/* What the administration keeps as JSON: written, replaced, forgotten, and damage survived. */
#include "admin-fixture.h"
#include "admin/documents.h"

static void
keep (Store *store, const char *name, const char *text)
{
  json_t *value = text ? json_loads (text, JSON_DECODE_ANY, NULL) : NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true ((text == NULL) == (value == NULL));
  document_keep (store, name, value, &error);
  g_assert_no_error (error);
  json_decref (value);
}

/* NULL: there is none. */
static void
must_hold (Store *store, const char *name, const char *text)
{
  json_t *found = document_load (store, name);
  char *said = found ? json_dumps (found, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

  g_assert_cmpstr (said, ==, text);
  free (said);
  json_decref (found);
}

static void
test_life (Office *self, gconstpointer data)
{
  must_hold (self->store, "one", NULL);
  keep (self->store, "one", "{\"b\":[1,null],\"a\":\"ä\"}");
  keep (self->store, "two", "{}");
  must_hold (self->store, "one", "{\"a\":\"ä\",\"b\":[1,null]}");
  keep (self->store, "one", "{\"c\":true}");
  must_hold (self->store, "one", "{\"c\":true}");
  must_hold (self->store, "two", "{}");
  keep (self->store, "one", NULL);
  keep (self->store, "one", NULL); /* twice is no error */
  must_hold (self->store, "one", NULL);
  must_hold (self->store, "two", "{}");
  must_hold (self->store, "ONE", NULL); /* names are names */
}

static gboolean
damage (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE document SET value = ?1", "t", "{\"half");
}

/* What cannot be read is none, and can be written anew. */
static void
test_damage (Office *self, gconstpointer data)
{
  keep (self->store, "one", "{\"a\":1}");
  g_assert_true (store_write_sync (self->store, damage, NULL, NULL));
  must_hold (self->store, "one", NULL);
  keep (self->store, "one", "{\"a\":2}");
  must_hold (self->store, "one", "{\"a\":2}");
}

static gboolean
write_and_fail (StoreTransaction *transaction, gpointer data, GError **error)
{
  json_t *value = json_pack ("{s:i}", "a", 2);
  const gboolean done = document_write (transaction, "one", value, error);
  json_t *seen = document_read (store_transaction_database (transaction), "one", error);

  g_assert_true (done && json_equal (seen, value)); /* in the job it is there */
  json_decref (seen);
  json_decref (value);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "something else fails");
  return FALSE;
}

static void
test_with_others (Office *self, gconstpointer data)
{
  keep (self->store, "one", "{\"a\":1}");
  g_assert_false (store_write_sync (self->store, write_and_fail, NULL, NULL));
  must_hold (self->store, "one", "{\"a\":1}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/documents/life", Office, NULL, office_set_up, test_life, office_tear_down);
  g_test_add ("/documents/damage", Office, NULL, office_set_up, test_damage, office_tear_down);
  g_test_add ("/documents/with-others", Office, NULL, office_set_up, test_with_others,
              office_tear_down);
  return g_test_run ();
}
