/* What has changed in the selected mailbox since a MODSEQ. */
#include "imap/imap-changes.h"

#include "log.h"

typedef struct {
  ImapSession *session; /* of the I/O thread: not for the job */
  GArray *runs, *vanished;
  ImapItems *items;
  ImapFetchDone done;
  gpointer data;

  /* The job's. */
  gint64 mailbox;
  guint64 modseq;
  guint32 uid_next;
  gboolean forgotten; /* tombstones that old are gone */
  GArray *changed, *expunged; /* guint32: UIDs */
} Changes;

static void
changes_free (Changes *self)
{
  imap_session_unref (self->session);
  g_array_unref (self->runs);
  g_clear_pointer (&self->vanished, g_array_unref);
  g_clear_pointer (&self->items, imap_items_free);
  g_array_unref (self->changed);
  g_array_unref (self->expunged);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Changes, changes_free)

static gboolean
sort_change (const Entry *entry, gpointer data)
{
  Changes *self = data;

  g_array_append_val (entry->expunged ? self->expunged : self->changed, entry->uid);
  return TRUE;
}

static gboolean
read_changes (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Changes *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) mailbox = mailbox_load (database, self->mailbox, error);

  if (!mailbox)
    return FALSE;
  self->uid_next = mailbox->uid_next;
  self->forgotten = self->modseq < mailbox->modseq_floor;
  return mailbox_changes (database, self->mailbox, self->modseq, sort_change, self, error);
}

/* Without tombstones every UID that is not there counts as gone (RFC 7162 §3.2.6). What the session
 * has not been told of yet is left to the news, which say VANISHED without (EARLIER). */
static void
print_vanished (Changes *self)
{
  const ImapSequence *sequence = self->session->selected->sequence;
  UidRange given = { 1, self->uid_next - 1 };
  g_autoptr (GArray) asked = imap_set_resolve (self->vanished, given.last);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (UidRange));
  g_autoptr (GArray) expunged = imap_set_of_uids (self->expunged);
  g_autoptr (GArray) there = imap_sequence_uids (sequence);
  g_autoptr (GArray) gone = NULL;
  g_autoptr (GArray) news = NULL;
  g_autoptr (GString) out = NULL;

  if (given.last > 0)
    g_array_append_val (all, given);
  gone = imap_set_intersect (asked, self->forgotten ? all : expunged);
  news = imap_set_subtract (gone, there);
  if (news->len == 0)
    return;
  out = g_string_new ("* VANISHED (EARLIER) ");
  imap_set_print_ranges (out, news);
  g_string_append (out, "\r\n");
  channel_write (self->session->channel, out->str, out->len);
}

static GArray *
choose_runs (const Changes *self)
{
  g_autoptr (GArray) asked = imap_runs_uids (self->runs);
  g_autoptr (GArray) changed = imap_set_of_uids (self->changed);
  g_autoptr (GArray) both = imap_set_intersect (asked, changed);

  return imap_sequence_select (self->session->selected->sequence, both, TRUE);
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Changes) self = data;
  ImapSession *session = self->session;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) unseen = NULL;
  ImapFetched failed = { .failed = TRUE };

  if (store_read_finish (session->service->store, result, &error) && session->open) {
    if (self->vanished)
      print_vanished (self);
    imap_fetch (session, choose_runs (self), g_steal_pointer (&self->items), self->done,
                self->data);
    return;
  }
  if (error)
    log_event (LOG_ERROR, "Changes cannot be read", "session", channel_id (session->channel),
               "user", session->user, "error", error->message, NULL);
  failed.unseen = unseen = g_array_new (FALSE, FALSE, sizeof (UidRange));
  self->done (session, &failed, self->data);
}

void
imap_fetch_changes (ImapSession *session, GArray *runs, guint64 modseq, GArray *vanished,
                    ImapItems *items, ImapFetchDone done, gpointer data)
{
  Changes *self = g_new0 (Changes, 1);

  self->session = imap_session_ref (session);
  self->runs = runs;
  self->vanished = vanished;
  self->items = items;
  self->done = done;
  self->data = data;
  self->mailbox = session->selected->mailbox;
  self->modseq = modseq;
  self->changed = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->expunged = g_array_new (FALSE, FALSE, sizeof (guint32));
  store_read_async (session->service->store, read_changes, self, NULL, NULL, did_read, self);
}
