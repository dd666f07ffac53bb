/* Answers with FETCH responses, batch by batch. */
#include "imap/imap-fetch.h"

#include "imap/imap-fetch-batch.h"
#include "imap/imap-sync.h"
#include "log.h"

typedef struct {
  ImapSession *session;
  ImapFetchBatch *batch;
  ImapFetchDone done;
  gpointer data;
} Fetching;

guint
imap_session_modseq_item (const ImapSession *session)
{
  return session->enabled & IMAP_ENABLED_CONDSTORE ? IMAP_ITEM_MODSEQ : 0;
}

static void did_read (GObject *source, GAsyncResult *result, gpointer data);

static void
read_batch (Fetching *self)
{
  store_read_async (self->session->service->store, imap_fetch_batch_run, self->batch, NULL, NULL,
                    did_read, self);
}

static void
end (Fetching *self)
{
  ImapFetched fetched = { self->batch->failed, self->batch->unknown_encoding, self->batch->unseen,
                          self->batch->downgraded };

  self->done (self->session, &fetched, self->data);
  imap_fetch_batch_free (self->batch);
  imap_session_unref (self->session);
  g_free (self);
}

/* Part of an answer was sent, and the rest cannot be read: no other answer would be true. */
static void
give_up (Fetching *self, const GError *error)
{
  log_event (LOG_ERROR, "A FETCH was broken off", "session", channel_id (self->session->channel),
             "user", self->session->user, "error", error->message, NULL);
  self->batch->failed = TRUE;
  if (self->batch->unfinished)
    channel_abort (self->session->channel);
}

static void
read_next (ImapSession *session, gpointer data)
{
  Fetching *self = data;

  if (self->batch->done || !session->open)
    end (self);
  else
    read_batch (self);
}

/* A client that keeps up is never waited for: the next batch is read while this one is encrypted
 * and sent. A slow one has at most one batch more than fills its channel. */
static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Fetching *self = data;
  ImapSession *session = self->session;
  ImapFetchBatch *batch = self->batch;
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (session->service->store, result, &error);
  g_autoptr (GBytes) bytes = NULL;

  if (batch->out)
    bytes = g_string_free_to_bytes (g_steal_pointer (&batch->out));
  if (!read)
    give_up (self, error);
  if (!read || !session->open) {
    end (self);
    return;
  }
  imap_sync_keywords (session, batch->row->keywords);
  gboolean ahead = !batch->done && !channel_is_full (session->channel);
  if (ahead)
    read_batch (self); /* from here on the batch is the reader's */
  channel_write_bytes (session->channel, bytes);
  if (!ahead)
    imap_session_when_drained (session, read_next, self);
}

void
imap_fetch (ImapSession *session, GArray *runs, ImapItems *items, ImapFetchDone done, gpointer data)
{
  Fetching *self = g_new0 (Fetching, 1);

  self->session = imap_session_ref (session);
  /* IMAP4rev2 knows no \Recent. */
  self->batch = imap_fetch_batch_new (
      session->selected->mailbox,
      session->enabled & IMAP_ENABLED_REV2 ? IMAP_SET_STAR : session->selected->recent_from, runs,
      items);
  self->batch->done = runs->len == 0;
  self->batch->uid_only = (session->enabled & IMAP_ENABLED_UIDONLY) != 0;
  self->batch->utf8 = imap_session_names_are_utf8 (session);
  /* It stands before the items already. */
  if (self->batch->uid_only && items->what != IMAP_ITEM_UID)
    items->what &= ~(guint)IMAP_ITEM_UID;
  self->done = done;
  self->data = data;
  read_next (session, self);
}
