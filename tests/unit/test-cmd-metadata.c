/* GETMETADATA and SETMETADATA. */
#include "tests/unit/imap-fixture.h"

static void
test_talk (void)
{
  g_autofree char *value = g_strnfill (65537, 'x');
  g_autofree char *big = g_strdup_printf (
      "k SETMETADATA INBOX (/private/comment NIL /shared/x {65537+}\r\n%s)", value);
  g_autofree char *longest = g_strdup_printf (
      "q SETMETADATA INBOX (/private/x/a {65536+}\r\n%s /private/x/b {65536+}\r\n%s)", value + 1,
      value + 1);
  g_autoptr (GString) often = g_string_new ("r GETMETADATA (DEPTH 1) INBOX (/private/x");
  for (guint i = 1; i < 100; i++)
    g_string_append (often, " /private/x");
  g_string_append_c (often, ')');
  const ImapStep steps[] = {
    { "A", "a GETMETADATA INBOX /shared/comment",
      "* METADATA \"INBOX\" (/shared/comment NIL)\r\na OK Done\r\n" },
    { "A", "b SETMETADATA inbox (/shared/Comment \"ours\" /private/comment {6+}\r\nmi\r\nne)",
      "b OK Done\r\n" },
    { "A", "c GETMETADATA INBOX (/shared/comment /private/comment)",
      "* METADATA \"INBOX\" (/shared/comment \"ours\" /private/comment {6}\r\nmi\r\nne)\r\n"
      "c OK Done\r\n" },
    { "A", "d GETMETADATA (MAXSIZE 4) INBOX (/shared/comment /private/comment)",
      "* METADATA \"INBOX\" (/shared/comment \"ours\")\r\nd OK [METADATA LONGENTRIES 6] Done\r\n" },
    { "A", "e GETMETADATA INBOX (MAXSIZE 1) /shared/comment",
      "e OK [METADATA LONGENTRIES 4] Done\r\n" },
    { "A", "f GETMETADATA (DEPTH infinity) INBOX (/shared /private)",
      "* METADATA \"INBOX\" (/shared/comment \"ours\" /private/comment {6}\r\nmi\r\nne)\r\n"
      "f OK Done\r\n" },
    { "A", "g GETMETADATA nowhere /shared/comment", "g NO [NONEXISTENT] *" },
    { "A", "h GETMETADATA INBOX comment", "h BAD Expected: GETMETADATA *" },
    { "A", "i SETMETADATA INBOX (/shared/a)", "i BAD Expected: SETMETADATA *" },
    { "A", "j SETMETADATA \"\" (/shared/comment \"x\")", "j NO [NOPERM] *" },
    { "A", big, "k NO [METADATA MAXSIZE 65536] *" },
    /* All or nothing. */
    { "A", "l GETMETADATA INBOX /private/comment", "*{6}\r\nmi\r\nne)\r\nl OK Done\r\n" },
    { "A", "m GETMETADATA \"\" (/shared/admin /shared/comment)",
      "* METADATA \"\" (/shared/admin \"mailto:postmaster@example.com\" /shared/comment NIL)\r\n"
      "m OK Done\r\n" },
    { "A", "n SETMETADATA \"\" (/private/vendor/x/y \"z\")", "n OK Done\r\n" },
    { "A", "o GETMETADATA (DEPTH 1) \"\" /private/vendor/x",
      "* METADATA \"\" (/private/vendor/x/y \"z\")\r\no OK Done\r\n" },
    { "A", longest, "q OK Done\r\n" },
    { "A", often->str, "r NO [LIMIT] Ask for fewer entries at once\r\n" },
    { "M", "p GETMETADATA \"\" /shared/comment", "*p BAD *" },
  };

  imap_set_up ();
  imap_talk (steps, G_N_ELEMENTS (steps));
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-metadata/talk", test_talk);
  return g_test_run ();
}
