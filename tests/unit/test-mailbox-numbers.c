/* The numbers of mailboxes, at once and one by one. */
#include "mailbox-fixture.h"

static void
sum (const MailboxNumbers *numbers, gpointer data)
{
  MailboxNumbers *all = data;

  all->id += 1;
  all->messages += numbers->messages;
  all->unseen += numbers->unseen;
}

static gboolean
look (StoreTransaction *transaction, gpointer data, GError **error)
{
  Fixture *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (Mailbox) mailbox = mailbox_load (database, self->inbox, error);
  MailboxNumbers numbers, all = { 0 };

  g_assert_true (mailbox_read_numbers (database, self->inbox, &numbers, error));
  g_assert_cmpint (numbers.id, ==, self->inbox);
  g_assert_cmpuint (numbers.uid_validity, ==, mailbox->uid_validity);
  g_assert_cmpuint (numbers.uid_next, ==, 2);
  g_assert_cmpuint (numbers.modseq, ==, mailbox->modseq);
  numbers = mailbox_numbers (mailbox);
  g_assert_cmpuint (numbers.messages, ==, 1);
  g_assert_true (mailbox_each_numbers (database, self->account, sum, &all, error));
  g_assert_cmpint (all.id, ==, 2);
  g_assert_cmpuint (all.messages, ==, 1);
  g_assert_cmpuint (all.unseen, ==, 1);
  /* One that is gone has none. */
  g_assert_true (mailbox_delete (transaction, self->account, "Work", error));
  g_assert_true (mailbox_read_numbers (database, self->inbox + 1, &numbers, error));
  g_assert_cmpint (numbers.id, ==, 0);
  return TRUE;
}

static void
test_numbers (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PreparedMessage) message = prepare_text (self->store, "Subject: x\r\n\r\ny");
  Adding adding = { .mailbox = self->inbox, .message = message };

  g_assert_cmpint (create_mailbox (self, "Work"), ==, self->inbox + 1);
  store_write_sync (self->store, add_message, &adding, &error);
  g_assert_no_error (error);
  store_write_sync (self->store, look, self, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/mailbox-numbers/read", test_numbers);
  return g_test_run ();
}
