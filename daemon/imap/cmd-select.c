/* SELECT and EXAMINE (RFC 9051 §6.3.2, §6.3.3). */
#include "imap/imap-commands.h"

#include "imap/imap-changes.h"
#include "imap/imap-notify.h"
#include "imap/imap-print.h"
#include "imap/imap-resync.h"
#include "imap/imap-sync.h"
#include "store/object.h"

/* What is read for the answer, on one snapshot. */
typedef struct {
  gint64 account;
  char *name;
  gint64 id;
  gboolean read_only;
  gboolean condstore;
  ImapResync *resync; /* what the client knows, or NULL */
  Mailbox *mailbox;
  guint rights;
  GArray *uids;
  guint32 first_unseen; /* UID, 0: none */
  guint32 epoch; /* of ObjectIDs */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_free (self->name);
  g_clear_pointer (&self->resync, imap_resync_free);
  g_clear_pointer (&self->mailbox, mailbox_free);
  g_clear_pointer (&self->uids, g_array_unref);
  g_free (self);
}

static gboolean
find_mailbox (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Opening *self = data;
  g_autoptr (Place) place = place_find (store_snapshot_database (snapshot), self->account,
                                        self->name, RIGHT_READ, error);

  if (!place)
    return FALSE;
  self->id = place->mailbox->id;
  return TRUE;
}

static gboolean
find_first_unseen (Database *database, Opening *self, GError **error)
{
  GError *failure = NULL;
  Statement *row;

  if (self->mailbox->unseen == 0)
    return TRUE;
  row = database_query (database, error,
                        "SELECT uid FROM entry WHERE mailbox = ?1 AND expunged = 0"
                        " AND flags & ?2 = 0 ORDER BY uid LIMIT 1",
                        "ii", self->id, (gint64)FLAG_SEEN);
  if (!row)
    return FALSE;
  if (statement_next (row, &failure))
    self->first_unseen = (guint32)statement_int (row, 0);
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
read_mailbox (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Opening *self = data;
  Database *database = store_snapshot_database (snapshot);

  self->mailbox = mailbox_load (database, self->id, error);
  if (!self->mailbox)
    return FALSE;
  self->uids = mailbox_uids (database, self->id, error);
  return self->uids && place_rights (database, self->account, self->mailbox, &self->rights, error)
      && place_require (self->rights, RIGHT_READ, error)
      && find_first_unseen (database, self, error) && object_epoch (database, &self->epoch, error);
}

typedef struct {
  gint64 id;
  guint32 recent_from;
} Claim;

static gboolean
claim_recent (StoreTransaction *transaction, gpointer data, GError **error)
{
  Claim *claim = data;

  return mailbox_claim_recent (transaction, claim->id, &claim->recent_from, error);
}

static void
did_fire (gpointer data)
{
  ImapSession *session = data;

  session->selected->stirred = TRUE;
  imap_notify_wake (session);
}

static guint32
count_recent (const Opening *opening, guint32 recent_from)
{
  guint32 count = 0;

  for (guint i = 0; i < opening->uids->len; i++) {
    const UidRange *range = &g_array_index (opening->uids, UidRange, i);
    if (range->last >= recent_from)
      count += range->last - MAX (range->first, recent_from) + 1;
  }
  return count;
}

static void
finish (ImapSession *self)
{
  imap_session_finish (self, IMAP_OK, "[%s] Selected",
                       self->selected->read_only ? "READ-ONLY" : "READ-WRITE");
}

static void
did_catch_up (ImapSession *self, const ImapFetched *fetched, gpointer data)
{
  if (self->open && fetched->failed) {
    imap_session_deselect (self);
    imap_session_finish (self, IMAP_NO, "[UNAVAILABLE] The store failed; try again later");
  } else if (self->open) {
    finish (self);
  }
}

/* What has changed since the client was here (RFC 7162 §3.2.5.1); a UIDVALIDITY that does not fit
 * tells it to begin anew. */
static void
catch_up (ImapSession *self, const ImapResync *resync)
{
  const ImapSequence *sequence = self->selected->sequence;

  if (!resync || resync->uid_validity != self->selected->uid_validity)
    finish (self);
  else
    imap_fetch_changes (self, imap_sequence_select (sequence, resync->known, TRUE), resync->modseq,
                        imap_resync_unsure (resync, sequence),
                        imap_items_new (IMAP_ITEM_UID | IMAP_ITEM_FLAGS | IMAP_ITEM_MODSEQ),
                        did_catch_up, NULL);
}

static void
announce (ImapSession *self, const Opening *opening)
{
  const Mailbox *mailbox = opening->mailbox;
  ImapSelected *selected = self->selected;
  g_autoptr (GString) out = g_string_new (NULL);
  guint32 unseen = imap_sequence_number (selected->sequence, opening->first_unseen);

  imap_print_flags_responses (out, selected, mailbox->keywords);
  g_string_append_printf (out, "* %u EXISTS\r\n", imap_sequence_count (selected->sequence));
  if (!(self->enabled & IMAP_ENABLED_REV2))
    g_string_append_printf (out, "* %u RECENT\r\n", count_recent (opening, selected->recent_from));
  if (unseen > 0 && !(self->enabled & (IMAP_ENABLED_UIDONLY | IMAP_ENABLED_REV2)))
    g_string_append_printf (out, "* OK [UNSEEN %u] First unseen\r\n", unseen);
  g_string_append_printf (out, "* OK [UIDVALIDITY %u] Valid\r\n* OK [UIDNEXT %u] Next\r\n",
                          mailbox->uid_validity, mailbox->uid_next);
  g_string_append (out, "* OK [MAILBOXID (");
  object_print (out, OBJECT_MAILBOX, opening->epoch, mailbox->id);
  g_string_append (out, ")] Mailbox\r\n");
  g_string_append_printf (out, "* OK [HIGHESTMODSEQ %" G_GUINT64_FORMAT "] Highest\r\n",
                          mailbox->modseq);
  channel_write (self->channel, out->str, out->len);
  if (self->enabled & IMAP_ENABLED_REV2 || self->running.supplied)
    imap_tell_name (self, "", opening->name, self->running.supplied);
  catch_up (self, opening->resync);
}

static void
take_mailbox (ImapSession *self, const Opening *opening)
{
  ImapSelected *selected = self->selected;

  selected->rights = opening->rights;
  /* Nothing that one may change is READ-ONLY (RFC 4314 §5.2). */
  if (!(opening->rights & (RIGHT_SEEN | RIGHT_WRITE | RIGHT_INSERT | RIGHT_MARK | RIGHT_EXPUNGE)))
    selected->read_only = TRUE;
  selected->uid_validity = opening->mailbox->uid_validity;
  selected->sequence = imap_sequence_new (opening->uids);
  selected->modseq = selected->flags_modseq = selected->expunge_modseq
      = opening->mailbox->modseq;
  selected->recent_from = opening->mailbox->recent_from;
  selected->keywords = opening->mailbox->keywords->len;
  self->state = IMAP_SELECTED;
}

/* The answer waits for the claim, so that no two sessions call the same mail \Recent. */
typedef struct {
  ImapSession *session;
  Opening *opening;
} Selecting;

static void
selecting_free (Selecting *self)
{
  imap_session_unref (self->session);
  opening_free (self->opening);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Selecting, selecting_free)

static void
did_claim (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Selecting) self = data;
  ImapSession *session = self->session;
  Claim *claim = store_job_data (result);
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (session->service->store, result, &error)) {
    /* \Recent is worth no refusal: a full disk must not keep people from reading. */
    claim->recent_from = self->opening->mailbox->recent_from;
  }
  if (!session->open)
    return;
  session->selected->recent_from = claim->recent_from;
  announce (session, self->opening);
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Selecting) self = data;
  ImapSession *session = self->session;
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (session->service->store, result, &error);
  const Mailbox *mailbox = self->opening->mailbox;
  Claim *claim;

  if (session->open && !read)
    imap_session_deselect (session);
  if (!imap_session_goes_on (session, read, error))
    return;
  take_mailbox (session, self->opening);
  if (session->selected->read_only || mailbox->recent_from == mailbox->uid_next) {
    announce (session, self->opening);
    return;
  }
  claim = g_new0 (Claim, 1);
  claim->id = mailbox->id;
  store_write_async (session->service->store, claim_recent, claim, g_free, NULL, did_claim,
                     g_steal_pointer (&self));
}

static void
did_find (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Selecting) self = data;
  ImapSession *session = self->session;
  g_autoptr (GError) error = NULL;
  gboolean found = store_read_finish (session->service->store, result, &error);
  Opening *opening = self->opening;

  if (!imap_session_goes_on (session, found, error))
    return;
  session->selected = g_new0 (ImapSelected, 1);
  session->selected->mailbox = opening->id;
  session->selected->read_only = opening->read_only;
  /* Registered before the first read, so that no change falls in between. */
  session->selected->watch = watch_new (session->service->store, opening->id, did_fire, session);
  store_read_async (session->service->store, read_mailbox, opening, NULL, NULL, did_read,
                    g_steal_pointer (&self));
}

static gboolean
take_parameter (ImapParser *parser, gpointer data)
{
  Opening *self = data;

  if (imap_parser_word (parser, "CONDSTORE")) {
    self->condstore = TRUE;
    return TRUE;
  }
  if (self->resync || !imap_parser_word (parser, "QRESYNC") || !imap_parser_space (parser))
    return FALSE;
  self->resync = imap_resync_parse (parser);
  return self->resync != NULL;
}

/* QRESYNC must have been enabled before (RFC 7162 §3.2.5). */
static gboolean
take_parameters (const ImapSession *self, ImapParser *arguments, Opening *opening)
{
  if (imap_parser_space (arguments)
      && (imap_parser_peek (arguments) != '('
          || !imap_parser_list (arguments, take_parameter, opening)))
    return FALSE;
  return imap_parser_at_end (arguments)
      && (!opening->resync || self->enabled & IMAP_ENABLED_QRESYNC);
}

/* Also a SELECT that fails leaves the old mailbox (RFC 9051 §6.3.2). */
static void
leave_mailbox (ImapSession *self)
{
  if (self->selected)
    channel_print (self->channel, "* OK [CLOSED] The mailbox is left\r\n");
  imap_session_deselect (self);
}

static void
open_mailbox (ImapSession *self, ImapParser *arguments, gboolean read_only)
{
  char *name = imap_take_mailbox (self, arguments, FALSE);
  g_autoptr (Selecting) selecting = NULL;

  if (!name)
    return;
  selecting = g_new0 (Selecting, 1);
  selecting->session = imap_session_ref (self);
  selecting->opening = g_new0 (Opening, 1);
  selecting->opening->account = self->account;
  selecting->opening->name = name;
  selecting->opening->read_only = read_only;
  if (!take_parameters (self, arguments, selecting->opening)) {
    imap_session_refuse (self);
    return;
  }
  if (self->enabled & IMAP_ENABLED_UIDONLY && selecting->opening->resync
      && selecting->opening->resync->numbers) {
    imap_session_finish (self, IMAP_BAD, "[UIDREQUIRED] Only UIDs are in use");
    return;
  }
  leave_mailbox (self);
  if (selecting->opening->condstore)
    imap_session_enable (self, IMAP_ENABLED_CONDSTORE);
  store_read_async (self->service->store, find_mailbox, selecting->opening, NULL, NULL, did_find,
                    selecting);
  g_steal_pointer (&selecting);
}

void
imap_cmd_select (ImapSession *self, ImapParser *arguments)
{
  open_mailbox (self, arguments, FALSE);
}

void
imap_cmd_examine (ImapSession *self, ImapParser *arguments)
{
  open_mailbox (self, arguments, TRUE);
}
