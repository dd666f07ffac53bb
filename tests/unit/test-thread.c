/* Threads: found by references, each account by itself, in any order, freed with their messages. */
#include "store/thread.h"
#include "store/compact.h"
#include "mailbox-fixture.h"

/* Adds a message with these hashes (0 ends them); its id. */
static gint64
add (Fixture *self, gint64 mailbox, guint64 first, guint64 second)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PreparedMessage) message = prepare_text (self->store, "Subject: x\r\n\r\n");
  g_autoptr (GArray) hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
  Adding adding = { .mailbox = mailbox, .message = message };

  g_array_append_val (hashes, first);
  if (second)
    g_array_append_val (hashes, second);
  prepared_message_set_references (message, hashes);
  store_write_sync (self->store, add_message, &adding, &error);
  g_assert_no_error (error);
  return adding.id;
}

typedef struct {
  const char *sql;
  gint64 id, number;
} Question;

static gboolean
ask (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Question *self = data;
  Statement *row
      = database_query (store_snapshot_database (snapshot), error, self->sql, "i", self->id);

  if (!row || !statement_next (row, error))
    return FALSE;
  self->number = statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

static gint64
number_of (Fixture *self, const char *sql, gint64 id)
{
  g_autoptr (GError) error = NULL;
  Question question = { sql, id };

  g_assert_true (store_read_sync (self->store, ask, &question, &error));
  g_assert_no_error (error);
  return question.number;
}

static gint64
thread_of (Fixture *self, gint64 message)
{
  return number_of (self, "SELECT thread FROM message WHERE id = ?1", message);
}

static void
test_join (Fixture *self, gconstpointer data)
{
  gint64 root = add (self, self->inbox, 1, 0);
  gint64 reply = add (self, self->inbox, 2, 1);
  gint64 stranger = add (self, self->inbox, 3, 0);
  gint64 early = add (self, self->inbox, 5, 4);
  gint64 late = add (self, self->inbox, 4, 0);

  g_assert_cmpint (thread_of (self, root), ==, root);
  g_assert_cmpint (thread_of (self, reply), ==, root);
  g_assert_cmpint (thread_of (self, stranger), ==, stranger);
  g_assert_cmpint (thread_of (self, late), ==, thread_of (self, early));
}

/* A message without references stands alone. */
static void
test_alone (Fixture *self, gconstpointer data)
{
  Adding adding = fixture_add (self, self->inbox, "x", 0);

  g_assert_cmpint (thread_of (self, adding.id), ==, adding.id);
}

static gboolean
add_account (StoreTransaction *transaction, gpointer data, GError **error)
{
  gint64 *mailbox = data;
  Database *database = store_transaction_database (transaction);

  if (!database_run (database, error,
                     "INSERT INTO account (address, domain) VALUES ('bob@example.com', 1)", ""))
    return FALSE;
  *mailbox = mailbox_create (transaction, database_last_id (database), "INBOX", NULL, error);
  return *mailbox != 0;
}

/* What one account knows tells nothing to another. */
static void
test_accounts (Fixture *self, gconstpointer data)
{
  gint64 bob, root = add (self, self->inbox, 1, 0);
  gint64 other;

  g_assert_true (store_write_sync (self->store, add_account, &bob, NULL));
  other = add (self, bob, 2, 1);
  g_assert_cmpint (thread_of (self, root), ==, root);
  g_assert_cmpint (thread_of (self, other), ==, other);
}

static gboolean
ask_messages (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Question *self = data;
  g_autoptr (GHashTable) messages
      = thread_messages (store_snapshot_database (snapshot), self->id, error);

  if (!messages)
    return FALSE;
  self->number = g_hash_table_size (messages);
  g_assert_true (self->number == 0 || g_hash_table_contains (messages, &self->id));
  return TRUE;
}

static void
test_messages (Fixture *self, gconstpointer data)
{
  Question question = { .id = add (self, self->inbox, 1, 0) };

  add (self, self->inbox, 2, 1);
  add (self, self->inbox, 3, 0);
  g_assert_true (store_read_sync (self->store, ask_messages, &question, NULL));
  g_assert_cmpint (question.number, ==, 2);
  question.id = 1000;
  g_assert_true (store_read_sync (self->store, ask_messages, &question, NULL));
  g_assert_cmpint (question.number, ==, 0);
}

/* Its hashes go with a thread's last message, and no id is given away twice. */
static void
test_freed (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  static const char references[] = "SELECT count (*) FROM thread_reference WHERE thread = ?1";
  gint64 root = add (self, self->inbox, 1, 0), last = add (self, self->inbox, 2, 1);
  Call expunge = { .mailbox = self->inbox, .range = { 1, 1 } };
  CompactReport report;

  g_assert_true (call (self, call_expunge, &expunge, &error));
  g_assert_true (store_compact_sync (self->store, 0, NULL, NULL, &report, &error));
  g_assert_cmpint (number_of (self, references, root), ==, 2);
  expunge.range = (UidRange) { 2, 2 };
  g_assert_true (call (self, call_expunge, &expunge, &error));
  g_assert_true (store_compact_sync (self->store, 0, NULL, NULL, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpint (number_of (self, references, root), ==, 0);
  fixture_reopen (self);
  g_assert_cmpint (add (self, self->inbox, 1, 0), >, last);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/thread/join", test_join);
  fixture_test ("/thread/alone", test_alone);
  fixture_test ("/thread/accounts", test_accounts);
  fixture_test ("/thread/messages", test_messages);
  fixture_test ("/thread/freed", test_freed);
  return g_test_run ();
}
