/* Fields that can be searched without opening their messages. */
#include "imap/imap-kept.h"
#include "store/message-keys.h"
#include "tests/unit/store-fixture.h"

#define MESSAGES 700

/* Every third has keys, "Subject: N". */
static gboolean
put_keys (StoreTransaction *transaction, gpointer data, GError **error)
{
  for (gint64 i = 1; i <= MESSAGES; i += 3) {
    g_autofree char *header = g_strdup_printf ("Subject: s%d\r\n\r\n", (int)i);
    g_autoptr (GBytes) keys = sort_keys_new ((const guint8 *)header, strlen (header));
    if (!message_keys_put (transaction, i, keys, error))
      return FALSE;
  }
  return TRUE;
}

static void
check (ImapKept *kept, Database *database, gint64 message)
{
  g_autoptr (GError) error = NULL;
  const SortText *text = imap_kept_field (kept, database, message, SEARCH_FIELD_SUBJECT, &error);
  g_autofree char *wanted = g_strdup_printf ("S%d", (int)message);

  g_assert_no_error (error);
  if (message % 3 != 1 || message > MESSAGES) {
    g_assert_null (text);
    return;
  }
  g_assert_nonnull (text);
  g_assert_cmpmem (text->text, text->length, wanted, strlen (wanted));
  text = imap_kept_field (kept, database, message, SEARCH_FIELD_CC, &error);
  g_assert_true (text && text->length == 0);
}

static gboolean
look (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  static const gint64 jumps[] = { 1, 699, 2, 700, 4, 4, 300, 299, 1, 100000, 400 };
  Database *database = store_snapshot_database (snapshot);
  ImapKept *kept = imap_kept_new ();

  for (gint64 i = 1; i <= MESSAGES + 2; i++) /* the runs grow */
    check (kept, database, i);
  for (gint64 i = 1; i <= MESSAGES; i += 50) /* and shrink */
    check (kept, database, i);
  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++)
    check (kept, database, jumps[i]);
  imap_kept_free (kept);
  return TRUE;
}

static void
test_runs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < MESSAGES; i++)
    fixture_add (fixture, fixture->inbox, "Subject: x\r\n\r\n", 0);
  store_write_sync (fixture->store, put_keys, NULL, &error);
  g_assert_no_error (error);
  store_read_sync (fixture->store, look, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/imap-kept/runs", test_runs);
  return g_test_run ();
}
