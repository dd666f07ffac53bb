#include "tests/unit/imap-fixture.h"

#include "imap/imap-sync.h"

static const ImapSelected writable = { .rights = RIGHTS_ALL };
static const ImapSelected read_only = { .read_only = TRUE, .rights = RIGHTS_ALL };
static const ImapSelected seen_only = { .rights = RIGHT_READ | RIGHT_SEEN };

static void
test_flags_responses (void)
{
  g_autoptr (GPtrArray) keywords = g_ptr_array_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  g_ptr_array_add (keywords, (char *)"$Work");
  imap_print_flags_responses (out, &writable, keywords);
  g_assert_cmpstr (out->str, ==,
                   "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Work)\r\n"
                   "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Work"
                   " \\*)] Flags that are kept\r\n");
  g_string_truncate (out, 0);
  imap_print_flags_responses (out, &read_only, keywords);
  g_assert_true (g_str_has_suffix (out->str, "[PERMANENTFLAGS ()] Flags that are kept\r\n"));
  g_string_truncate (out, 0);
  imap_print_flags_responses (out, &seen_only, keywords);
  g_assert_nonnull (strstr (out->str, "[PERMANENTFLAGS (\\Seen)]"));
}

/* No "\*" when all keywords are used. */
static void
test_all_keywords_used (void)
{
  g_autoptr (GPtrArray) keywords = g_ptr_array_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < KEYWORDS_MAX; i++)
    g_ptr_array_add (keywords, (char *)"k");
  imap_print_flags_responses (out, &writable, keywords);
  g_assert_null (strstr (out->str, "\\*"));
}

/* Arrivals, changes and removals of another session, all at once and in the right order. */
static void
test_all_at_once (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"), IMAP_SAVE ("3"), IMAP_SAVE ("4"),
             { "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "a STORE 1,3 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "B", "b EXPUNGE", "* 3 EXPUNGE\r\n* 1 EXPUNGE\r\nb OK Expunged\r\n" },
             { "B", "c STORE 2 +FLAGS.SILENT ($New)", "*c OK Stored\r\n" }, IMAP_SAVE ("5"),
             IMAP_SAVE ("6"), { "B", "x NOOP", "* 4 EXISTS\r\n* 2 RECENT\r\nx OK Done\r\n" },
             { "B", "d STORE 3 +FLAGS.SILENT (\\Deleted)", "d OK Stored\r\n" },
             { "A", "e NOOP",
               "* FLAGS (*$New)\r\n* OK [PERMANENTFLAGS *\r\n"
               "* 3 EXPUNGE\r\n* 1 EXPUNGE\r\n* 4 EXISTS\r\n* 4 RECENT\r\n"
               "* 2 FETCH (UID 4 FLAGS (\\Recent $New))\r\ne OK Done\r\n" },
             { "A", "f FETCH 3:4 (UID FLAGS)",
               "* 3 FETCH (UID 5 FLAGS (\\Deleted \\Recent))\r\n"
               "* 4 FETCH (UID 6 FLAGS (\\Recent))\r\nf OK Fetched\r\n" },
             { "A", "g NOOP", "g OK Done\r\n" });
}

/* What came and went unseen is never told. */
static void
test_never_seen (void)
{
  IMAP_TALK ({ "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" }, IMAP_SAVE ("1"),
             { "B", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "B", "a STORE 1 +FLAGS.SILENT (\\Deleted)", "a OK Stored\r\n" },
             { "B", "b CLOSE", "b OK Closed\r\n" }, { "A", "c NOOP", "c OK Done\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-sync/flags-responses", test_flags_responses);
  g_test_add_func ("/imap-sync/all-keywords-used", test_all_keywords_used);
  g_test_add_func ("/imap-sync/all-at-once", test_all_at_once);
  g_test_add_func ("/imap-sync/never-seen", test_never_seen);
  return g_test_run ();
}
