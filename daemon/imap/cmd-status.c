/* STATUS (RFC 9051 §6.3.11). */
#include "imap/imap-commands.h"

#include "imap/imap-print.h"
#include "settings.h"
#include "store/object.h"

typedef enum {
  STATUS_MESSAGES,
  STATUS_RECENT,
  STATUS_UIDNEXT,
  STATUS_UIDVALIDITY,
  STATUS_UNSEEN,
  STATUS_APPENDLIMIT, /* RFC 7889 */
  STATUS_MAILBOXID, /* RFC 8474 */
  STATUS_COUNT,
} StatusItem;

static const char *const items[STATUS_COUNT] = {
  [STATUS_MESSAGES] = "MESSAGES",   [STATUS_RECENT] = "RECENT",
  [STATUS_UIDNEXT] = "UIDNEXT",     [STATUS_UIDVALIDITY] = "UIDVALIDITY",
  [STATUS_UNSEEN] = "UNSEEN",       [STATUS_APPENDLIMIT] = "APPENDLIMIT",
  [STATUS_MAILBOXID] = "MAILBOXID",
};

typedef struct {
  gint64 account;
  char *name;
  guint wanted; /* bits of StatusItem */
  GString *out;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_free (self->name);
  g_string_free (self->out, TRUE);
  g_free (self);
}

static gboolean
count_one (const Entry *entry, gpointer data)
{
  guint32 *count = data;

  (*count)++;
  return TRUE;
}

/* VALUES[STATUS_MAILBOXID] is the mailbox's id. */
static void
print_status (Asking *self, const guint64 values[STATUS_COUNT], guint32 epoch)
{
  const char *between = "";

  g_string_append (self->out, "* STATUS ");
  imap_print_mailbox (self->out, self->name);
  g_string_append (self->out, " (");
  for (guint i = 0; i < STATUS_COUNT; i++) {
    if (!(self->wanted & 1u << i))
      continue;
    g_string_append_printf (self->out, "%s%s ", between, items[i]);
    between = " ";
    if (i != STATUS_MAILBOXID) {
      imap_print_number (self->out, values[i]);
      continue;
    }
    g_string_append_c (self->out, '(');
    object_print (self->out, OBJECT_MAILBOX, epoch, (gint64)values[i]);
    g_string_append_c (self->out, ')');
  }
  g_string_append (self->out, ")\r\n");
}

static gboolean
read_status (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) mailbox = mailbox_find (database, self->account, self->name, error);
  guint32 recent = 0, epoch;

  if (!mailbox || !object_epoch (database, &epoch, error))
    return FALSE;
  if (self->wanted & 1u << STATUS_RECENT
      && !mailbox_each (database, mailbox->id, mailbox->recent_from, G_MAXUINT32, FALSE, count_one,
                        &recent, error))
    return FALSE;
  print_status (self,
                (guint64[STATUS_COUNT]) {
                    [STATUS_MESSAGES] = mailbox->messages,
                    [STATUS_RECENT] = recent,
                    [STATUS_UIDNEXT] = mailbox->uid_next,
                    [STATUS_UIDVALIDITY] = mailbox->uid_validity,
                    [STATUS_UNSEEN] = mailbox->unseen,
                    [STATUS_APPENDLIMIT] = (guint64)setting_number (SETTING_SMTP_MAX_MESSAGE_SIZE),
                    [STATUS_MAILBOXID] = (guint64)mailbox->id,
                },
                epoch);
  return TRUE;
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  Asking *asking = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (self->service->store, result, &error);

  if (!imap_session_goes_on (self, read, error))
    return;
  channel_write (self->channel, asking->out->str, asking->out->len);
  imap_session_finish (self, IMAP_OK, "Done");
}

static gboolean
take_item (ImapParser *parser, gpointer data)
{
  guint *wanted = data;

  for (guint i = 0; i < STATUS_COUNT; i++)
    if (imap_parser_word (parser, items[i])) {
      *wanted |= 1u << i;
      return TRUE;
    }
  return FALSE;
}

void
imap_cmd_status (ImapSession *self, ImapParser *arguments)
{
  g_autofree char *name = imap_take_mailbox (self, arguments, FALSE);
  guint wanted = 0;
  Asking *asking;

  if (!name)
    return;
  if (!imap_parser_space (arguments) || !imap_parser_list (arguments, take_item, &wanted)
      || wanted == 0 || !imap_parser_at_end (arguments)) {
    imap_session_refuse (self);
    return;
  }
  asking = g_new0 (Asking, 1);
  asking->account = self->account;
  asking->name = g_steal_pointer (&name);
  asking->wanted = wanted;
  asking->out = g_string_new (NULL);
  store_read_async (self->service->store, read_status, asking, asking_free, NULL, did_read,
                    imap_session_ref (self));
}
