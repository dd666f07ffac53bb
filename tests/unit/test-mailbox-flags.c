/* Flags and keywords, MODSEQ and UNCHANGEDSINCE. */
#include "mailbox-fixture.h"

static void
store_flags (Fixture *self, UidRange range, FlagsChange change, guint64 flags, guint64 since,
             GArray *modified)
{
  g_autoptr (GError) error = NULL;
  Call arguments = { .mailbox = self->inbox,
                     .range = range,
                     .change = change,
                     .flags = flags,
                     .unchanged_since = since,
                     .modified = modified };

  call (self, call_store, &arguments, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (arguments.next, ==, 0);
}

static void
test_changes (Fixture *self, gconstpointer data)
{
  static const struct {
    FlagsChange change;
    UidRange range;
    guint64 flags;
    const char *expected;
    guint unseen;
  } steps[] = {
    { FLAGS_ADD, { 1, 2 }, FLAG_SEEN, "1:8@5 2:8@5 3:0@4", 1 },
    { FLAGS_ADD, { 2, 3 }, FLAG_SEEN, "1:8@5 2:8@5 3:8@6", 0 }, /* 2 is as wanted */
    { FLAGS_ADD, { 1, 3 }, FLAG_SEEN, "1:8@5 2:8@5 3:8@6", 0 },
    { FLAGS_REPLACE, { 1, 1 }, FLAG_FLAGGED, "1:2@7 2:8@5 3:8@6", 1 },
    { FLAGS_REMOVE, { 1, G_MAXUINT32 }, FLAG_SEEN | FLAG_FLAGGED, "1:0@8 2:0@8 3:0@8", 3 },
    { FLAGS_REPLACE, { 2, 2 }, 0, "1:0@8 2:0@8 3:0@8", 3 },
    { FLAGS_ADD, { 7, 9 }, FLAG_SEEN, "1:0@8 2:0@8 3:0@8", 3 },
  };

  for (guint i = 0; i < 3; i++)
    fixture_add (self, self->inbox, "text", 0);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    store_flags (self, steps[i].range, steps[i].change, steps[i].flags, G_MAXUINT64, NULL);
    assert_entries (self, self->inbox, 0, steps[i].expected);
    assert_mailbox (self, self->inbox, 3, steps[i].unseen, 12);
  }
}

static void
test_unchanged_since (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) modified = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < 3; i++)
    fixture_add (self, self->inbox, "text", 0);
  store_flags (self, (UidRange) { 1, 3 }, FLAGS_ADD, FLAG_DELETED, 3, modified);
  assert_entries (self, self->inbox, 0, "1:4@5 2:4@5 3:0@4");
  g_assert_cmpuint (modified->len, ==, 1);
  g_assert_cmpuint (g_array_index (modified, guint32, 0), ==, 3);
  store_flags (self, (UidRange) { 1, 1 }, FLAGS_ADD, FLAG_SEEN, 0, modified);
  g_assert_cmpuint (modified->len, ==, 2);
}

static void
test_changes_since (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    fixture_add (self, self->inbox, "text", 0);
  store_flags (self, (UidRange) { 1, 1 }, FLAGS_ADD, FLAG_SEEN, G_MAXUINT64, NULL);
  assert_entries (self, self->inbox, 2, "2:0@3 3:0@4 1:8@5");
  assert_entries (self, self->inbox, 5, "");
  assert_entries (self, self->inbox, G_MAXUINT64, "");
}

static void
test_keywords (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint64 junk = keyword_bit (self, self->inbox, "$Junk");

  g_assert_cmpuint (junk, ==, 1 << FLAG_KEYWORD_FIRST);
  g_assert_cmpuint (keyword_bit (self, self->inbox, "$JUNK"), ==, junk);
  for (guint i = 1; i < KEYWORDS_MAX; i++) {
    g_autofree char *name = g_strdup_printf ("word%u", i);
    g_assert_cmpuint (keyword_bit (self, self->inbox, name), ==,
                      G_GUINT64_CONSTANT (1) << (FLAG_KEYWORD_FIRST + i));
  }
  Call arguments = { .mailbox = self->inbox, .name = "one too many" };
  g_assert_false (call (self, call_keyword, &arguments, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_INVALID);
  g_autoptr (Mailbox) row = load_mailbox (self, self->inbox);
  g_assert_cmpuint (row->keywords->len, ==, KEYWORDS_MAX);
  g_assert_cmpstr (row->keywords->pdata[0], ==, "$Junk");
  /* The last bit is a flag like any other. */
  guint64 last = G_GUINT64_CONSTANT (1) << (FLAG_KEYWORD_FIRST + KEYWORDS_MAX - 1);
  fixture_add (self, self->inbox, "text", last);
  assert_entries (self, self->inbox, 0, "1:4000000000000000@2");
  store_flags (self, (UidRange) { 1, 1 }, FLAGS_REMOVE, last, G_MAXUINT64, NULL);
  assert_entries (self, self->inbox, 0, "1:0@3");
}

static gboolean
claim (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;

  return mailbox_claim_recent (transaction, self->mailbox, &self->recent, error);
}

static void
test_recent (Fixture *self, gconstpointer data)
{
  Call arguments = { .mailbox = self->inbox };

  fixture_add (self, self->inbox, "text", 0);
  fixture_add (self, self->inbox, "text", 0);
  g_assert_true (call (self, claim, &arguments, NULL));
  g_assert_cmpuint (arguments.recent, ==, 1);
  g_assert_true (call (self, claim, &arguments, NULL));
  g_assert_cmpuint (arguments.recent, ==, 3);
}

static void
test_no_mailbox (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Call arguments = { .mailbox = 4711, .range = { 1, 2 } };

  g_assert_false (call (self, call_store, &arguments, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/mailbox-flags/changes", test_changes);
  fixture_test ("/mailbox-flags/unchanged-since", test_unchanged_since);
  fixture_test ("/mailbox-flags/changes-since", test_changes_since);
  fixture_test ("/mailbox-flags/keywords", test_keywords);
  fixture_test ("/mailbox-flags/recent", test_recent);
  fixture_test ("/mailbox-flags/no-mailbox", test_no_mailbox);
  return g_test_run ();
}
