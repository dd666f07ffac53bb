/* CATENATE: messages made of parts of others. */
#include "tests/unit/imap-fixture.h"

#define SAVE                                                                                       \
  {                                                                                                \
    "A", "s APPEND INBOX {37+}\r\nSubject: one\r\nTo: a@b.c\r\n\r\nText of it",                    \
        "s OK [APPENDUID *] Saved\r\n"                                                             \
  }

static void
test_parts (void)
{
  IMAP_TALK (
      SAVE,
      { "A",
        "a APPEND INBOX (\\Draft) CATENATE (URL \"/INBOX/;UID=1/;SECTION=HEADER\" TEXT {5+}\r\n"
        "More  URL /INBOX/;UID=1/;SECTION=TEXT)",
        "a OK [APPENDUID * 2] Saved\r\n" },
      { "A", "b SELECT INBOX", "*b OK *\r\n" },
      { "A", "c FETCH 1:2 (FLAGS BODY.PEEK[])",
        "* 1 FETCH (FLAGS (\\Recent) BODY[] {37}\r\nSubject: one\r\nTo: a@b.c\r\n\r\nText of "
        "it)\r\n"
        "* 2 FETCH (FLAGS (\\Draft \\Recent) BODY[] {42}\r\nSubject: one\r\nTo: "
        "a@b.c\r\n\r\nMore Text of it)\r\nc OK *\r\n" },
      { "A",
        "d APPEND INBOX CATENATE (URL \";UID=1/;SECTION=HEADER.FIELDS%20(To)\" URL "
        "/;UID=1/;PARTIAL=27.4) CATENATE (TEXT {1+}\r\nx)",
        "* 4 EXISTS\r\n* 4 RECENT\r\nd OK [APPENDUID * 3:4] Saved\r\n" },
      { "A", "e FETCH 3 BODY.PEEK[]",
        "* 3 FETCH (BODY[] {17}\r\nTo: a@b.c\r\n\r\nText)\r\ne OK *\r\n" });
}

static void
test_bad (void)
{
  IMAP_TALK (
      SAVE, { "A", "a APPEND INBOX CATENATE (URL /INBOX/;UID=9)", "a NO [BADURL /INBOX/;UID=9] *" },
      { "A", "b APPEND INBOX CATENATE (URL ;UID=1)", "b NO [BADURL ;UID=1] *" },
      { "A", "c APPEND INBOX CATENATE (URL /INBOX;UIDVALIDITY=1/;UID=1)", "c NO [BADURL *" },
      { "A", "d APPEND INBOX CATENATE (URL \"/a ]b\")", "d NO [BADURL /a%20%5Db] *" },
      { "A", "e APPEND INBOX CATENATE (URL /INBOX/;UID=1/;SECTION=7 TEXT {3+}\r\nabc)",
        "e NO [BADURL *" },
      { "A", "f APPEND INBOX CATENATE (URL /x TEXT {3}", "f NO [BADURL /x] *" },
      { "A", "g APPEND Nowhere CATENATE (URL /x)", "g NO [TRYCREATE] *" },
      { "A", "h APPEND INBOX CATENATE (TEXT {0+}\r\n)", "h NO [CANNOT] *" },
      { "A", "i STATUS INBOX (MESSAGES)", "* STATUS \"INBOX\" (MESSAGES 1)\r\ni OK *\r\n" });
}

/* Bigger than one chunk, and over the quota in the end. */
static void
test_big (void)
{
  g_autofree char *text = g_strnfill (30000, 'x');
  g_autofree char *save = g_strdup_printf ("a APPEND INBOX {30000+}\r\n%s", text);
  const ImapStep steps[] = {
    { "A", save, "a OK *" },
    { "A", "b APPEND INBOX CATENATE (URL /INBOX/;UID=1 URL /INBOX/;UID=1 URL /INBOX/;UID=1)",
      "b NO [OVERQUOTA] *" },
    { "A", "c APPEND INBOX CATENATE (URL /INBOX/;UID=1 URL /INBOX/;UID=1)",
      "c OK [APPENDUID * 2] *" },
    { "A", "d SELECT INBOX", "*d OK *" },
    { "A", "e FETCH 2 RFC822.SIZE", "* 2 FETCH (RFC822.SIZE 60000)\r\ne OK *" },
  };

  imap_set_up ();
  imap_talk (steps, G_N_ELEMENTS (steps));
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-append-url/parts", test_parts);
  g_test_add_func ("/imap-append-url/bad", test_bad);
  g_test_add_func ("/imap-append-url/big", test_big);
  return g_test_run ();
}
