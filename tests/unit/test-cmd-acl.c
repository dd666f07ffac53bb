#include "tests/unit/imap-fixture.h"

static void
test_own (void)
{
  IMAP_TALK ({ "A", "a MYRIGHTS Sent", "* MYRIGHTS \"Sent\" lrswipkxteacd\r\na OK Done\r\n" },
             { "A", "b GETACL Sent",
               "* ACL \"Sent\" \"anna@example.com\" lrswipkxteacd\r\nb OK Done\r\n" },
             { "A", "c SETACL Sent anyone lr", "c OK Done\r\n" },
             { "A", "d GETACL Sent",
               "* ACL \"Sent\" \"anna@example.com\" lrswipkxteacd \"anyone\" lr\r\nd OK Done\r\n" },
             { "A", "e LISTRIGHTS Sent anna@example.com",
               "* LISTRIGHTS \"Sent\" \"anna@example.com\" lrswipkxteacd\r\ne OK Done\r\n" },
             { "A", "f DELETEACL Sent anyone", "f OK Done\r\n" },
             { "A", "g SETACL Sent anna@example.com lr", "g NO [CANNOT] *\r\n" });
}

static void
test_malformed (void)
{
  IMAP_TALK ({ "A", "a SETACL Sent anyone lrz", "a BAD Expected: *\r\n" },
             { "A", "b SETACL Sent anyone", "b BAD Expected: *\r\n" },
             { "A", "c SETACL Sent", "c BAD Expected: *\r\n" },
             { "A", "d DELETEACL Sent anyone x", "d BAD Expected: *\r\n" },
             { "A", "e LISTRIGHTS Sent", "e BAD Expected: *\r\n" },
             { "A", "f MYRIGHTS Nowhere", "f NO [NONEXISTENT] *\r\n" },
             { "A", "g SETACL Sent \"a b\" lr", "g NO [CANNOT] *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-acl/own", test_own);
  g_test_add_func ("/cmd-acl/malformed", test_malformed);
  return g_test_run ();
}
