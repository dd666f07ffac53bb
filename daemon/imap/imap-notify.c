/* Tells a session what NOTIFY promised. */
#include "imap/imap-notify.h"

#include "imap/imap-idle.h"
#include "imap/imap-notify-news.h"
#include "imap/imap-sync.h"
#include "log.h"

static void
did_fire (gpointer data)
{
  ImapSession *self = data;

  if (self->notify)
    self->notify->pending = TRUE;
  imap_notify_wake (self);
}

static void
watch_account (ImapSession *session, ImapNotify *self, gint64 account)
{
  if (g_hash_table_contains (self->watches, &account))
    return;
  g_hash_table_insert (self->watches, g_memdup2 (&account, sizeof account),
                       watch_new_account (session->service->store, account, did_fire, session));
}

ImapNotify *
imap_notify_new (ImapSession *session, ImapNotifyRequest *request)
{
  ImapNotify *self = g_new0 (ImapNotify, 1);

  self->known = imap_known_new (request);
  self->watches
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)watch_free);
  self->serial = store_notes_last (session->service->store);
  if (request->groups->len > 0) {
    watch_account (session, self, session->account);
    watch_account (session, self, WATCH_EVERYBODY);
  }
  return self;
}

void
imap_notify_stop (ImapNotify *self)
{
  if (self)
    g_hash_table_remove_all (self->watches);
}

void
imap_notify_free (ImapNotify *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->watches);
  imap_known_free (self->known);
  g_free (self);
}

void
imap_notify_replace (ImapSession *self, ImapNotify *notify)
{
  imap_notify_free (self->notify);
  self->notify = notify;
  if (notify) /* its watches may have fired while it was not in force */
    notify->pending = notify->known->request->groups->len > 0;
}

/* Those of owners that are gone from sight stay until then: they may come back. */
void
imap_notify_watch_owners (ImapSession *session, ImapNotify *self, const GArray *owners)
{
  guint before = g_hash_table_size (self->watches);

  if (!imap_notify_request_reaches_shared (self->known->request))
    return;
  for (guint i = 0; i < owners->len; i++)
    watch_account (session, self, g_array_index (owners, gint64, i));
  self->missed = g_hash_table_size (self->watches) > before;
}

guint
imap_notify_selected_events (const ImapSession *self)
{
  if (!self->notify || self->running.accumulated)
    return IMAP_NOTIFY_MESSAGE_EVENTS;
  return self->notify->known->request->selected;
}

ImapItems *
imap_notify_items (const ImapSession *self)
{
  return self->notify ? imap_notify_request_items (self->notify->known->request) : NULL;
}

gboolean
imap_notify_is_pending (const ImapSession *self)
{
  return self->notify && (self->notify->pending || self->notify->missed);
}

/* RFC 5465 §5.8: as if NOTIFY NONE had come. */
static void
overflow (ImapSession *self)
{
  imap_notify_replace (self, imap_notify_new (self, imap_notify_request_new ()));
  channel_print (self->channel,
                 "* OK [NOTIFICATIONOVERFLOW] Too much has changed to tell it all;"
                 " look for yourself, and ask anew\r\n");
}

typedef struct {
  ImapSession *session;
  gboolean with_expunges;
  ImapContinuation next;
  gpointer data;
} Bringing;

static void
end (ImapSession *session, gpointer data)
{
  Bringing *self = data;

  self->next (session, self->data);
  imap_session_unref (self->session);
  g_free (self);
}

static void
bring_selected (Bringing *self)
{
  ImapSession *session = self->session;

  if (session->open && session->selected
      && (session->idling || imap_notify_selected_events (session)))
    imap_sync (session, self->with_expunges, end, self);
  else
    end (session, self);
}

static gboolean
read_news (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return imap_notify_news_read (data, store_snapshot_database (snapshot), error);
}

static void
did_read_news (GObject *source, GAsyncResult *result, gpointer data)
{
  Bringing *self = data;
  ImapSession *session = self->session;
  ImapNotifyNews *news = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (session->service->store, result, &error);

  if (!read)
    log_event (LOG_WARNING, "NOTIFY cannot tell what has changed", "session",
               channel_id (session->channel), "user", session->user, "error", error->message, NULL);
  if (session->open && (!read || news->overflow))
    overflow (session);
  else if (session->open) {
    channel_write (session->channel, news->out->str, news->out->len);
    imap_notify_watch_owners (session, session->notify, news->owners);
  }
  bring_selected (self);
}

/* Hints are taken before the snapshot is opened: a change in between fires again. */
static void
take_hints (ImapNotify *self, ImapNotifyNews *news)
{
  GHashTableIter iter;
  gpointer key, watch;

  g_hash_table_iter_init (&iter, self->watches);
  while (g_hash_table_iter_next (&iter, &key, &watch)) {
    guint kinds = watch_rearm (watch);
    news->kinds |= kinds;
    if (kinds & WATCH_MESSAGES)
      g_array_append_val (news->accounts, *(gint64 *)key);
  }
  news->kinds |= self->missed ? WATCH_NAMES : 0;
  self->pending = self->missed = FALSE;
}

static ImapNotifyNews *
ask_for_news (ImapSession *self)
{
  ImapNotifyNews *news = imap_notify_news_new (self->notify->known, self->account);

  take_hints (self->notify, news);
  news->utf8 = imap_session_names_are_utf8 (self);
  news->modseq = (self->enabled & (IMAP_ENABLED_CONDSTORE | IMAP_ENABLED_QRESYNC)) != 0;
  news->selected = self->selected ? self->selected->mailbox : 0;
  news->selected_is_told = imap_notify_selected_events (self) != 0;
  return news;
}

void
imap_notify_bring (ImapSession *self, gboolean with_expunges, ImapContinuation next, gpointer data)
{
  Bringing *bringing = g_new0 (Bringing, 1);
  g_autoptr (ImapNotifyNews) news = NULL;

  bringing->session = imap_session_ref (self);
  bringing->with_expunges = with_expunges;
  bringing->next = next;
  bringing->data = data;
  if (imap_notify_is_pending (self)) {
    news = ask_for_news (self);
    news->overflow = !imap_notify_news_take_notes (news, self->service->store,
                                                   &self->notify->serial, self->number);
  }
  if (!news || (news->kinds == 0 && !news->overflow))
    bring_selected (bringing);
  else
    store_read_async (self->service->store, read_news, g_steal_pointer (&news),
                      (GDestroyNotify)imap_notify_news_free, NULL, did_read_news, bringing);
}

/* Without SELECTED-DELAYED expunges come at once, and not only with a command that allows them
 * (RFC 5465 §6.1). */
static gboolean
is_immediate (const ImapSession *self)
{
  return !self->notify->known->request->delayed;
}

static gboolean
is_due (const ImapSession *self)
{
  const ImapSelected *selected = self->selected;

  if (!self->notify)
    return FALSE;
  return imap_notify_is_pending (self)
      || (selected && imap_notify_selected_events (self)
          && (selected->stirred
              || (is_immediate (self) && selected->expunge_modseq < selected->modseq)));
}

static void
did_bring (ImapSession *self, gpointer data)
{
  if (self->open)
    imap_session_when_drained (self, imap_notify_rest, NULL);
}

void
imap_notify_rest (ImapSession *self, gpointer data)
{
  if (!self->open)
    return;
  if (is_due (self))
    imap_notify_bring (self, is_immediate (self), did_bring, NULL);
  else
    imap_session_resume (self);
}

void
imap_notify_wake (ImapSession *self)
{
  if (self->paused || !self->open)
    return; /* it is looked at before input is taken again */
  if (self->idling)
    imap_idle_wake (self);
  else if (!self->running.tag && is_due (self)) {
    imap_session_pause (self);
    imap_notify_rest (self, NULL);
  }
}
