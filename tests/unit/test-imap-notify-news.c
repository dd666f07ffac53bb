/* What is said of other mailboxes' messages and annotations. */
#include "notify-fixture.h"

/* Whether STATUS comes, and what of it, hangs on these numbers alone. */
static void
set_numbers (Watching *self, gint64 mailbox, guint uid_next, guint messages, guint unseen,
             guint modseq)
{
  g_autoptr (GError) error = NULL;

  database_run (self->database, &error,
                "UPDATE mailbox SET uid_validity = 7, uid_next = ?2, messages = ?3, unseen = ?4,"
                " modseq = ?5 WHERE id = ?1",
                "iiiii", mailbox, (gint64)uid_next, (gint64)messages, (gint64)unseen,
                (gint64)modseq);
  g_assert_no_error (error);
}

static gboolean
test_status (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    gboolean modseq, flags;
    guint uid_next, messages, unseen, highest;
    const char *expected; /* behind the name */
  } steps[] = {
    { FALSE, FALSE, 3, 2, 1, 6, "(MESSAGES 2 UIDNEXT 3)" },
    { FALSE, FALSE, 3, 2, 0, 7, NULL },
    { FALSE, FALSE, 3, 1, 0, 8, "(MESSAGES 1 UIDNEXT 3)" },
    { FALSE, FALSE, 4, 1, 0, 9, "(MESSAGES 1 UIDNEXT 4)" }, /* one came and one went */
    { TRUE, FALSE, 5, 2, 1, 10, "(MESSAGES 2 UIDNEXT 5 HIGHESTMODSEQ 10)" },
    { TRUE, FALSE, 5, 2, 0, 11, NULL },
    { FALSE, TRUE, 5, 2, 1, 12, "(UIDVALIDITY 7 UNSEEN 1)" },
    { FALSE, TRUE, 5, 2, 1, 13, NULL },
    { TRUE, TRUE, 5, 2, 1, 14, "(UIDVALIDITY 7 HIGHESTMODSEQ 14)" },
    { TRUE, TRUE, 5, 2, 0, 15, "(UIDVALIDITY 7 UNSEEN 0 HIGHESTMODSEQ 15)" },
    { TRUE, TRUE, 6, 3, 1, 16, "(MESSAGES 3 UIDNEXT 6 UIDVALIDITY 7 UNSEEN 1 HIGHESTMODSEQ 16)" },
  };
  Watching self = watching (transaction, data);
  gint64 id = watching_create (&self, "n");

  set_numbers (&self, id, 2, 1, 1, 5);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autofree char *expected
        = steps[i].expected ? g_strdup_printf ("* STATUS \"n\" %s\r\n", steps[i].expected) : NULL;
    watching_begin (&self,
                    steps[i].flags ? " SET (mailboxes n (MessageNew MessageExpunge FlagChange))"
                                   : " SET (mailboxes n (MessageNew MessageExpunge))",
                    "");
    self.modseq = steps[i].modseq;
    set_numbers (&self, id, steps[i].uid_next, steps[i].messages, steps[i].unseen,
                 steps[i].highest);
    g_test_message ("step %" G_GSIZE_FORMAT, i);
    watching_expect (&self, expected ? expected : "");
  }
  imap_known_free (self.known);
  return TRUE;
}

static gboolean
test_first (StoreTransaction *transaction, gpointer data, GError **error)
{
  Watching self = watching (transaction, data);
  gint64 id = watching_create (&self, "n");

  set_numbers (&self, id, 3, 2, 1, 6);
  watching_begin (&self, " SET STATUS (mailboxes n (MessageNew MessageExpunge))",
                  "* STATUS \"n\" (MESSAGES 2 UIDNEXT 3 UIDVALIDITY 7)\r\n");
  watching_begin (&self, " SET STATUS (mailboxes n (MessageNew MessageExpunge FlagChange))",
                  "* STATUS \"n\" (MESSAGES 2 UIDNEXT 3 UIDVALIDITY 7 HIGHESTMODSEQ 6)\r\n");
  watching_begin (&self, " SET STATUS (mailboxes n (MailboxName))", "");
  watching_begin (&self, " SET STATUS (mailboxes n NONE)", "");
  self.selected = id;
  watching_begin (&self, " SET STATUS (mailboxes n (MessageNew MessageExpunge))", "");
  imap_known_free (self.known);
  return TRUE;
}

/* The selected mailbox is told otherwise; when it must not be, it is told after it is left. */
static gboolean
test_selected (StoreTransaction *transaction, gpointer data, GError **error)
{
  Watching self = watching (transaction, data);
  gint64 id = watching_create (&self, "n");

  set_numbers (&self, id, 3, 2, 1, 6);
  watching_begin (&self, " SET (mailboxes n (MessageNew MessageExpunge))", "");
  self.selected = id;
  self.selected_is_told = TRUE;
  set_numbers (&self, id, 4, 3, 2, 7);
  watching_expect (&self, "");
  self.selected_is_told = FALSE;
  set_numbers (&self, id, 5, 4, 3, 8);
  watching_expect (&self, "");
  self.selected = 0;
  watching_expect (&self, "* STATUS \"n\" (MESSAGES 4 UIDNEXT 5)\r\n");
  imap_known_free (self.known);
  return TRUE;
}

static gboolean
test_annotations (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const struct {
    const char *arguments;
    gboolean server;
    const char *expected;
  } cases[] = {
    { " SET (mailboxes n (MailboxMetadataChange))", FALSE, "* METADATA \"n\" \"/shared/a b\"\r\n" },
    { " SET (mailboxes m (MailboxMetadataChange))", FALSE, "" },
    { " SET (mailboxes n (ServerMetadataChange))", FALSE, "" },
    { " SET (mailboxes m (ServerMetadataChange))", TRUE, "* METADATA \"\" \"/shared/a b\"\r\n" },
    { " SET (mailboxes n (MailboxMetadataChange))", TRUE, "" },
  };
  Watching self = watching (transaction, data);
  gint64 id = watching_create (&self, "n");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    watching_begin (&self, cases[i].arguments, "");
    self.note = (ImapNotifyNote) { NOTE_METADATA, cases[i].server ? 0 : id, (char *)"/shared/a b" };
    watching_expect (&self, cases[i].expected);
  }
  imap_known_free (self.known);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  office_add_job ("/imap-notify-news/status", test_status);
  office_add_job ("/imap-notify-news/first", test_first);
  office_add_job ("/imap-notify-news/selected", test_selected);
  office_add_job ("/imap-notify-news/annotations", test_annotations);
  return g_test_run ();
}
