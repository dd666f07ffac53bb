/* News of the selected mailbox. */
#include "imap/imap-sync.h"

#include "imap/imap-fetch.h"
#include "imap/imap-notify.h"
#include "imap/imap-print.h"
#include "imap/imap-write.h"

/* What a read job finds. */
typedef struct {
  gint64 mailbox, account;
  guint events; /* ImapNotifyEvent bits: what is to be told */
  guint rights;
  guint64 expunge_modseq, flags_modseq; /* of the session */
  guint64 modseq; /* the same; afterwards it is the mailbox's */
  guint32 last_uid;
  GArray *own, *foreign; /* of imap_sync_skip, or NULL */
  GArray *expunged, *fresh, *flagged; /* guint32: UIDs in the order of their change */
  GPtrArray *keywords;
} News;

typedef struct {
  ImapSession *session;
  gboolean with_expunges;
  GArray *flagged; /* UidRange: whose flags are still to be told */
  ImapContinuation next;
  gpointer data;
} Syncing;

static GArray *
uids_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (guint32));
}

static void
news_free (gpointer data)
{
  News *news = data;

  g_clear_pointer (&news->own, g_array_unref);
  g_clear_pointer (&news->foreign, g_array_unref);
  g_array_unref (news->expunged);
  g_array_unref (news->fresh);
  g_array_unref (news->flagged);
  g_clear_pointer (&news->keywords, g_ptr_array_unref);
  g_free (news);
}

/* A command that expunges says what is gone, whatever NOTIFY says. */
static guint
choose_events (const ImapSession *session)
{
  const ImapCommand *info = session->running.info;

  return imap_notify_selected_events (session)
      | (info && info->flags & IMAP_EXPUNGES ? IMAP_NOTIFY_MESSAGE_EXPUNGE : 0);
}

static News *
news_new (ImapSession *session)
{
  News *news = g_new0 (News, 1);
  ImapSelected *selected = session->selected;

  news->mailbox = selected->mailbox;
  news->account = session->account;
  news->events = choose_events (session);
  news->modseq = selected->modseq;
  news->flags_modseq = selected->flags_modseq;
  news->expunge_modseq = selected->expunge_modseq;
  news->last_uid = imap_sequence_last_uid (selected->sequence);
  if (session->running.own_modseqs) {
    news->own = g_array_ref (session->running.own_modseqs);
    news->foreign = g_array_ref (session->running.own_foreign);
  }
  news->expunged = uids_new ();
  news->fresh = uids_new ();
  news->flagged = uids_new ();
  return news;
}

static gboolean
is_own (const News *news, const Entry *entry)
{
  for (guint i = 0; news->own && i < news->own->len; i++)
    if (g_array_index (news->own, guint64, i) == entry->modseq)
      return !imap_set_contains (news->foreign, entry->uid);
  return FALSE;
}

static gboolean
sort_change (const Entry *entry, gpointer data)
{
  News *news = data;

  if (entry->expunged) {
    if (entry->uid <= news->last_uid && entry->modseq > news->expunge_modseq
        && news->events & IMAP_NOTIFY_MESSAGE_EXPUNGE)
      g_array_append_val (news->expunged, entry->uid);
  } else if (entry->uid > news->last_uid) {
    if (news->events & IMAP_NOTIFY_MESSAGE_NEW)
      g_array_append_val (news->fresh, entry->uid);
  } else if (entry->modseq > news->flags_modseq && news->events & IMAP_NOTIFY_FLAG_CHANGE
             && !is_own (news, entry)) {
    g_array_append_val (news->flagged, entry->uid);
  }
  return TRUE;
}

/* Everything before was told, of what is to be told at all. */
static guint64
find_beginning (const News *news)
{
  guint64 from = G_MAXUINT64;

  if (news->events & IMAP_NOTIFY_MESSAGE_EXPUNGE)
    from = MIN (from, news->expunge_modseq);
  if (news->events & IMAP_NOTIFY_MESSAGE_NEW)
    from = MIN (from, news->modseq);
  if (news->events & IMAP_NOTIFY_FLAG_CHANGE)
    from = MIN (from, news->flags_modseq);
  return from;
}

/* Every MODSEQ behind FROM is one of the command's own: there is nothing to read, which after a
 * STORE of a whole mailbox would be all of it. */
static gboolean
is_all_own (const News *news, guint64 from, guint64 modseq)
{
  const GArray *own = news->own;

  return own && own->len > 0 && news->foreign->len == 0 && own->len == modseq - from
      && g_array_index (own, guint64, 0) == from + 1
      && g_array_index (own, guint64, own->len - 1) == modseq;
}

static gboolean
read_news (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  News *news = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) mailbox = mailbox_load (database, news->mailbox, error);
  guint64 from = find_beginning (news);

  if (!mailbox || !place_rights (database, news->account, mailbox, &news->rights, error)
      || !place_require (news->rights | RIGHT_LOOKUP, RIGHT_READ, error))
    return FALSE;
  news->modseq = mailbox->modseq;
  news->keywords = g_ptr_array_ref (mailbox->keywords);
  return from >= mailbox->modseq || is_all_own (news, from, mailbox->modseq)
      || mailbox_changes (database, news->mailbox, from, sort_change, news, error);
}

/* Only what the client has seen come may be said to have gone (RFC 7162 §3.2.10.2). */
static void
print_vanished (GString *out, const ImapSequence *sequence, const GArray *uids)
{
  g_autoptr (GArray) known = imap_sequence_uids (sequence);
  g_autoptr (GArray) gone = imap_set_intersect (known, uids);

  if (gone->len == 0)
    return;
  g_string_append (out, "* VANISHED ");
  imap_set_print_ranges (out, gone);
  g_string_append (out, "\r\n");
}

/* From the last to the first, so that each number is the one before any was removed. */
static void
print_expunged (GString *out, const ImapSelected *selected, const News *news)
{
  for (guint i = news->expunged->len; i-- > 0;) {
    guint32 uid = g_array_index (news->expunged, guint32, i);
    guint32 number = imap_sequence_number (selected->sequence, uid);
    if (number == 0)
      continue;
    g_string_append (out, "* ");
    imap_print_number (out, number);
    g_string_append (out, " EXPUNGE\r\n");
  }
}

static void
announce_expunged (ImapSession *session, News *news)
{
  ImapSelected *selected = session->selected;
  g_autoptr (GArray) ranges = imap_set_of_uids (news->expunged);
  g_autoptr (GString) out = g_string_new (NULL);

  if (session->enabled & (IMAP_ENABLED_QRESYNC | IMAP_ENABLED_UIDONLY))
    print_vanished (out, selected->sequence, ranges);
  else
    print_expunged (out, selected, news);
  imap_sequence_remove (selected->sequence, ranges);
  channel_write (session->channel, out->str, out->len);
}

static guint32
count_recent (const ImapSelected *selected)
{
  UidRange range = { selected->recent_from, IMAP_SET_STAR };
  g_autoptr (GArray) set = g_array_new (FALSE, FALSE, sizeof (UidRange));
  g_autoptr (GArray) runs = NULL;
  guint32 count = 0;

  if (selected->recent_from > imap_sequence_last_uid (selected->sequence))
    return 0;
  g_array_append_val (set, range);
  runs = imap_sequence_select (selected->sequence, set, TRUE);
  for (guint i = 0; i < runs->len; i++) {
    const ImapRun *run = &g_array_index (runs, ImapRun, i);
    count += run->last - run->first + 1;
  }
  return count;
}

static void
announce_fresh (ImapSession *session, News *news)
{
  ImapSelected *selected = session->selected;
  g_autoptr (GArray) ranges = NULL;

  if (news->fresh->len == 0)
    return;
  ranges = imap_set_of_uids (news->fresh); /* sorts them */
  for (guint i = 0; i < news->fresh->len; i++)
    imap_sequence_append (selected->sequence, g_array_index (news->fresh, guint32, i));
  channel_print (session->channel, "* %u EXISTS\r\n", imap_sequence_count (selected->sequence));
  if (!(session->enabled & IMAP_ENABLED_REV2))
    channel_print (session->channel, "* %u RECENT\r\n", count_recent (selected));
}

void
imap_print_flags_responses (GString *out, const ImapSelected *selected, const GPtrArray *keywords)
{
  guint64 all = FLAG_ANSWERED | FLAG_FLAGGED | FLAG_DELETED | FLAG_SEEN | FLAG_DRAFT;

  for (guint i = 0; i < keywords->len; i++)
    all |= G_GUINT64_CONSTANT (1) << (FLAG_KEYWORD_FIRST + i);
  g_string_append (out, "* FLAGS (");
  imap_print_flags (out, all, FALSE, keywords);
  g_string_append (out, ")\r\n* OK [PERMANENTFLAGS (");
  if (!selected->read_only) {
    imap_print_flags (out, all & rights_flags (selected->rights), FALSE, keywords);
    if (keywords->len < KEYWORDS_MAX && selected->rights & RIGHT_WRITE)
      g_string_append (out, " \\*");
  }
  g_string_append (out, ")] Flags that are kept\r\n");
}

void
imap_sync_keywords (ImapSession *session, const GPtrArray *keywords)
{
  g_autoptr (GString) out = NULL;

  if (!session->selected || keywords->len <= session->selected->keywords)
    return;
  out = g_string_new (NULL);
  session->selected->keywords = keywords->len;
  imap_print_flags_responses (out, session->selected, keywords);
  channel_write (session->channel, out->str, out->len);
}

void
imap_sync_skip (ImapSession *session, GArray *modseqs, GArray *foreign)
{
  g_clear_pointer (&session->running.own_modseqs, g_array_unref);
  g_clear_pointer (&session->running.own_foreign, g_array_unref);
  session->running.own_modseqs = g_array_ref (modseqs);
  session->running.own_foreign = g_array_ref (foreign);
}

static void
end (Syncing *self)
{
  g_autoptr (ImapSession) session = self->session;

  self->next (session, self->data);
  g_clear_pointer (&self->flagged, g_array_unref);
  g_free (self);
}

static void
did_fetch_flags (ImapSession *session, const ImapFetched *fetched, gpointer data)
{
  end (data);
}

/* UID goes along: it costs little, and lets a client that counts wrongly see it. */
static void
announce_flagged (Syncing *self)
{
  ImapSession *session = self->session;
  guint what = IMAP_ITEM_UID | IMAP_ITEM_FLAGS | imap_session_modseq_item (session);

  if (!session->open) {
    end (self);
    return;
  }
  imap_fetch (session, imap_sequence_select (session->selected->sequence, self->flagged, TRUE),
              imap_items_new (what), did_fetch_flags, self);
}

/* What may be changed is told anew when the owner has changed it. */
static void
take_rights (ImapSession *session, const News *news)
{
  g_autoptr (GString) out = NULL;

  if (session->selected->rights == news->rights)
    return;
  out = g_string_new (NULL);
  session->selected->rights = news->rights;
  imap_print_flags_responses (out, session->selected, news->keywords);
  channel_write (session->channel, out->str, out->len);
}

static const char *
why_lost (const GError *error)
{
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    return "The mailbox was deleted";
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_DENIED))
    return "The mailbox is shared with you no more";
  return "[UNAVAILABLE] The store failed; try again later";
}

/* New messages that the client did not bring itself (RFC 5465 §5.2). */
static GArray *
choose_shown (const ImapSession *session, const News *news)
{
  GArray *own = session->running.own_uids;
  g_autoptr (GArray) shown = uids_new ();
  g_autoptr (GArray) ranges = NULL;

  for (guint i = 0; i < news->fresh->len; i++) {
    guint32 uid = g_array_index (news->fresh, guint32, i);
    if (!own || !imap_set_contains (own, uid))
      g_array_append_val (shown, uid);
  }
  ranges = imap_set_of_uids (shown);
  return imap_sequence_select (session->selected->sequence, ranges, TRUE);
}

static void
did_mark_seen (ImapSession *session, const ImapWritten *written, const GError *error, gpointer data)
{
  Syncing *self = data;

  /* The flag is told like any change of flags; if the disk is full it is lost. */
  g_clear_pointer (&session->running.own_modseqs, g_array_unref);
  announce_flagged (self);
}

static void
did_show_fresh (ImapSession *session, const ImapFetched *fetched, gpointer data)
{
  Syncing *self = data;
  ImapFlagsChange *change;

  if (!session->open || fetched->unseen->len == 0 || session->selected->read_only) {
    announce_flagged (self);
    return;
  }
  change = imap_flags_change_new ();
  change->change = FLAGS_ADD;
  change->flags = FLAG_SEEN;
  imap_write_flags (session, g_array_copy ((GArray *)fetched->unseen), change, did_mark_seen, self);
}

/* What NOTIFY wants to see of new messages. UID and MODSEQ come along where they are of use. */
static void
show_fresh (Syncing *self, const News *news)
{
  ImapSession *session = self->session;
  g_autoptr (ImapItems) items = news->fresh->len > 0 ? imap_notify_items (session) : NULL;

  if (!items) {
    announce_flagged (self);
    return;
  }
  items->what |= imap_session_modseq_item (session);
  if (session->enabled & IMAP_ENABLED_QRESYNC)
    items->what |= IMAP_ITEM_UID;
  imap_fetch (session, choose_shown (session, news), g_steal_pointer (&items), did_show_fresh,
              self);
}

/* How far the client has been told. */
static void
move_on (Syncing *self, const News *news)
{
  ImapSelected *selected = self->session->selected;

  if (news->events & IMAP_NOTIFY_MESSAGE_EXPUNGE
      && (self->with_expunges || news->expunged->len == 0))
    selected->expunge_modseq = news->modseq;
  if (news->events & IMAP_NOTIFY_MESSAGE_NEW)
    selected->modseq = news->modseq;
  if (news->events & IMAP_NOTIFY_FLAG_CHANGE)
    selected->flags_modseq = news->modseq;
}

static void
did_read_news (GObject *source, GAsyncResult *result, gpointer data)
{
  Syncing *self = data;
  ImapSession *session = self->session;
  News *news = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (session->service->store, result, &error);

  if (!read && session->open)
    imap_session_bye (session, why_lost (error));
  if (!read || !session->open) {
    end (self);
    return;
  }
  take_rights (session, news);
  if (news->events & (IMAP_NOTIFY_MESSAGE_NEW | IMAP_NOTIFY_FLAG_CHANGE))
    imap_sync_keywords (session, news->keywords);
  session->running.removed |= news->expunged->len > 0;
  if (self->with_expunges)
    announce_expunged (session, news);
  announce_fresh (session, news);
  move_on (self, news);
  self->flagged = imap_set_of_uids (news->flagged);
  show_fresh (self, news);
}

void
imap_sync (ImapSession *session, gboolean with_expunges, ImapContinuation next, gpointer data)
{
  Syncing *self = g_new0 (Syncing, 1);

  self->session = imap_session_ref (session);
  self->with_expunges = with_expunges;
  self->next = next;
  self->data = data;
  /* The hint is taken before the snapshot is opened: a change in between fires again. */
  (void)watch_rearm (session->selected->watch);
  session->selected->stirred = FALSE;
  store_read_async (session->service->store, read_news, news_new (session), news_free, NULL,
                    did_read_news, self);
}
