/* What lies in a mailbox INBOX of an office: the bytes of its mails, one behind the other. */
#pragma once
#include "accounts-fixture.h"
#include "store/message.h"

typedef struct {
  gint64 account;
  GString *text;
  guint count;
} Inbox;

static inline gboolean
inbox_collect (const Entry *entry, gpointer data)
{
  g_array_append_val ((GArray *)data, entry->message);
  return TRUE;
}

static inline gboolean
inbox_read (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Inbox *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) inbox = mailbox_find (database, self->account, "INBOX", error);
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_string_truncate (self->text, 0);
  g_assert_true (
      mailbox_each (database, inbox->id, 1, G_MAXUINT32, FALSE, inbox_collect, messages, error));
  self->count = messages->len;
  for (guint i = 0; i < messages->len; i++) {
    g_autoptr (GBytes) bytes
        = message_read (snapshot, g_array_index (messages, gint64, i), 0, G_MAXUINT64, error);
    g_string_append_len (self->text, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  }
  return TRUE;
}

/* TEXT with one blank wherever it has blanks or begins a line. */
static inline char *
inbox_flow (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \r\n", -1);
  GString *flow = g_string_new (NULL);

  for (guint i = 0; words[i]; i++)
    if (*words[i])
      g_string_append_printf (flow, "%s%s", flow->len > 0 ? " " : "", words[i]);
  return g_string_free (flow, FALSE);
}
