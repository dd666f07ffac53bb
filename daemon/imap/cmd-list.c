/* LIST (RFC 9051 §6.3.9, with RFC 5819, 6154 and 8440), LSUB (RFC 3501 §6.3.9) and XLIST. */
#include "imap/imap-commands.h"

#include <string.h>

#include "imap/imap-list.h"
#include "imap/imap-print.h"
#include "imap/imap-status.h"

typedef struct {
  gint64 account;
  ImapListKind kind;
  ImapListRequest *request;
  GString *out;
  Database *database; /* while the job runs */
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  imap_list_request_free (self->request);
  g_string_free (self->out, TRUE);
  g_free (self);
}

static void
print_rights (GString *out, const Place *place, gboolean utf8)
{
  g_autofree char *rights = rights_print (place->rights);

  g_string_append (out, "* MYRIGHTS ");
  imap_print_mailbox (out, place->name, utf8);
  g_string_append_printf (out, " %s\r\n", rights);
}

/* RFC 8440 §3, RFC 5819 §2: right after the line of the mailbox. One that may not be read has no
 * STATUS. */
static gboolean
tell_more (GString *out, const Place *place, gpointer data, GError **error)
{
  Asking *self = data;

  if (self->request->return_ & IMAP_LIST_MYRIGHTS)
    print_rights (out, place, self->request->utf8);
  if (!(self->request->return_ & IMAP_LIST_STATUS) || !(place->rights & RIGHT_READ))
    return TRUE;
  return imap_status_print (out, self->database, place, self->request->status, self->request->utf8,
                            error);
}

/* One snapshot for all, so that the numbers fit each other. */
static gboolean
read_list (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  g_autoptr (GPtrArray) places = NULL;

  self->database = store_snapshot_database (snapshot);
  places = place_list (self->database, self->account, error);
  return places
      && imap_list_print (self->out, self->kind, self->request, places, tell_more, self, error);
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
  imap_session_finish (self, IMAP_OK, "Listed");
}

/* Wildcards are no letters of modified UTF-7, so a whole pattern decodes as a name does. What
 * cannot be a name matches nothing. */
static void
decode_patterns (ImapListRequest *request)
{
  g_autoptr (GPtrArray) wire = g_steal_pointer (&request->patterns);

  request->patterns = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < wire->len; i++) {
    char *decoded = imap_mailbox_decode (g_ptr_array_index (wire, i), request->utf8);
    if (!decoded)
      continue;
    if (g_ascii_strncasecmp (decoded, "INBOX", 5) == 0)
      memcpy (decoded, "INBOX", 5);
    g_ptr_array_add (request->patterns, decoded);
  }
}

/* An empty pattern asks for the delimiter and the root of the reference (RFC 9051 §6.3.9). */
static gboolean
asks_for_root (const ImapListRequest *request)
{
  return !request->extended
      && g_str_equal (g_ptr_array_index (request->patterns, 0), request->reference);
}

static void
tell_root (ImapSession *self, const char *word)
{
  channel_print (self->channel, "* %s (\\Noselect) \"/\" \"\"\r\n", word);
  imap_session_finish (self, IMAP_OK, "Listed");
}

static void
list (ImapSession *self, ImapParser *arguments, ImapListKind kind, const char *word)
{
  g_autoptr (ImapListRequest) request = imap_list_request_parse (arguments, kind != IMAP_LIST);
  Asking *asking;

  if (!request) {
    imap_session_refuse (self);
    return;
  }
  if (asks_for_root (request)) {
    tell_root (self, word);
    return;
  }
  decode_patterns (request);
  if (kind == IMAP_LSUB)
    request->select |= IMAP_LIST_SUBSCRIBED;
  asking = g_new0 (Asking, 1);
  asking->account = self->account;
  asking->kind = kind;
  asking->request = g_steal_pointer (&request);
  asking->out = g_string_new (NULL);
  store_read_async (self->service->store, read_list, asking, asking_free, NULL, did_read,
                    imap_session_ref (self));
}

void
imap_cmd_list (ImapSession *self, ImapParser *arguments)
{
  list (self, arguments, IMAP_LIST, "LIST");
}

void
imap_cmd_lsub (ImapSession *self, ImapParser *arguments)
{
  list (self, arguments, IMAP_LSUB, "LSUB");
}

void
imap_cmd_xlist (ImapSession *self, ImapParser *arguments)
{
  list (self, arguments, IMAP_XLIST, "XLIST");
}
