/* The numbers of mailboxes, for who wants to know whether they have changed. */
#include "store/mailbox.h"

#define COLUMNS "SELECT id, uid_validity, uid_next, messages, unseen, modseq FROM mailbox WHERE "

MailboxNumbers
mailbox_numbers (const Mailbox *mailbox)
{
  return (MailboxNumbers) {
    .id = mailbox->id,
    .uid_validity = mailbox->uid_validity,
    .uid_next = mailbox->uid_next,
    .messages = mailbox->messages,
    .unseen = mailbox->unseen,
    .modseq = mailbox->modseq,
  };
}

static gboolean
tell_rows (Statement *row, void (*func) (const MailboxNumbers *numbers, gpointer data),
           gpointer data, GError **error)
{
  GError *failure = NULL;

  if (!row)
    return FALSE;
  while (statement_next (row, &failure)) {
    const MailboxNumbers numbers = {
      .id = statement_int (row, 0),
      .uid_validity = (guint32)statement_int (row, 1),
      .uid_next = (guint32)statement_int (row, 2),
      .messages = (guint32)statement_int (row, 3),
      .unseen = (guint32)statement_int (row, 4),
      .modseq = (guint64)statement_int (row, 5),
    };
    func (&numbers, data);
  }
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static void
take (const MailboxNumbers *numbers, gpointer data)
{
  *(MailboxNumbers *)data = *numbers;
}

gboolean
mailbox_read_numbers (Database *database, gint64 id, MailboxNumbers *numbers, GError **error)
{
  *numbers = (MailboxNumbers) { 0 };
  return tell_rows (
      database_query (database, error, COLUMNS "id = ?1 AND deleted IS NULL", "i", id), take,
      numbers, error);
}

gboolean
mailbox_each_numbers (Database *database, gint64 account,
                      void (*func) (const MailboxNumbers *numbers, gpointer data), gpointer data,
                      GError **error)
{
  return tell_rows (
      database_query (database, error, COLUMNS "account = ?1 AND deleted IS NULL", "i", account),
      func, data, error);
}
