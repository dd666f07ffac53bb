/* NOTIFY (RFC 5465). */
#include "imap/imap-commands.h"

#include "imap/imap-notify-news.h"
#include "imap/imap-notify.h"

typedef struct {
  ImapSession *session;
  ImapNotify *notify; /* not in force yet */
} Setting;

static void
setting_free (Setting *self)
{
  imap_session_unref (self->session);
  g_clear_pointer (&self->notify, imap_notify_free);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Setting, setting_free)

/* What has gathered is told before the answer, like with NOOP (§3.1), also where the client does
 * not want to hear of the selected mailbox from here on. */
static void
set (ImapSession *self, ImapNotify *notify)
{
  imap_notify_replace (self, notify);
  self->running.accumulated = TRUE;
  imap_session_finish (self, IMAP_OK, "You will be told");
}

static gboolean
read_first (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return imap_notify_news_begin (data, store_snapshot_database (snapshot), error);
}

static void
did_read_first (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Setting) self = data;
  ImapSession *session = self->session;
  ImapNotifyNews *news = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (session->service->store, result, &error);

  if (!imap_session_goes_on (session, read, error))
    return;
  if (news->overflow) {
    imap_session_finish (session, IMAP_NO, "[NOTIFICATIONOVERFLOW] There are too many mailboxes");
    return;
  }
  channel_write (session->channel, news->out->str, news->out->len);
  imap_notify_watch_owners (session, self->notify, news->owners);
  set (session, g_steal_pointer (&self->notify));
}

static void
look_first (ImapSession *self, ImapNotify *notify)
{
  ImapNotifyNews *news = imap_notify_news_new (notify->known, self->account);
  Setting *setting = g_new0 (Setting, 1);

  news->utf8 = imap_session_names_are_utf8 (self);
  news->modseq = (self->enabled & (IMAP_ENABLED_CONDSTORE | IMAP_ENABLED_QRESYNC)) != 0;
  news->selected = self->selected ? self->selected->mailbox : 0;
  setting->session = imap_session_ref (self);
  setting->notify = notify;
  store_read_async (self->service->store, read_first, news, (GDestroyNotify)imap_notify_news_free,
                    NULL, did_read_first, setting);
}

static void
refuse_event (ImapSession *self)
{
  g_autoptr (GString) events = g_string_new (NULL);

  imap_notify_print_events (events);
  imap_session_finish (self, IMAP_NO, "[BADEVENT (%s)] There are no such events here", events->str);
}

void
imap_cmd_notify (ImapSession *self, ImapParser *arguments)
{
  g_autoptr (ImapNotifyRequest) request = imap_notify_request_parse (arguments);
  ImapNotify *notify;
  gboolean none;

  if (!request) {
    imap_session_refuse (self);
    return;
  }
  if (request->unsupported) {
    refuse_event (self);
    return;
  }
  none = !request->has_selected && request->groups->len == 0;
  notify = imap_notify_new (self, g_steal_pointer (&request));
  if (none) {
    imap_notify_replace (self, notify);
    imap_session_finish (self, IMAP_OK, "You will hear of nothing");
  } else if (notify->known->request->groups->len > 0) {
    look_first (self, notify);
  } else {
    set (self, notify);
  }
}
