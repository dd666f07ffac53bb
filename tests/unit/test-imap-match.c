#include "imap/imap-match.h"
#include "mail/sort-keys.h"
#include "store/message-keys.h"
#include "tests/unit/store-fixture.h"

#include "mail/encoding.h"

static const struct {
  const char *program;
  gboolean matches;
} programs[] = {
  { "ALL", TRUE },
  { "SEEN", TRUE },
  { "UNSEEN", FALSE },
  { "NOT SEEN", FALSE },
  { "OR UNSEEN FLAGGED", FALSE },
  { "KEYWORD $none", FALSE },
  { "UNKEYWORD $none", TRUE },
  { "RECENT", TRUE },
  { "NEW", FALSE },
  { "OLD", FALSE },
  { "1", TRUE },
  { "UID 1", TRUE },
  { "UID 2", FALSE },
  { "LARGER 10", TRUE },
  { "SMALLER 10", FALSE },
  /* INTERNALDATE is 12-Jan-1970 13:46:40 UTC, in a zone one hour east. */
  { "ON 12-Jan-1970", TRUE },
  { "SINCE 12-Jan-1970", TRUE },
  { "BEFORE 12-Jan-1970", FALSE },
  { "BEFORE 13-Jan-1970", TRUE },
  /* Date: shows another day than UTC. */
  { "SENTON 25-Nov-2026", TRUE },
  { "SENTON 24-Nov-2026", FALSE },
  { "SENTBEFORE 26-Nov-2026", TRUE },
  { "SENTSINCE 26-Nov-2026", FALSE },
  { "SUBJECT HELLO", TRUE },
  { "FROM HELLO", FALSE },
  { "TEXT hello", TRUE },
  { "BODY hello", FALSE },
  { "BODY text", TRUE },
};

static const char message[] = "Subject: Hello\r\n"
                              "Date: Wed, 25 Nov 2026 00:30:00 +0100\r\n\r\n"
                              "Text\r\n";

static ImapKey *
program_of (const char *text)
{
  ImapParser parser = imap_parser (text, strlen (text));
  UidRange one = { 1, 1 };
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (UidRange));
  g_autoptr (ImapSequence) sequence = NULL;
  ImapSearchError error;
  ImapKey *program = imap_search_parse (&parser, &error);

  g_array_append_val (uids, one);
  sequence = imap_sequence_new (uids);
  g_assert_nonnull (program);
  g_assert_true (imap_search_bind (program, sequence, NULL));
  return program;
}

typedef struct {
  StoreSnapshot *snapshot;
  const Mailbox *mailbox;
} Looking;

static gboolean
try_programs (const Entry *entry, gpointer data)
{
  Looking *looking = data;

  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++) {
    g_autoptr (ImapKey) program = program_of (programs[i].program);
    g_autoptr (ImapMatcher) matcher
        = imap_matcher_new (looking->snapshot, NULL, program, looking->mailbox, 1, NULL);
    g_autoptr (GError) error = NULL;
    gboolean matches;
    g_test_message ("%s", programs[i].program);
    g_assert_true (imap_matcher_test (matcher, entry, 1, &matches, &error));
    g_assert_no_error (error);
    g_assert_cmpint (matches, ==, programs[i].matches);
  }
  return FALSE;
}

static gboolean
look (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Fixture *fixture = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) mailbox = mailbox_load (database, fixture->inbox, error);
  Looking looking = { snapshot, mailbox };

  return mailbox_each (database, fixture->inbox, 1, 1, FALSE, try_programs, &looking, error);
}

/* The fixture's summary is none: the matcher makes one from the message. */
static void
test_programs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_add (fixture, fixture->inbox, message, FLAG_SEEN);
  store_read_sync (fixture->store, look, fixture, &error);
  g_assert_no_error (error);
}

/* Keys that say something else than the message show which of the two was asked. */
static const struct {
  const char *keys, *program;
  gboolean matches;
} kept[] = {
  { "Subject: other\r\n\r\n", "SUBJECT other", TRUE },
  { "Subject: other\r\n\r\n", "SUBJECT hello", FALSE },
  { "Subject: OTH\303\204R\r\n\r\n", "HEADER subject \"th\303\244r\"", TRUE },
  { "Subject: other\r\n\r\n", "TEXT hello", TRUE },
  { "Subject: other\r\nSubject: more\r\n\r\n", "SUBJECT hello", TRUE }, /* not kept */
  { "From: Anna <a@b>\r\n\r\n", "FROM \"anna <a@\"", TRUE },
  { "From: Anna <a@b>\r\n\r\n", "SUBJECT anna", FALSE },
  { "From: Anna <a@b>\r\n\r\n", "FROM \"\"", FALSE }, /* whether it is there: the message */
  { "To: a@b, c@d\r\nCc: e@f\r\n\r\n", "TO c@d CC e@f NOT CC c@d", TRUE },
  { "Message-ID: <a@b>\r\n\r\n", "HEADER Message-ID a@b", FALSE }, /* not kept */
};

static gboolean
put_keys (StoreTransaction *transaction, gpointer data, GError **error)
{
  const char *fields = data;
  g_autoptr (GBytes) keys = sort_keys_new ((const guint8 *)fields, strlen (fields));

  return message_keys_put (transaction, 1, keys, error);
}

typedef struct {
  Looking looking;
  Fixture *fixture;
  guint index;
} Keeping;

static gboolean
try_kept (const Entry *entry, gpointer data)
{
  Keeping *keeping = data;
  guint i = keeping->index;
  g_autoptr (ImapKey) program = program_of (kept[i].program);
  g_autoptr (ImapMatcher) matcher = imap_matcher_new (keeping->looking.snapshot, NULL, program,
                                                      keeping->looking.mailbox, 1, NULL);
  g_autoptr (GError) error = NULL;
  gboolean matches;

  g_test_message ("%s", kept[i].program);
  g_assert_cmpint (entry->message, ==, 1);
  g_assert_true (imap_matcher_test (matcher, entry, 1, &matches, &error));
  g_assert_no_error (error);
  g_assert_cmpint (matches, ==, kept[i].matches);
  return FALSE;
}

static gboolean
look_kept (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Keeping *keeping = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) mailbox = mailbox_load (database, keeping->fixture->inbox, error);

  keeping->looking = (Looking) { snapshot, mailbox };
  return mailbox_each (database, keeping->fixture->inbox, 1, 1, FALSE, try_kept, keeping, error);
}

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, fixture->inbox, message, 0);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
    Keeping keeping = { { NULL, NULL }, fixture, i };
    g_autoptr (GError) error = NULL;
    store_write_sync (fixture->store, put_keys, (gpointer)kept[i].keys, &error);
    g_assert_no_error (error);
    store_read_sync (fixture->store, look_kept, &keeping, &error);
    g_assert_no_error (error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/imap-match/programs", test_programs);
  fixture_test ("/imap-match/kept", test_kept);
  return g_test_run ();
}
