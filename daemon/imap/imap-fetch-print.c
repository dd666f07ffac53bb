/* The items of a FETCH response that are not sections of a body. */
#include "imap/imap-fetch-print.h"

#include "imap/imap-fetch-surrogate.h"
#include "imap/imap-print.h"
#include "mail/date.h"
#include "mail/nstring.h"
#include "store/object.h"

#define TEXTS (IMAP_ITEM_ENVELOPE | IMAP_ITEM_BODY | IMAP_ITEM_STRUCTURE)

void
imap_fetch_print_name (ImapFetchBatch *self, const char *name)
{
  if (!self->bare)
    g_string_append_c (self->out, ' ');
  self->bare = FALSE;
  g_string_append (self->out, name);
}

static void
print_date (ImapFetchBatch *self, const char *name, gint64 seconds, gint16 zone)
{
  char date[27];

  imap_fetch_print_name (self, name);
  date_format_imap (seconds, zone, date);
  g_string_append (self->out, date);
  g_string_append_c (self->out, '"');
}

static void
print_object (ImapFetchBatch *self, const char *name, ObjectKind kind, gint64 id)
{
  imap_fetch_print_name (self, name);
  object_print (self->out, kind, self->epoch, id);
  g_string_append_c (self->out, ')');
}

void
imap_fetch_print_entry (ImapFetchBatch *self)
{
  GString *out = self->out;
  const Entry *entry = &self->entry;
  guint what = self->items->what;

  if (what & IMAP_ITEM_UID) {
    imap_fetch_print_name (self, "UID ");
    imap_print_number (out, entry->uid);
  }
  if (what & IMAP_ITEM_FLAGS) {
    imap_fetch_print_name (self, "FLAGS (");
    imap_print_flags (out, entry->flags, entry->uid >= self->recent_from, self->row->keywords);
    g_string_append_c (out, ')');
  }
  if (what & IMAP_ITEM_MODSEQ) {
    imap_fetch_print_name (self, "MODSEQ (");
    imap_print_number (out, entry->modseq);
    g_string_append_c (out, ')');
  }
  if (what & IMAP_ITEM_DATE)
    print_date (self, "INTERNALDATE \"", entry->date, entry->zone);
  if (what & IMAP_ITEM_SAVE_DATE)
    print_date (self, "SAVEDATE \"", entry->save_date, date_local_zone (entry->save_date));
  if (what & IMAP_ITEM_SIZE) {
    imap_fetch_print_name (self, "RFC822.SIZE ");
    imap_print_number (out, entry->size);
  }
  if (what & IMAP_ITEM_EMAIL_ID)
    print_object (self, "EMAILID (", OBJECT_MESSAGE, entry->message);
  if (what & IMAP_ITEM_THREAD_ID)
    print_object (self, "THREADID (", OBJECT_THREAD, self->thread);
}

static gboolean
make_summary (ImapFetchBatch *self, StoreSnapshot *snapshot, GError **error)
{
  g_autoptr (GBytes) message = message_read (snapshot, self->entry.message, 0, G_MAXUINT64, error);
  gsize length;
  const guint8 *bytes;

  if (!message)
    return FALSE;
  bytes = g_bytes_get_data (message, &length);
  g_clear_pointer (&self->summary, summary_free);
  g_clear_pointer (&self->summary_bytes, g_bytes_unref);
  self->summary_bytes = summary_new (bytes, length);
  self->summary = summary_open (self->summary_bytes);
  if (!self->summary)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_CORRUPT, "The message has no summary");
  return self->summary != NULL;
}

/* NULL when it is damaged or of a form that nobody knows. */
static Summary *
stored_summary (ImapFetchBatch *self, StoreSnapshot *snapshot)
{
  if (self->summary)
    return self->summary;
  if (!self->summary_bytes)
    self->summary_bytes = message_summary (snapshot, self->entry.message, NULL);
  if (self->summary_bytes)
    self->summary = summary_open (self->summary_bytes);
  return self->summary;
}

gboolean
imap_fetch_open_summary (ImapFetchBatch *self, StoreSnapshot *snapshot, GError **error)
{
  /* Begun in an earlier batch. */
  if (!self->summary && self->surrogate_summary) {
    self->summary_bytes = g_bytes_ref (self->surrogate_summary);
    self->summary = summary_open (self->summary_bytes);
  }
  return (stored_summary (self, snapshot) || make_summary (self, snapshot, error))
      && imap_fetch_take_surrogate (self, snapshot, error);
}

static void
print_texts (ImapFetchBatch *self)
{
  static const struct {
    guint what;
    const char *name;
    const char *(*text) (Summary *summary, gsize *length);
  } texts[] = {
    { IMAP_ITEM_ENVELOPE, "ENVELOPE ", summary_envelope },
    { IMAP_ITEM_BODY, "BODY ", summary_body },
    { IMAP_ITEM_STRUCTURE, "BODYSTRUCTURE ", summary_body_structure },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    gsize length;
    const char *text;
    if (!(self->items->what & texts[i].what))
      continue;
    imap_fetch_print_name (self, texts[i].name);
    text = texts[i].text (self->summary, &length);
    g_string_append_len (self->out, text, (gssize)length);
  }
}

/* What would have to be made from the message is no business of the lazy (RFC 8970 §4.1). */
static gboolean
print_preview (ImapFetchBatch *self, StoreSnapshot *snapshot, GError **error)
{
  Summary *summary = stored_summary (self, snapshot);
  gsize length = 0;
  const char *text = summary ? summary_preview (summary, &length) : NULL;
  g_autofree char *line = NULL;

  if (!text && !(self->items->what & IMAP_ITEM_LAZY)) {
    if (!make_summary (self, snapshot, error))
      return FALSE;
    text = summary_preview (self->summary, &length);
  }
  line = text ? g_strndup (text, length) : NULL;
  imap_fetch_print_name (self, "PREVIEW ");
  nstring_append (self->out, line);
  return TRUE;
}

gboolean
imap_fetch_print_summary (ImapFetchBatch *self, StoreSnapshot *snapshot, GError **error)
{
  if (self->items->what & TEXTS) {
    if (!imap_fetch_open_summary (self, snapshot, error))
      return FALSE;
    print_texts (self);
  }
  return !(self->items->what & IMAP_ITEM_PREVIEW) || print_preview (self, snapshot, error);
}
