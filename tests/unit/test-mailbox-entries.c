/* Long work in slices: no entry is left out and none done twice, wherever a slice ends. */
#include "store/mailbox-entries.h"
#include "mailbox-fixture.h"

#define MAILS 3000

static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;
  g_autoptr (PreparedMessage) message = prepare_text (self->fixture->store, "x");
  gint64 id = message_append (transaction, message, error);

  for (guint i = 0; i < MAILS; i++)
    if (!mailbox_add (transaction, self->mailbox, id, 0, 0, 0, NULL, error))
      return FALSE;
  return TRUE;
}

/* Every run of entries ends a slice here. */
static gboolean
store_slice (StoreTransaction *transaction, gpointer data, gboolean *done, GError **error)
{
  Call *self = data;
  UidRange rest = { MAX (self->next, 1), G_MAXUINT32 };

  transaction->slice_end = 1;
  self->bit++;
  gboolean stored = mailbox_store (transaction, self->mailbox, &rest, 1, FLAGS_ADD, FLAG_SEEN,
                                   G_MAXUINT64, &self->next, NULL, error);
  *done = self->next == 0;
  return stored;
}

static void
test_slices (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Call arguments = { .fixture = self, .mailbox = self->inbox };

  g_assert_true (call (self, fill, &arguments, NULL));
  assert_mailbox (self, self->inbox, MAILS, MAILS, MAILS);
  g_assert_true (store_write_bulk_sync (self->store, store_slice, &arguments, &error));
  g_assert_cmpuint (arguments.bit, ==, MAILS / 512 + 1);
  assert_mailbox (self, self->inbox, MAILS, 0, MAILS);
  assert_used (self, MAILS);
}

typedef struct {
  gint64 mailbox;
  guint runs, entries;
  guint32 next;
} Counting;

static gboolean
count_run (StoreTransaction *transaction, const EntryRun *run, gpointer data, GError **error)
{
  Counting *self = data;

  self->runs++;
  self->entries += run->count;
  return TRUE;
}

static gboolean
count_ranges (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const UidRange ranges[]
      = { { 1, 1 }, { 10, 19 }, { 5000, 6000 }, { 30, 20 }, { 100, 800 } };
  Counting *self = data;

  return mailbox_each_run (transaction, self->mailbox, ranges, G_N_ELEMENTS (ranges), &self->next,
                           count_run, self, error);
}

static void
test_ranges (Fixture *self, gconstpointer data)
{
  Call arguments = { .mailbox = self->inbox };
  Counting counting = { .mailbox = self->inbox };

  g_assert_true (call (self, fill, &arguments, NULL));
  g_assert_true (store_write_sync (self->store, count_ranges, &counting, NULL));
  g_assert_cmpuint (counting.entries, ==, 1 + 10 + 701);
  g_assert_cmpuint (counting.runs, ==, 4);
  g_assert_cmpuint (counting.next, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/mailbox-entries/slices", test_slices);
  fixture_test ("/mailbox-entries/ranges", test_ranges);
  return g_test_run ();
}
