/* STATUS (RFC 9051 §6.3.11). */
#include "imap/imap-commands.h"

#include "imap/imap-status.h"

typedef struct {
  gint64 account;
  char *name;
  guint wanted; /* of imap_status_parse */
  gboolean utf8; /* names */
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
read_status (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Place) place = place_find (database, self->account, self->name, RIGHT_READ, error);

  return place && imap_status_print (self->out, database, place, self->wanted, self->utf8, error);
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

void
imap_cmd_status (ImapSession *self, ImapParser *arguments)
{
  g_autofree char *name = imap_take_mailbox (self, arguments, FALSE);
  guint wanted = 0;
  Asking *asking;

  if (!name)
    return;
  if (imap_parser_space (arguments))
    wanted = imap_status_parse (arguments);
  if (wanted == 0 || !imap_parser_at_end (arguments)) {
    imap_session_refuse (self);
    return;
  }
  if (imap_status_has_modseq (wanted))
    imap_session_enable (self, IMAP_ENABLED_CONDSTORE);
  asking = g_new0 (Asking, 1);
  asking->account = self->account;
  asking->name = g_steal_pointer (&name);
  asking->wanted = wanted;
  asking->utf8 = imap_session_names_are_utf8 (self);
  asking->out = g_string_new (NULL);
  store_read_async (self->service->store, read_status, asking, asking_free, NULL, did_read,
                    imap_session_ref (self));
}
