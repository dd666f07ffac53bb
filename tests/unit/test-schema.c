/* Migrations: a new store, an older one with its copy kept, a newer one, somebody else's. */
#include "store/schema.h"
#include "store-fixture.h"

static const char *const steps[] = {
  "CREATE TABLE a (x); INSERT INTO a VALUES (1);",
  "ALTER TABLE a ADD COLUMN y; INSERT INTO a VALUES (2, 3);",
  "CREATE TABLE broken (x; ",
};
static const Schema one = { steps, 1 }, two = { steps, 2 }, three = { steps, 3 };

typedef struct {
  char *folder, *path, *copy;
  Database *database;
} Place;

static void
set_up (Place *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("schema-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "store.db", NULL);
  self->copy = g_build_filename (self->folder, "store.db.before-2", NULL);
  self->database = database_open (self->path, DATABASE_WRITE, NULL);
}

static void
tear_down (Place *self, gconstpointer data)
{
  database_close (self->database);
  remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->copy);
}

static gint64
rows (Database *database)
{
  Statement *row = database_query (database, NULL, "SELECT count(*) FROM a", "");

  g_assert_true (statement_next (row, NULL));
  gint64 count = statement_int (row, 0);
  statement_done (row);
  return count;
}

static void
test_migrate (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (schema_migrate (self->database, self->path, &one, &error));
  g_assert_false (file_exists (self->copy));
  g_assert_cmpint (rows (self->database), ==, 1);
  g_assert_true (schema_migrate (self->database, self->path, &two, &error));
  g_assert_cmpint (rows (self->database), ==, 2);
  g_autoptr (Database) copy = database_open (self->copy, DATABASE_READ, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rows (copy), ==, 1);
  g_assert_true (schema_migrate (self->database, self->path, &two, &error));
}

/* A migration that fails leaves the older version whole. */
static void
test_failing (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (schema_migrate (self->database, self->path, &one, &error));
  g_assert_false (schema_migrate (self->database, self->path, &three, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
  g_assert_cmpint (rows (self->database), ==, 1);
  g_clear_error (&error);
  g_assert_true (schema_migrate (self->database, self->path, &two, &error));
  g_assert_no_error (error);
}

/* A copy that cannot be trusted: nothing is changed. */
static void
test_bad_copy (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (schema_migrate (self->database, self->path, &one, &error));
  g_assert_true (g_file_set_contents (self->copy, "rubbish that was here before", -1, NULL));
  g_assert_false (schema_migrate (self->database, self->path, &two, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CORRUPT);
  g_assert_cmpint (rows (self->database), ==, 1);
}

static void
test_newer (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (schema_migrate (self->database, self->path, &two, &error));
  g_assert_false (schema_migrate (self->database, self->path, &one, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NEWER);
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_foreign (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  database_execute (self->database, "CREATE TABLE somebody (x)", NULL);
  g_assert_false (schema_migrate (self->database, self->path, &one, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_INVALID);
}

static void
test_current (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (schema_migrate (self->database, self->path, &schema_current, &error));
  g_assert_no_error (error);
}

/* From the first version on, with mail in it: nothing is lost, and the old mail has no thread. */
static void
test_objects (Place *self, gconstpointer data)
{
  const Schema first = { schema_current.migrations, 1 };
  g_autoptr (GError) error = NULL;
  Statement *row;

  g_assert_true (schema_migrate (self->database, self->path, &first, &error));
  g_assert_true (database_execute (self->database,
                                   "INSERT INTO message (segment, offset, length, size, digest)"
                                   " VALUES (1, 0, 10, 5, x'00')",
                                   &error));
  g_assert_true (schema_migrate (self->database, self->path, &schema_current, &error));
  g_assert_no_error (error);
  row = database_query (self->database, &error,
                        "SELECT size, thread IS NULL, (SELECT value FROM counter WHERE name ="
                        " 'object') BETWEEN 0 AND 4294967295 FROM message",
                        "");
  g_assert_true (statement_next (row, &error));
  g_assert_cmpint (statement_int (row, 0), ==, 5);
  g_assert_cmpint (statement_int (row, 1), ==, 1);
  g_assert_cmpint (statement_int (row, 2), ==, 1);
  statement_done (row);
}

/* Version 1 had no keys: its messages get them later. */
static void
test_keys (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const Schema first = { schema_current.migrations, 1 };

  g_assert_true (schema_migrate (self->database, self->path, &first, &error));
  g_assert_true (database_execute (
      self->database, "INSERT INTO message VALUES (7, 1, 0, 10, 5, x'00', NULL)", &error));
  g_assert_true (schema_migrate (self->database, self->path, &schema_current, &error));
  g_assert_no_error (error);
  g_assert_true (database_execute (self->database,
                                   "INSERT INTO message_keys VALUES (7, x'01');"
                                   "CREATE TABLE a (x); INSERT INTO a SELECT 1 FROM message_keys;"
                                   "DELETE FROM message;"
                                   "INSERT INTO a SELECT 1 FROM message_keys",
                                   &error));
  g_assert_no_error (error);
  g_assert_cmpint (rows (self->database), ==, 1);
}

/* The first version's store counts what is marked for deletion. */
static void
test_marked (Place *self, gconstpointer data)
{
  const Schema first = { schema_current.migrations, 1 };
  g_autoptr (GError) error = NULL;

  g_assert_true (schema_migrate (self->database, self->path, &first, &error));
  database_execute (self->database,
                    "INSERT INTO mailbox (id, account, name, uid_validity) VALUES (1, 1, 'a', 1);"
                    "INSERT INTO entry (mailbox, uid, message, flags, modseq, date, zone, size,"
                    " save_date, expunged) VALUES (1, 1, 1, 4, 2, 0, 0, 30, 0, 0),"
                    " (1, 2, 1, 8, 2, 0, 0, 40, 0, 0), (1, 3, 1, 4, 2, 0, 0, 50, 0, 9);",
                    &error);
  g_assert_no_error (error);
  g_assert_true (schema_migrate (self->database, self->path, &schema_current, &error));
  g_assert_no_error (error);
  Statement *row
      = database_query (self->database, NULL, "SELECT marked, marked_size FROM mailbox", "");
  g_assert_true (statement_next (row, NULL));
  g_assert_cmpint (statement_int (row, 0), ==, 1);
  g_assert_cmpint (statement_int (row, 1), ==, 30);
  statement_done (row);
}

/* Mailboxes that are called like the namespaces of shared ones make room, and keep what they are.
 */
static void
test_sharing (Place *self, gconstpointer data)
{
  const Schema first = { schema_current.migrations, 1 };
  g_autoptr (GError) error = NULL;
  Statement *row;

  g_assert_true (schema_migrate (self->database, self->path, &first, &error));
  database_execute (self->database,
                    "INSERT INTO mailbox (account, name, uid_validity) VALUES (1, 'Shared', 1),"
                    " (1, 'Shared/a', 2), (1, 'Shared things', 3), (1, 'Other Users', 4);"
                    "INSERT INTO subscription VALUES (1, 'Shared/a');",
                    &error);
  g_assert_no_error (error);
  g_assert_true (schema_migrate (self->database, self->path, &schema_current, &error));
  g_assert_no_error (error);
  row = database_query (self->database, &error,
                        "SELECT (SELECT group_concat (name, ',') FROM (SELECT name FROM mailbox"
                        " ORDER BY uid_validity)), (SELECT name FROM subscription)",
                        "");
  g_assert_true (statement_next (row, &error));
  g_assert_cmpstr (statement_text (row, 0), ==,
                   "My Shared,My Shared/a,Shared things,My Other Users");
  g_assert_cmpstr (statement_text (row, 1), ==, "My Shared/a");
  statement_done (row);
}

/* An older store has no app passwords, and gets a secret of its own. */
static void
test_credentials (Place *self, gconstpointer data)
{
  const Schema first = { schema_current.migrations, 1 };
  g_autoptr (GError) error = NULL;

  g_assert_true (schema_migrate (self->database, self->path, &first, &error));
  g_assert_true (schema_migrate (self->database, self->path, &schema_current, &error));
  g_assert_no_error (error);
  Statement *row = database_query (
      self->database, NULL,
      "SELECT length (value), (SELECT count (*) FROM credential) FROM secret WHERE name = 'scram'",
      "");
  g_assert_true (statement_next (row, NULL));
  g_assert_cmpint (statement_int (row, 0), ==, 32);
  g_assert_cmpint (statement_int (row, 1), ==, 0);
  statement_done (row);
}

/* Names that came from a client that decomposes are found under the names that others write. */
static void
test_composed (Place *self, gconstpointer data)
{
  const Schema first = { schema_current.migrations, 1 };
  g_autoptr (GError) error = NULL;
  Statement *row;

  g_assert_true (schema_migrate (self->database, self->path, &first, &error));
  database_execute (self->database,
                    "INSERT INTO mailbox (account, name, uid_validity) VALUES (1, 'u\xcc\x88', 1),"
                    " (2, 'u\xcc\x88', 2), (2, '\xc3\xbc', 3);"
                    "INSERT INTO subscription VALUES (1, 'u\xcc\x88');",
                    &error);
  g_assert_no_error (error);
  g_assert_true (schema_migrate (self->database, self->path, &schema_current, &error));
  g_assert_no_error (error);
  row = database_query (self->database, &error,
                        "SELECT (SELECT group_concat (name, ',') FROM (SELECT name FROM mailbox"
                        " ORDER BY uid_validity)), (SELECT name FROM subscription)",
                        "");
  g_assert_true (statement_next (row, &error));
  g_assert_cmpstr (statement_text (row, 0), ==, "\xc3\xbc,u\xcc\x88,\xc3\xbc");
  g_assert_cmpstr (statement_text (row, 1), ==, "\xc3\xbc");
  statement_done (row);
}

/* An older store's mailboxes and users can be annotated, and take the annotations along. */
static void
test_metadata (Place *self, gconstpointer data)
{
  const Schema first = { schema_current.migrations, 1 };
  g_autoptr (GError) error = NULL;

  g_assert_true (schema_migrate (self->database, self->path, &first, &error));
  database_execute (self->database,
                    "INSERT INTO account (id, address, domain) VALUES (1, 'a@b', 1), (2, 'c@b', 1);"
                    "INSERT INTO mailbox (id, account, name, uid_validity) VALUES (7, 1, 'A', 1);",
                    &error);
  g_assert_no_error (error);
  g_assert_true (schema_migrate (self->database, self->path, &schema_current, &error));
  g_assert_no_error (error);
  database_execute (
      self->database,
      "INSERT INTO metadata VALUES (7, 0, '/shared/a', 'x'), (7, 2, '/private/a', ''),"
      " (0, 2, '/private/a', 'y'), (0, 1, '/private/a', 'z');"
      "UPDATE mailbox SET name = NULL, deleted = 1 WHERE id = 7;"
      "DELETE FROM account WHERE id = 2;",
      &error);
  g_assert_no_error (error);
  Statement *row = database_query (
      self->database, NULL, "SELECT count (*), max (mailbox), max (account) FROM metadata", "");
  g_assert_true (statement_next (row, NULL));
  g_assert_cmpint (statement_int (row, 0), ==, 1);
  g_assert_cmpint (statement_int (row, 1), ==, 0);
  g_assert_cmpint (statement_int (row, 2), ==, 1);
  statement_done (row);
}

#define place_test(path, function) g_test_add (path, Place, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  place_test ("/schema/migrate", test_migrate);
  place_test ("/schema/credentials", test_credentials);
  place_test ("/schema/failing", test_failing);
  place_test ("/schema/bad-copy", test_bad_copy);
  place_test ("/schema/newer", test_newer);
  place_test ("/schema/foreign", test_foreign);
  place_test ("/schema/current", test_current);
  place_test ("/schema/objects", test_objects);
  place_test ("/schema/keys", test_keys);
  place_test ("/schema/marked", test_marked);
  place_test ("/schema/sharing", test_sharing);
  place_test ("/schema/composed", test_composed);
  place_test ("/schema/metadata", test_metadata);
  return g_test_run ();
}
