#include "tests/unit/imap-fixture.h"

static void
test_stranger (void)
{
  IMAP_TALK ({ "M", "a CAPABILITY",
               "* CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID *STARTTLS AUTH=SCRAM-SHA-256 AUTH=PLAIN AUTH=LOGIN\r\n"
               "a OK Done\r\n" });
}

static void
test_known (void)
{
  IMAP_TALK ({ "A", "a CAPABILITY",
               "* CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID * IDLE *\r\n"
               "a OK Done\r\n" },
             { "A", "b CAPABILITY x", "b BAD Expected: CAPABILITY\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-capability/stranger", test_stranger);
  g_test_add_func ("/cmd-capability/known", test_known);
  return g_test_run ();
}
