/* REPLACE and UID REPLACE. */
#include "tests/unit/imap-fixture.h"

static void
test_replace (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), IMAP_SAVE ("2"), { "A", "a SELECT INBOX", "*a OK *" },
             { "B", "b SELECT INBOX", "*b OK *" },
             { "A", "c REPLACE 1 INBOX (\\Draft) {3+}\r\nabc",
               "* OK [APPENDUID * 3] *\r\n* 1 EXPUNGE\r\n* 2 EXISTS\r\n*c OK Replaced\r\n" },
             { "B", "d NOOP", "* 1 EXPUNGE\r\n* 2 EXISTS\r\n*d OK *" },
             { "A", "e UID REPLACE 2 Drafts {3+}\r\nabc",
               "* OK [APPENDUID * 1] *\r\n* 1 EXPUNGE\r\ne OK Replaced\r\n" },
             { "A", "f UID FETCH 1:* FLAGS", "* 1 FETCH (UID 3 FLAGS (\\Draft*))\r\nf OK *" },
             { "A", "g REPLACE * INBOX CATENATE (URL ;UID=3)", "* OK [APPENDUID * 4] *g OK *" });
}

static void
test_refused (void)
{
  IMAP_TALK ({ "A", "z REPLACE 1 INBOX {3}", "z BAD *" }, IMAP_SAVE ("1"),
             { "A", "a SELECT INBOX", "*a OK *" }, { "A", "b REPLACE 2 INBOX {3}", "b NO *" },
             { "A", "c UID REPLACE 9 INBOX {3+}\r\nabc", "c NO *" },
             { "A", "d REPLACE 1 Nowhere {3+}\r\nabc", "d NO [TRYCREATE] *" },
             { "A", "e REPLACE 1 INBOX {0}", "e NO [CANNOT] *" },
             { "A", "f REPLACE 1 INBOX", "f BAD Expected: REPLACE *" },
             { "A", "g REPLACE 1 INBOX {3+}\r\nabc {3+}\r\ndef", "g BAD *" },
             { "A", "h EXAMINE INBOX", "*h OK *" },
             { "A", "i REPLACE 1 INBOX {3+}\r\nabc", "i NO [READ-ONLY] *" },
             { "A", "j STATUS INBOX (MESSAGES UIDNEXT)",
               "* STATUS \"INBOX\" (MESSAGES 1 UIDNEXT 2)\r\nj OK *" });
}

/* What another session has removed meanwhile is not there to be replaced. */
static void
test_collision (void)
{
  IMAP_TALK (
      IMAP_SAVE ("1"), { "A", "a SELECT INBOX", "*a OK *" },
      { "A", "b REPLACE 1 INBOX {3}", "+ Go ahead\r\n" }, { "B", "c SELECT INBOX", "*c OK *" },
      { "B", "d STORE 1 +FLAGS (\\Deleted)", "*d OK *" }, { "B", "e EXPUNGE", "*e OK *" },
      { "A", "abc", "*b NO *" }, { "A", "f STATUS INBOX (MESSAGES)", "*(MESSAGES 0)*f OK *" });
}

/* Only what is added counts against the quota (RFC 8508 §3.4). */
static void
test_quota (void)
{
  g_autofree char *text = g_strnfill (70000, 'x');
  g_autofree char *save = g_strdup_printf ("a APPEND INBOX {70000+}\r\n%s", text);
  g_autofree char *replace = g_strdup_printf ("c REPLACE 1 INBOX {70000+}\r\n%s", text);
  const ImapStep steps[] = {
    { "A", save, "a OK *" },
    { "A", "b SELECT INBOX", "*b OK *" },
    { "A", replace, "*c OK *" },
    { "A", "d APPEND INBOX {70000}", "d NO [OVERQUOTA] *" },
  };

  imap_set_up ();
  imap_talk (steps, G_N_ELEMENTS (steps));
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-replace/replace", test_replace);
  g_test_add_func ("/cmd-replace/refused", test_refused);
  g_test_add_func ("/cmd-replace/collision", test_collision);
  g_test_add_func ("/cmd-replace/quota", test_quota);
  return g_test_run ();
}
