/* The check finds each kind of damage, a repair puts right what can be, and after it all is well.
 */
#include "store/check.h"
#include "store/compact.h"
#include "store-fixture.h"

static CheckReport *
check (Fixture *self, gboolean repair)
{
  g_autoptr (GError) error = NULL;
  CheckReport *report = store_check (self->store, repair, NULL, NULL, &error);

  g_assert_no_error (error);
  return report;
}

static void
expect_clean (Fixture *self)
{
  g_autoptr (CheckReport) report = check (self, FALSE);

  for (guint i = 0; i < report->lines->len; i++)
    g_test_message ("%s", (const char *)report->lines->pdata[i]);
  g_assert_cmpuint (report->problems, ==, 0);
}

static gboolean
has_line (const CheckReport *report, const char *part)
{
  for (guint i = 0; i < report->lines->len; i++)
    if (strstr (report->lines->pdata[i], part))
      return TRUE;
  return FALSE;
}

static gboolean
run_sql (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_execute (store_transaction_database (transaction), data, error);
}

static void
change (Fixture *self, const char *sql)
{
  g_autoptr (GError) error = NULL;

  store_write_sync (self->store, run_sql, (gpointer)sql, &error);
  g_assert_no_error (error);
}

static char *
long_text (gsize length)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (length);
  char *text = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    text[i] = g_rand_int_range (rand, 'a', 'z');
  text[length] = '\0';
  return text;
}

static void
fill (Fixture *self)
{
  g_autofree char *big = long_text (2000000);

  fixture_add (self, self->inbox, "one", 0);
  fixture_add (self, self->inbox, "two", FLAG_SEEN);
  fixture_add (self, self->inbox, big, 0);
  fixture_add (self, self->inbox, "", 0);
}

static void
test_clean (Fixture *self, gconstpointer data)
{
  g_autoptr (CheckReport) report = NULL;

  fill (self);
  expect_clean (self);
  report = check (self, TRUE);
  g_assert_cmpuint (report->messages, ==, 4);
  g_assert_cmpuint (report->entries, ==, 4);
  g_assert_cmpuint (report->bytes, ==, 2000006);
  g_assert_cmpuint (report->problems, ==, 0);
}

/* Numbers that a repair puts right. */
static void
test_numbers (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *damage, *line;
  } rows[] = {
    { "UPDATE mailbox SET messages = 9", "messages is 9, should be 4" },
    { "UPDATE mailbox SET unseen = 0", "unseen messages is 0, should be 3" },
    { "UPDATE mailbox SET size = 1", "bytes is 1, should be 2000006" },
    { "UPDATE mailbox SET uid_next = 2", "UIDNEXT is 2, should be 5" },
    { "UPDATE mailbox SET modseq = 1", "HIGHESTMODSEQ is 1, should be" },
    { "UPDATE account SET used = 7", "uses 2000006 bytes and says 7" },
  };

  fill (self);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    change (self, rows[i].damage);
    g_autoptr (CheckReport) found = check (self, FALSE);
    g_assert_true (has_line (found, rows[i].line));
    g_assert_cmpuint (found->repaired, ==, 0);
    g_autoptr (CheckReport) repaired = check (self, TRUE);
    g_assert_cmpuint (repaired->repaired, >, 0);
    expect_clean (self);
  }
}

/* Mail whose bytes are gone: said clearly, taken out of the mailbox, the rest stays. */
static void
test_lost (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *damage, *line;
  } rows[] = {
    { "DELETE FROM message WHERE id = 1", "Lost: UID 1 in mailbox INBOX of ada@example.com" },
    { "UPDATE message SET digest = zeroblob (32) WHERE id = 2", "is not the one" },
    { "UPDATE message SET offset = offset + 1 WHERE id = 2", "has no record" },
    { "UPDATE message SET offset = 1000000 WHERE id = 2", "lies outside" },
    { "UPDATE message SET segment = 99 WHERE id = 2", "lies outside" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    fixture_tear_down (self, NULL);
    fixture_set_up (self, NULL);
    fill (self);
    change (self, rows[i].damage);
    g_autoptr (CheckReport) found = check (self, TRUE);
    g_assert_true (has_line (found, rows[i].line));
    g_assert_true (has_line (found, "Lost: UID"));
    g_autoptr (CheckReport) after = check (self, FALSE);
    g_assert_cmpuint (after->entries, ==, 3);
    g_assert_false (has_line (after, "Lost"));
  }
}

/* One byte in each stretch of a segment: never unseen. */
static void
test_flipped (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "segments", "00000001.seg", NULL);
  g_autofree char *whole = NULL;
  gsize length;

  fixture_add (self, self->inbox, "a message that is read back", 0);
  g_clear_pointer (&self->store, store_close);
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  for (gsize at = 0; at < length; at++) {
    g_autofree char *damaged = g_memdup2 (whole, length);

    damaged[at] ^= 0x40; /* bit 4 of a zstd frame header means nothing */
    g_assert_true (g_file_set_contents (path, damaged, length, NULL));
    fixture_open (self);
    g_autoptr (CheckReport) report = check (self, FALSE);
    g_assert_cmpuint (report->problems, >, 0);
    g_clear_pointer (&self->store, store_close);
  }
  fixture_open (self);
}

/* The database is from before the last mail: what was acknowledged comes back from the tail. */
static void
test_tail (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "store.db", NULL);
  g_autofree char *old = NULL;
  gsize length;

  fixture_add (self, self->inbox, "kept", 0);
  g_clear_pointer (&self->store, store_close);
  g_assert_true (g_file_get_contents (path, &old, &length, NULL));
  fixture_open (self);
  fixture_add (self, self->inbox, "torn off", FLAG_SEEN);
  g_clear_pointer (&self->store, store_close);
  g_assert_true (g_file_set_contents (path, old, length, NULL));
  fixture_open (self);
  g_autoptr (CheckReport) found = check (self, FALSE);
  g_assert_true (has_line (found, "holds 1 complete messages (8 bytes)"));
  g_assert_cmpuint (found->problems, ==, 0);
  g_autoptr (CheckReport) repaired = check (self, TRUE);
  g_assert_cmpuint (repaired->recovered, ==, 1);
  g_assert_cmpuint (repaired->repaired, ==, 0);
  g_autoptr (CheckReport) after = check (self, FALSE);
  g_assert_cmpuint (after->entries, ==, 2);
  g_assert_cmpuint (after->lines->len, ==, 0);
}

static gboolean
make_other (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Fixture *self = data;

  return mailbox_create (transaction, self->account, "Other", NULL, error) != 0;
}

/* A big mail, whose places lie in another segment, and one mail in two mailboxes: all come back,
 * each to its place, and once. */
static void
test_tail_places (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "store.db", NULL);
  g_autofree char *big = long_text (2000000);
  g_autofree char *old = NULL;
  gint64 other = self->inbox + 1;
  gsize length;

  g_assert_true (store_write_sync (self->store, make_other, self, NULL));
  g_clear_pointer (&self->store, store_close);
  g_assert_true (g_file_get_contents (path, &old, &length, NULL));
  fixture_open (self);
  fixture_add (self, self->inbox, "same", 0);
  fixture_add (self, other, "same", FLAG_SEEN);
  fixture_add (self, other, big, 0);
  g_clear_pointer (&self->store, store_close);
  g_assert_true (g_file_set_contents (path, old, (gssize)length, NULL));
  fixture_open (self);
  for (guint round = 0; round < 3; round++) {
    g_autoptr (CheckReport) report = check (self, round > 0);
    g_assert_cmpuint (report->recovered, ==, round == 1 ? 3 : 0);
    g_assert_cmpuint (report->problems, ==, 0);
    g_assert_cmpuint (report->entries, ==, round > 0 ? 3 : 0);
  }
  expect_clean (self);
}

static void
test_rebuild (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "store.db", NULL);
  g_autofree char *broken = g_strconcat (path, ".broken-1", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CheckReport) report = NULL;

  fill (self);
  report = store_rebuild (self->folder, NULL, NULL, &error);
  g_assert_null (report); /* never under a store that is open */
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FAILED);
  g_clear_error (&error);
  g_clear_pointer (&self->store, store_close);
  g_assert_true (g_file_set_contents (path, "not a database", -1, NULL));
  report = store_rebuild (self->folder, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->messages, ==, 4);
  g_assert_cmpuint (report->entries, ==, 4);
  g_assert_cmpuint (report->problems, ==, 0);
  g_assert_true (g_file_test (broken, G_FILE_TEST_EXISTS));
  fixture_open (self);
  g_autoptr (CheckReport) after = check (self, FALSE);
  g_assert_cmpuint (after->problems, ==, 0);
  g_assert_cmpuint (after->entries, ==, 4);
  g_assert_cmpuint (after->bytes, ==, 2000006);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/check/clean", test_clean);
  fixture_test ("/check/numbers", test_numbers);
  fixture_test ("/check/lost", test_lost);
  fixture_test ("/check/flipped", test_flipped);
  fixture_test ("/check/tail", test_tail);
  fixture_test ("/check/tail-places", test_tail_places);
  fixture_test ("/check/rebuild", test_rebuild);
  return g_test_run ();
}
