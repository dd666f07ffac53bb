#include "tests/unit/imap-fixture.h"

static void
test_flags_and_date (void)
{
  IMAP_TALK (
      { "A",
        "a APPEND INBOX (\\Seen $Work) \"01-Feb-2020 10:00:00 +0100\" {3+}\r\n"
        "abc",
        "a OK [APPENDUID * 1] Saved\r\n" },
      { "A", "s SELECT INBOX",
        "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Work)\r\n"
        "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Work \\*)] *\r\n"
        "* 1 EXISTS\r\n"
        "* 1 RECENT\r\n"
        "* OK [UIDVALIDITY *] *\r\n"
        "* OK [UIDNEXT 2] *\r\n"
        "s OK [READ-WRITE] Selected\r\n" },
      { "A", "f FETCH 1 (FLAGS INTERNALDATE BODY.PEEK[])",
        "* 1 FETCH (FLAGS (\\Seen \\Recent $Work) INTERNALDATE \" 1-Feb-2020 10:00:00 +0100\" "
        "BODY[] {3}\r\n"
        "abc)\r\n"
        "f OK Fetched\r\n" });
}

static void
test_synchronizing (void)
{
  IMAP_TALK ({ "A", "a APPEND INBOX {5}", "+ Go ahead\r\n" },
             { "A", "hello", "a OK [APPENDUID * 1] Saved\r\n" });
}

static void
test_no_mailbox (void)
{
  IMAP_TALK ({ "A", "a APPEND Nowhere {5}", "a NO [TRYCREATE] *\r\n" },
             { "A",
               "b APPEND Nowhere {5+}\r\n"
               "hello\r\n"
               "c NOOP",
               "b NO [TRYCREATE] *\r\n"
               "c OK Done\r\n" });
}

static void
test_too_big (void)
{
  IMAP_TALK ({ "A", "a APPEND INBOX {99999999999}", "a NO [*\r\n" },
             { "A", "b APPEND INBOX {99999999999+}", "* BYE [TOOBIG] *\r\n" });
}

static void
test_over_quota (void)
{
  IMAP_TALK ({ "A", "a APPEND INBOX {100001}", "a NO [OVERQUOTA] *\r\n" },
             { "A", "b NOOP", "b OK Done\r\n" });
}

static void
test_empty (void)
{
  IMAP_TALK ({ "A", "a APPEND INBOX {0}", "a NO [CANNOT] *\r\n" },
             { "A",
               "b APPEND INBOX {0+}\r\n"
               "",
               "b NO [CANNOT] *\r\n" });
}

static void
test_malformed (void)
{
  IMAP_TALK ({ "A", "a APPEND INBOX", "a BAD Expected: APPEND *\r\n" },
             { "A",
               "b APPEND INBOX {3+}\r\n"
               "abcdef",
               "b BAD Expected: APPEND *\r\n" },
             { "A", "c NOOP", "c OK Done\r\n" });
}

static void
test_stranger (void)
{
  IMAP_TALK ({ "M", "a APPEND INBOX {5}", "a NO Log in first\r\n" },
             { "M", "b APPEND INBOX {5+}", "* BYE Log in first\r\n" });
}

static void
test_told (void)
{
  IMAP_TALK ({ "A", "s SELECT INBOX", "*s OK [READ-WRITE] Selected\r\n" },
             { "A",
               "a APPEND INBOX {3+}\r\n"
               "abc",
               "* 1 EXISTS\r\n"
               "* 1 RECENT\r\n"
               "a OK [APPENDUID * 1] Saved\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-append/flags-and-date", test_flags_and_date);
  g_test_add_func ("/cmd-append/synchronizing", test_synchronizing);
  g_test_add_func ("/cmd-append/no-mailbox", test_no_mailbox);
  g_test_add_func ("/cmd-append/too-big", test_too_big);
  g_test_add_func ("/cmd-append/over-quota", test_over_quota);
  g_test_add_func ("/cmd-append/empty", test_empty);
  g_test_add_func ("/cmd-append/malformed", test_malformed);
  g_test_add_func ("/cmd-append/stranger", test_stranger);
  g_test_add_func ("/cmd-append/told-to-the-selected", test_told);
  return g_test_run ();
}
