/* LIST responses of NOTIFY: each name once, in order, with what is so now. */
#include "imap/imap-notify-list.h"

static Place *
add_place (GPtrArray *places, const char *name, gint64 id, const char *use)
{
  Place *place = g_new0 (Place, 1);

  place->name = g_strdup (name);
  place->mailbox = g_new0 (Mailbox, 1);
  place->mailbox->id = id;
  place->mailbox->special_use = g_strdup (use);
  place->mailbox->keywords = g_ptr_array_new ();
  g_ptr_array_add (places, place);
  return place;
}

static ImapKnownRow *
add_row (ImapKnown *known, const char *name, gint64 id)
{
  ImapKnownRow *row = imap_known_row_new (name);

  row->id = id;
  imap_known_put (known, row);
  return row;
}

static void
test_print (void)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func ((GDestroyNotify)place_free);
  g_autoptr (ImapKnown) now = imap_known_new (NULL);
  g_autoptr (ImapNotifyList) list = imap_notify_list_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  add_place (places, "a", 1, NULL);
  add_place (places, "a/b", 2, "\\Sent");
  add_row (now, "a", 1)->subscribed = TRUE;
  add_row (now, "a/b", 2)->no_access = TRUE;
  add_row (now, "\303\244", 0);
  imap_notify_list_print (list, now, places, FALSE, out);
  g_assert_cmpstr (out->str, ==, "");
  (void)imap_notify_list_add (list, "\303\244");
  imap_notify_list_add (list, "gone")->no_access = TRUE;
  imap_notify_list_add (list, "a/b")->old = g_strdup ("b \"c\"");
  (void)imap_notify_list_add (list, "a");
  g_assert_true (imap_notify_list_add (list, "gone")->no_access);
  imap_notify_list_print (list, now, places, FALSE, out);
  g_assert_cmpstr (out->str, ==,
                   "* LIST (\\HasChildren \\Subscribed) \"/\" \"a\"\r\n"
                   "* LIST (\\HasNoChildren \\NoAccess \\Sent) \"/\" \"a/b\""
                   " (\"OLDNAME\" (\"b \\\"c\\\"\"))\r\n"
                   "* LIST (\\HasNoChildren \\NonExistent \\NoAccess) \"/\" \"gone\"\r\n"
                   "* LIST (\\HasNoChildren \\NonExistent) \"/\" \"&AOQ-\"\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-notify-list/print", test_print);
  return g_test_run ();
}
