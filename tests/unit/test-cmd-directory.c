#include "tests/unit/imap-fixture.h"

static void
test_life (void)
{
  IMAP_TALK ({ "A", "a CREATE Entw&APw-rfe/2026/", "a OK [MAILBOXID (F*)] Created\r\n" },
             { "A", "b CREATE Entw&APw-rfe", "b NO [ALREADYEXISTS] *\r\n" },
             { "A", "c LIST \"\" Entw*",
               "* LIST (\\HasChildren) \"/\" \"Entw&APw-rfe\"\r\n"
               "* LIST (\\HasNoChildren) \"/\" \"Entw&APw-rfe/2026\"\r\n"
               "c OK Listed\r\n" },
             { "A", "d RENAME Entw&APw-rfe Alt", "d OK Done\r\n" },
             { "A", "e DELETE Alt", "e NO [CANNOT] *\r\n" },
             { "A", "f DELETE Alt/2026", "f OK Done\r\n" },
             { "A", "g DELETE Alt", "g OK Done\r\n" },
             { "A", "h DELETE Alt", "h NO [NONEXISTENT] *\r\n" });
}

static void
test_subscriptions (void)
{
  IMAP_TALK (
      { "A", "a SUBSCRIBE Gone", "a * *\r\n" }, { "A", "b UNSUBSCRIBE Trash", "b OK Done\r\n" },
      { "A", "c LSUB \"\" T*", "c OK Listed\r\n" }, { "A", "d SUBSCRIBE Trash", "d OK Done\r\n" },
      { "A", "e LSUB \"\" T*",
        "* LSUB (\\HasNoChildren \\Trash) \"/\" \"Trash\"\r\n"
        "e OK Listed\r\n" });
}

static void
test_refused (void)
{
  IMAP_TALK ({ "A", "a CREATE INBOX", "a NO *\r\n" }, { "A", "b DELETE INBOX", "b NO *\r\n" },
             { "A", "c CREATE /", "c NO *\r\n" },
             { "A", "d CREATE", "d BAD Expected: CREATE mailbox [(USE (\\Use))]\r\n" },
             { "A", "e RENAME a", "e BAD Expected: *\r\n" },
             { "A", "f RENAME Nowhere x", "f NO [NONEXISTENT] *\r\n" },
             { "A", "g CREATE \"\xfc\"", "g NO [CANNOT] *\r\n" },
             { "A", "h CREATE a&b", "h NO [CANNOT] *\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-directory/life", test_life);
  g_test_add_func ("/cmd-directory/subscriptions", test_subscriptions);
  g_test_add_func ("/cmd-directory/refused", test_refused);
  return g_test_run ();
}
