/* MailboxName, SubscriptionChange, and rights that come and go. */
#include "notify-fixture.h"

static gboolean
test_names (StoreTransaction *transaction, gpointer data, GError **error)
{
  Watching self = watching (transaction, data);

  watching_begin (&self, " SET (personal (MailboxName))", "");
  watching_create (&self, "n/m");
  watching_expect (&self,
                   "* LIST (\\HasChildren) \"/\" \"n\"\r\n"
                   "* LIST (\\HasNoChildren) \"/\" \"n/m\"\r\n");
  /* The child is carried along; a subscription too. */
  mailbox_subscribe (transaction, self.account, "n/m", TRUE, error);
  mailbox_rename (transaction, self.account, "n", "o", error);
  watching_expect (&self, "* LIST (\\HasChildren) \"/\" \"o\" (\"OLDNAME\" (\"n\"))\r\n");
  mailbox_rename (transaction, self.account, "o/m", "p", error);
  watching_expect (&self,
                   "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"p\""
                   " (\"OLDNAME\" (\"o/m\"))\r\n");
  mailbox_delete (transaction, self.account, "o", error);
  mailbox_rename (transaction, self.account, "p", "o", error); /* takes its name */
  watching_expect (&self,
                   "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"o\""
                   " (\"OLDNAME\" (\"p\"))\r\n");
  mailbox_delete (transaction, self.account, "o", error);
  watching_expect (&self, "* LIST (\\HasNoChildren \\NonExistent \\Subscribed) \"/\" \"o\"\r\n");
  imap_known_free (self.known);
  return TRUE;
}

/* A child that is watched alone is told when its parent is renamed. */
static gboolean
test_not_carried (StoreTransaction *transaction, gpointer data, GError **error)
{
  Watching self = watching (transaction, data);

  watching_create (&self, "n/m");
  watching_begin (&self, " SET (mailboxes n/m (MailboxName))", "");
  mailbox_rename (transaction, self.account, "n", "o", error);
  watching_expect (&self, "* LIST (\\HasNoChildren) \"/\" \"o/m\" (\"OLDNAME\" (\"n/m\"))\r\n");
  imap_known_free (self.known);
  return TRUE;
}

/* A client applies one rename after the other, and each takes along what is below. */
static gboolean
test_renames_together (StoreTransaction *transaction, gpointer data, GError **error)
{
  Watching self = watching (transaction, data);

  watching_create (&self, "n/m");
  watching_create (&self, "x");
  watching_begin (&self, " SET (personal (MailboxName))", "");
  /* The parent first: its child goes along before it gets a name of its own. */
  mailbox_rename (transaction, self.account, "n/m", "z", error);
  mailbox_rename (transaction, self.account, "n", "a", error);
  watching_expect (&self,
                   "* LIST (\\HasNoChildren) \"/\" \"a\" (\"OLDNAME\" (\"n\"))\r\n"
                   "* LIST (\\HasNoChildren) \"/\" \"z\" (\"OLDNAME\" (\"a/m\"))\r\n");
  /* A name is left before it is taken. */
  mailbox_rename (transaction, self.account, "x", "y", error);
  mailbox_rename (transaction, self.account, "z", "x", error);
  watching_expect (&self,
                   "* LIST (\\HasNoChildren) \"/\" \"y\" (\"OLDNAME\" (\"x\"))\r\n"
                   "* LIST (\\HasNoChildren) \"/\" \"x\" (\"OLDNAME\" (\"z\"))\r\n");
  /* What moves below another's old name is not carried off with it. */
  mailbox_rename (transaction, self.account, "a", "b", error);
  mailbox_rename (transaction, self.account, "x", "a/c", error);
  watching_expect (&self,
                   "* LIST (\\HasNoChildren) \"/\" \"b\" (\"OLDNAME\" (\"a\"))\r\n"
                   "* LIST (\\HasNoChildren) \"/\" \"a/c\" (\"OLDNAME\" (\"x\"))\r\n"
                   "* LIST (\\HasChildren) \"/\" \"a\"\r\n");
  imap_known_free (self.known);
  return TRUE;
}

/* It was carried along, then deleted: the client knows it by a name it never had at rest. */
static gboolean
test_carried_and_deleted (StoreTransaction *transaction, gpointer data, GError **error)
{
  Watching self = watching (transaction, data);

  watching_create (&self, "n/m");
  watching_begin (&self, " SET (personal (MailboxName))", "");
  mailbox_rename (transaction, self.account, "n", "o", error);
  mailbox_delete (transaction, self.account, "o/m", error);
  watching_expect (&self,
                   "* LIST (\\HasNoChildren) \"/\" \"o\" (\"OLDNAME\" (\"n\"))\r\n"
                   "* LIST (\\HasNoChildren \\NonExistent) \"/\" \"o/m\"\r\n");
  imap_known_free (self.known);
  return TRUE;
}

/* Two changed places: no order of renames says that, so one of them is told as new. */
static gboolean
test_circle (StoreTransaction *transaction, gpointer data, GError **error)
{
  Watching self = watching (transaction, data);

  watching_create (&self, "a");
  watching_create (&self, "b");
  watching_begin (&self, " SET (personal (MailboxName MessageNew MessageExpunge))", "");
  mailbox_rename (transaction, self.account, "a", "c", error);
  mailbox_rename (transaction, self.account, "b", "a", error);
  mailbox_rename (transaction, self.account, "c", "b", error);
  g_autofree char *told = watching_look (&self, WATCH_NAMES | WATCH_MESSAGES);
  g_assert_true (g_str_has_prefix (told,
                                   "* LIST (\\HasNoChildren) \"/\" \"b\" (\"OLDNAME\" (\"a\"))\r\n"
                                   "* LIST (\\HasNoChildren) \"/\" \"a\"\r\n"
                                   "* STATUS \"a\" (MESSAGES 0 "));
  g_assert_null (strstr (told, "STATUS \"b\""));
  watching_expect (&self, "");
  imap_known_free (self.known);
  return TRUE;
}

static gboolean
test_inbox (StoreTransaction *transaction, gpointer data, GError **error)
{
  Watching self = watching (transaction, data);

  watching_begin (&self, " SET (personal (MailboxName))", "");
  mailbox_rename (transaction, self.account, "INBOX", "Old", error);
  self.note = (ImapNotifyNote) { NOTE_INBOX_RENAMED, 0, (char *)"" };
  g_autoptr (Mailbox) old = mailbox_find (self.database, self.account, "Old", error);
  self.note.mailbox = old->id;
  watching_expect (&self, "* LIST (\\HasNoChildren) \"/\" \"Old\" (\"OLDNAME\" (\"INBOX\"))\r\n");
  imap_known_free (self.known);
  return TRUE;
}

static gboolean
test_subscriptions (StoreTransaction *transaction, gpointer data, GError **error)
{
  Watching self = watching (transaction, data);

  watching_create (&self, "n");
  watching_begin (&self, " SET (subscribed (SubscriptionChange))", "");
  mailbox_subscribe (transaction, self.account, "n", TRUE, error);
  mailbox_subscribe (transaction, self.account, "nowhere", TRUE, error);
  watching_expect (&self,
                   "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"n\"\r\n"
                   "* LIST (\\HasNoChildren \\NonExistent \\Subscribed) \"/\" \"nowhere\"\r\n");
  mailbox_subscribe (transaction, self.account, "n", FALSE, error);
  mailbox_subscribe (transaction, self.account, "nowhere", FALSE, error);
  watching_expect (&self,
                   "* LIST (\\HasNoChildren) \"/\" \"n\"\r\n"
                   "* LIST (\\HasNoChildren \\NonExistent) \"/\" \"nowhere\"\r\n");
  imap_known_free (self.known);
  return TRUE;
}

static void
give (Watching *self, const Mailbox *mailbox, guint rights)
{
  g_autoptr (GError) error = NULL;

  acl_change (self->transaction, mailbox, "bert@example.com", ACL_REPLACE, rights, &error);
  g_assert_no_error (error);
}

static gboolean
test_rights (StoreTransaction *transaction, gpointer data, GError **error)
{
  Watching self = watching (transaction, data);
  gint64 id = watching_create (&self, "n");
  g_autoptr (Mailbox) mailbox = mailbox_load (self.database, id, error);

#define NAME "\"Other Users/anna@example.com/n\"\r\n"
  self.account = self.office->bert;
  give (&self, mailbox, RIGHT_LOOKUP);
  watching_begin (&self, " SET (subtree \"Other Users\" (MessageNew MessageExpunge))",
                  "* LIST (\\HasNoChildren \\NoAccess) \"/\" " NAME);
  give (&self, mailbox, RIGHT_LOOKUP | RIGHT_READ);
  watching_expect (&self, "* LIST (\\HasNoChildren) \"/\" " NAME);
  give (&self, mailbox, 0);
  watching_expect (&self, "* LIST (\\HasNoChildren \\NonExistent \\NoAccess) \"/\" " NAME);
  give (&self, mailbox, RIGHT_LOOKUP);
  watching_expect (&self, "");
  give (&self, mailbox, RIGHT_LOOKUP | RIGHT_READ);
  g_autofree char *back = watching_look (&self, WATCH_NAMES);
  g_assert_true (g_str_has_prefix (back, "* LIST (\\HasNoChildren) \"/\" " NAME));
  /* Without MailboxName nothing is said of a mailbox that is deleted. */
  mailbox_delete (transaction, self.office->anna, "n", error);
  watching_expect (&self, "");
#undef NAME
  imap_known_free (self.known);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/imap-notify-names/names", test_names);
  office_add_job ("/imap-notify-names/not-carried", test_not_carried);
  office_add_job ("/imap-notify-names/renames-together", test_renames_together);
  office_add_job ("/imap-notify-names/carried-and-deleted", test_carried_and_deleted);
  office_add_job ("/imap-notify-names/circle", test_circle);
  office_add_job ("/imap-notify-names/inbox", test_inbox);
  office_add_job ("/imap-notify-names/subscriptions", test_subscriptions);
  office_add_job ("/imap-notify-names/rights", test_rights);
  return g_test_run ();
}
