/* Several messages in one APPEND: all or none. */
#include "tests/unit/imap-fixture.h"

static void
test_several (void)
{
  IMAP_TALK ({ "A",
               "a APPEND INBOX (\\Seen) {3+}\r\nabc (x) \"01-Feb-2020 10:00:00 +0100\" {2+}\r\nde "
               "{1+}\r\nf",
               "a OK [APPENDUID * 1:3] Saved\r\n" },
             { "A", "b SELECT INBOX", "*b OK *\r\n" },
             { "A", "c FETCH 1:3 (FLAGS BODY.PEEK[])",
               "* 1 FETCH (FLAGS (\\Seen \\Recent) BODY[] {3}\r\nabc)\r\n"
               "* 2 FETCH (FLAGS (\\Recent x) BODY[] {2}\r\nde)\r\n"
               "* 3 FETCH (FLAGS (\\Recent) BODY[] {1}\r\nf)\r\nc OK *\r\n" });
}

/* A client that waits for each "+"; an empty message cancels (RFC 3502). */
static void
test_cancelled (void)
{
  IMAP_TALK ({ "A", "a APPEND INBOX {3}", "+ Go ahead\r\n" }, { "A", "abc {2}", "+ Go ahead\r\n" },
             { "A", "de {0}", "a NO [CANNOT] *\r\n" },
             { "A", "b APPEND INBOX {3+}\r\nabc {0+}\r\n {3+}\r\ndef", "b NO [CANNOT] *\r\n" },
             { "A", "c STATUS INBOX (MESSAGES)", "* STATUS \"INBOX\" (MESSAGES 0)\r\nc OK *\r\n" });
}

/* Quota is that of all together; what was refused is not half there. */
static void
test_refused (void)
{
  g_autofree char *half = g_strnfill (60000, 'x');
  g_autofree char *both
      = g_strdup_printf ("a APPEND INBOX {60000+}\r\n%s {60000+}\r\n%s", half, half);
  const ImapStep steps[] = {
    { "A", both, "a NO [OVERQUOTA] *\r\n" },
    { "A", "b APPEND INBOX {60000}", "+ Go ahead\r\n" },
    { "A", half, "b OK *\r\n" },
    { "A", "c APPEND INBOX {60000}", "c NO [OVERQUOTA] *\r\n" },
    { "A", "d APPEND INBOX {3+}\r\nabc nonsense", "d BAD *\r\n" },
    { "A", "e APPEND INBOX {3+}\r\nabc (x) nonsense {3+}\r\ndef", "e BAD *\r\n" },
    { "A", "f STATUS INBOX (MESSAGES)", "* STATUS \"INBOX\" (MESSAGES 1)\r\nf OK *\r\n" },
  };

  imap_set_up ();
  imap_talk (steps, G_N_ELEMENTS (steps));
  imap_tear_down ();
}

/* The client goes in the middle of its second message. */
static void
test_gone (void)
{
  IMAP_TALK ({ "A", "a APPEND INBOX {3+}\r\nabc {1000}", "+ Go ahead\r\n" },
             { "A", "not all of it", NULL },
             { "B", "b STATUS INBOX (MESSAGES)", "* STATUS \"INBOX\" (MESSAGES 0)\r\nb OK *\r\n" });
}

static void
test_binary (void)
{
  IMAP_TALK (
      { "A", "a APPEND INBOX ~{3}", "+ Go ahead\r\n" }, { "A", "abc", "a OK *\r\n" },
      { "A", "b APPEND INBOX ~{3+}\r\nabc UTF8 (~{3+}\r\ndef)", "b OK [APPENDUID * 2:3] *" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-append/several", test_several);
  g_test_add_func ("/imap-append/cancelled", test_cancelled);
  g_test_add_func ("/imap-append/refused", test_refused);
  g_test_add_func ("/imap-append/gone", test_gone);
  g_test_add_func ("/imap-append/binary", test_binary);
  return g_test_run ();
}
