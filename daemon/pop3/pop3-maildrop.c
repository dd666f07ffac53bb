/* Reads the INBOX and keeps the marks. */
#include "pop3/pop3-maildrop.h"

Pop3Maildrop *
pop3_maildrop_new (gint64 account)
{
  Pop3Maildrop *self = g_new0 (Pop3Maildrop, 1);

  self->account = account;
  self->messages = g_array_new (FALSE, FALSE, sizeof (Pop3Message));
  return self;
}

void
pop3_maildrop_free (Pop3Maildrop *self)
{
  g_array_unref (self->messages);
  g_free (self);
}

static gboolean
add (const Entry *entry, gpointer data)
{
  Pop3Maildrop *self = data;
  Pop3Message message = { .uid = entry->uid, .size = (guint32)MIN (entry->size, G_MAXINT32) };

  g_array_append_val (self->messages, message);
  self->size += message.size;
  self->live++;
  return TRUE;
}

gboolean
pop3_maildrop_read (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Pop3Maildrop *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) inbox = mailbox_find (database, self->account, "INBOX", error);

  if (inbox == NULL)
    return FALSE;
  self->mailbox = inbox->id;
  self->uid_validity = inbox->uid_validity;
  return mailbox_each (database, inbox->id, 1, G_MAXUINT32, FALSE, add, self, error);
}

Pop3Message *
pop3_maildrop_find (Pop3Maildrop *self, guint64 number, gboolean *is_deleted)
{
  Pop3Message *message;

  *is_deleted = FALSE;
  if (number == 0 || number > self->messages->len)
    return NULL;
  message = &g_array_index (self->messages, Pop3Message, number - 1);
  *is_deleted = message->is_deleted;
  return *is_deleted ? NULL : message;
}

void
pop3_maildrop_mark (Pop3Maildrop *self, Pop3Message *message)
{
  g_assert (!message->is_deleted);
  message->is_deleted = TRUE;
  self->live--;
  self->deleted++;
  self->size -= message->size;
}

void
pop3_maildrop_unmark_all (Pop3Maildrop *self)
{
  for (guint i = 0; i < self->messages->len && self->deleted > 0; i++) {
    Pop3Message *message = &g_array_index (self->messages, Pop3Message, i);
    if (!message->is_deleted)
      continue;
    message->is_deleted = FALSE;
    self->live++;
    self->deleted--;
    self->size += message->size;
  }
}

GArray *
pop3_maildrop_marked (const Pop3Maildrop *self)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (UidRange));
  gboolean goes_on = FALSE; /* the message before is marked too */

  for (guint i = 0; i < self->messages->len; i++) {
    const Pop3Message *message = &g_array_index (self->messages, Pop3Message, i);
    UidRange range = { message->uid, message->uid };
    if (message->is_deleted && goes_on)
      g_array_index (ranges, UidRange, ranges->len - 1).last = message->uid;
    else if (message->is_deleted)
      g_array_append_val (ranges, range);
    goes_on = message->is_deleted;
  }
  return ranges;
}

/* UIDVALIDITY and UID name one message for ever (RFC 9051 §2.3.1.1): neither is used twice in the
 * whole store, and a restored backup has the same. The message's number in the store would name
 * two copies alike and may come back after compaction, and so would its digest. */
void
pop3_maildrop_unique_id (const Pop3Maildrop *self, const Pop3Message *message,
                         char text[POP3_UNIQUE_ID_MAX])
{
  g_snprintf (text, POP3_UNIQUE_ID_MAX, "%u.%u", self->uid_validity, message->uid);
}
