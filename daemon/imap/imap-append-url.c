/* CATENATE (RFC 4469): bytes of a message that is there already, copied piece by piece into the one
 * that is being made. */
#include "imap/imap-append.h"
#include "imap/imap-url.h"

#include "accounts/place.h"

#define CHUNK (256 * 1024)
#define SHOWN_MAX 1000 /* of a bad URL */

typedef struct {
  ImapSession *session; /* of the I/O thread: not for the job */
  ImapUrl *url;
  char *text;
  gint64 account, selected;
  gint64 message; /* 0: not found yet */
  ByteRange range; /* that is still to be copied */
  GByteArray *chosen; /* of HEADER.FIELDS: the fields, instead of the message's bytes */
  GBytes *chunk;
} Copying;

static void
copying_free (Copying *self)
{
  imap_session_unref (self->session);
  g_clear_pointer (&self->url, imap_url_free);
  g_free (self->text);
  g_clear_pointer (&self->chosen, g_byte_array_unref);
  g_clear_pointer (&self->chunk, g_bytes_unref);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Copying, copying_free)

static gboolean
not_found (GError **error)
{
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no such part");
  return FALSE;
}

static gboolean
take_entry (const Entry *entry, gpointer data)
{
  *(Entry *)data = *entry;
  return FALSE;
}

static gboolean
find_entry (Copying *self, Database *database, Entry *entry, GError **error)
{
  g_autoptr (Mailbox) mailbox = self->url->mailbox
      ? mailbox_find (database, self->account, self->url->mailbox, error)
      : mailbox_load (database, self->selected, error);

  if (!mailbox)
    return FALSE;
  if (self->url->uid_validity && self->url->uid_validity != mailbox->uid_validity)
    return not_found (error);
  return mailbox_each (database, mailbox->id, self->url->uid, self->url->uid, FALSE, take_entry,
                       entry, error)
      && (entry->message != 0 || not_found (error));
}

static Summary *
open_summary (StoreSnapshot *snapshot, gint64 message, GError **error)
{
  g_autoptr (GBytes) stored = message_summary (snapshot, message, NULL);
  Summary *summary = stored ? summary_open (stored) : NULL;
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) made = NULL;
  gsize length;
  const guint8 *bytes;

  if (summary)
    return summary;
  whole = message_read (snapshot, message, 0, G_MAXUINT64, error);
  if (!whole)
    return NULL;
  bytes = g_bytes_get_data (whole, &length);
  made = summary_new (bytes, length);
  return summary_open (made);
}

static gboolean
choose_fields (Copying *self, StoreSnapshot *snapshot, GError **error)
{
  g_autoptr (GBytes) header
      = message_read (snapshot, self->message, self->range.offset, self->range.length, error);
  gsize length;
  const guint8 *bytes;

  if (!header)
    return FALSE;
  bytes = g_bytes_get_data (header, &length);
  self->chosen = imap_section_choose (self->url->section, bytes, length);
  self->range = (ByteRange) { 0, self->chosen->len };
  return TRUE;
}

/* As if the literal of a FETCH BODY stood there (RFC 4469 §3). */
static gboolean
find_range (Copying *self, StoreSnapshot *snapshot, GError **error)
{
  g_autoptr (Summary) summary = NULL;
  Entry entry = { 0 };

  if (!find_entry (self, store_snapshot_database (snapshot), &entry, error))
    return FALSE;
  summary = open_summary (snapshot, entry.message, error);
  if (!summary)
    return FALSE;
  if (!imap_section_range (self->url->section, summary, entry.size, &self->range))
    return not_found (error);
  self->message = entry.message;
  if (imap_section_chooses_fields (self->url->section) && !choose_fields (self, snapshot, error))
    return FALSE;
  imap_section_cut (self->url->section, &self->range);
  return TRUE;
}

static gboolean
read_chunk (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Copying *self = data;
  gsize length;

  g_clear_pointer (&self->chunk, g_bytes_unref);
  if (self->message == 0 && !find_range (self, snapshot, error))
    return FALSE;
  length = MIN (self->range.length, CHUNK);
  self->chunk = self->chosen
      ? g_bytes_new (self->chosen->data + self->range.offset, length)
      : message_read (snapshot, self->message, self->range.offset, length, error);
  return self->chunk != NULL;
}

/* BADURL names the first one that failed; what could end the response code is escaped. */
static void
refuse (ImapSession *session, const char *url)
{
  g_autoptr (GString) shown = g_string_new (NULL);

  for (; *url && shown->len < SHOWN_MAX; url++)
    if ((guint8)*url <= 0x20 || (guint8)*url >= 0x7f || *url == ']' || *url == '\\')
      g_string_append_printf (shown, "%%%02X", (guint8)*url);
    else
      g_string_append_c (shown, *url);
  imap_append_refuse (session, "[BADURL %s] There is no such message", shown->str);
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Copying) self = data;
  ImapSession *session = self->session;
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (session->service->store, result, &error);
  gsize length;
  const guint8 *bytes;

  if (!session->open)
    return;
  if (!read
      && (g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND)
          || g_error_matches (error, STORE_ERROR, STORE_ERROR_DENIED)))
    refuse (session, self->text);
  else if (!read)
    imap_append_refuse (session, "[UNAVAILABLE] The store failed; try again later");
  if (!read) {
    imap_append_go_on (session);
    return;
  }
  bytes = g_bytes_get_data (self->chunk, &length);
  if (imap_append_has_room (session, length))
    imap_append_bytes (session, bytes, length);
  self->range.offset += length;
  self->range.length -= length;
  if (self->range.length == 0 || length == 0 || session->append->refusal)
    imap_append_go_on (session);
  else
    store_read_async (session->service->store, read_chunk, self, NULL, NULL, did_read,
                      g_steal_pointer (&self));
}

void
imap_append_copy (ImapSession *self, const char *text)
{
  ImapUrl *url = imap_url_parse (text);
  Copying *copying;

  if (!url || (!url->mailbox && !self->selected)) {
    g_clear_pointer (&url, imap_url_free);
    refuse (self, text);
    imap_append_go_on (self);
    return;
  }
  copying = g_new0 (Copying, 1);
  copying->session = imap_session_ref (self);
  copying->url = url;
  copying->text = g_strdup (text);
  copying->account = self->account;
  copying->selected = self->selected ? self->selected->mailbox : 0;
  store_read_async (self->service->store, read_chunk, copying, NULL, NULL, did_read, copying);
}
