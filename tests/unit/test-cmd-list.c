#include "tests/unit/imap-fixture.h"

static void
test_list (void)
{
  IMAP_TALK ({ "A", "a LIST \"\" \"*\"",
               "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\r\n"
               "* LIST (\\HasNoChildren \\Archive) \"/\" \"Archive\"\r\n"
               "* LIST (\\HasNoChildren \\Drafts) \"/\" \"Drafts\"\r\n"
               "* LIST (\\HasNoChildren \\Junk) \"/\" \"Junk\"\r\n"
               "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent\"\r\n"
               "* LIST (\\HasNoChildren \\Trash) \"/\" \"Trash\"\r\n"
               "a OK Listed\r\n" },
             { "A", "b LIST \"\" \"\"",
               "* LIST (\\Noselect) \"/\" \"\"\r\n"
               "b OK Listed\r\n" },
             { "A", "c LIST \"\" inbox",
               "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\r\n"
               "c OK Listed\r\n" },
             { "A", "d LIST Tr %",
               "* LIST (\\HasNoChildren \\Trash) \"/\" \"Trash\"\r\n"
               "d OK Listed\r\n" },
             { "A", "e LIST \"\"", "e BAD Expected: *\r\n" },
             { "A", "f LSUB \"\" %t",
               "* LSUB (\\HasNoChildren \\Sent) \"/\" \"Sent\"\r\n"
               "f OK Listed\r\n" });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cmd-list/list", test_list);
  return g_test_run ();
}
