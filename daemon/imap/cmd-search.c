/* SEARCH (RFC 9051 §6.4.4; the answer is RFC 3501's): a scan in bounded read jobs. */
#include "imap/imap-commands.h"

#include "imap/imap-match.h"
#include "imap/imap-print.h"
#include "imap/imap-walk.h"
#include "log.h"

/* What one read job may take: no snapshot stays open for long. */
#define EXAMINED_MAX 50000
#define BYTES_MAX (8 * 1024 * 1024)
#define TIME_MAX (100 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  ImapSession *session; /* of the I/O thread */
  gint64 mailbox;
  guint32 recent_from;
  gboolean by_uid;
  ImapKey *program;
  ImapWalk walk;
  GString *out;
  gboolean failed; /* some message could not be read */
} Searching;

static void
searching_free (Searching *self)
{
  imap_session_unref (self->session);
  imap_key_free (self->program);
  imap_walk_clear (&self->walk);
  g_string_free (self->out, TRUE);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Searching, searching_free)

typedef struct {
  Searching *search;
  ImapMatcher *matcher;
  guint examined;
  gint64 deadline;
} Batch;

static gboolean
is_over (const Batch *self)
{
  return self->examined >= EXAMINED_MAX || imap_matcher_bytes (self->matcher) >= BYTES_MAX
      || (self->examined % 64 == 0 && g_get_monotonic_time () > self->deadline);
}

/* A damaged message is passed over; the answer says so at the end. */
static void
note_failure (Searching *self, const Entry *entry, const GError *error)
{
  g_autofree char *uid = g_strdup_printf ("%u", entry->uid);

  log_event (LOG_ERROR, "A message cannot be read", "uid", uid, "error", error->message, NULL);
  self->failed = TRUE;
}

static gboolean
examine (const Entry *entry, gpointer data)
{
  Batch *self = data;
  Searching *search = self->search;
  g_autoptr (GError) error = NULL;
  gboolean matches = FALSE;

  self->examined++;
  if (!imap_walk_move_to (&search->walk, entry->uid))
    return !is_over (self);
  if (!imap_matcher_test (self->matcher, entry, search->walk.number, &matches, &error)) {
    note_failure (search, entry, error);
  } else if (matches) {
    g_string_append_c (search->out, ' ');
    imap_print_number (search->out, search->by_uid ? entry->uid : search->walk.number);
  }
  return !is_over (self);
}

static gboolean
search_batch (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Searching *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) mailbox = mailbox_load (database, self->mailbox, error);
  g_autoptr (ImapMatcher) matcher = NULL;
  Batch batch = { self, NULL, 0, g_get_monotonic_time () + TIME_MAX };

  if (!mailbox)
    return FALSE;
  batch.matcher = matcher = imap_matcher_new (snapshot, self->program, mailbox, self->recent_from);
  while (!imap_walk_is_over (&self->walk)) {
    guint32 reach = imap_walk_reach (&self->walk);
    if (!mailbox_each (database, self->mailbox, self->walk.uid, reach, TRUE, examine, &batch,
                       error))
      return FALSE;
    if (batch.examined > 0 && is_over (&batch))
      break;
    imap_walk_pass (&self->walk, reach);
  }
  return TRUE;
}

static void search_next (ImapSession *session, gpointer data);

static void
finish (ImapSession *session, gboolean failed)
{
  if (failed)
    imap_session_finish (session, IMAP_OK, "Searched, but some messages cannot be read");
  else
    imap_session_finish (session, IMAP_OK, "Searched");
}

static void
did_search (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Searching) self = data;
  ImapSession *session = self->session;
  g_autoptr (GError) error = NULL;
  gboolean searched = store_read_finish (session->service->store, result, &error);

  if (!session->open)
    return;
  channel_write (session->channel, self->out->str, self->out->len);
  g_string_truncate (self->out, 0);
  if (searched && !imap_walk_is_over (&self->walk)) {
    imap_session_when_drained (session, search_next, g_steal_pointer (&self));
    return;
  }
  channel_print (session->channel, "\r\n");
  if (searched)
    finish (session, self->failed);
  else
    imap_session_fail (session, error);
}

static void
search_next (ImapSession *session, gpointer data)
{
  Searching *self = data;

  if (session->open)
    store_read_async (session->service->store, search_batch, self, NULL, NULL, did_search, self);
  else
    searching_free (self);
}

/* A set at the top of the program says which entries need to be looked at. */
static GArray *
choose_runs (const ImapSession *self, const ImapKey *program)
{
  UidRange all = { 1, IMAP_SET_STAR };
  g_autoptr (GArray) set = g_array_new (FALSE, FALSE, sizeof (UidRange));

  for (guint i = 0; i < program->children->len; i++) {
    const ImapKey *key = g_ptr_array_index (program->children, i);
    if (key->set)
      return imap_sequence_select (self->selected->sequence, key->set, key->kind == IMAP_KEY_UIDS);
  }
  g_array_append_val (set, all);
  return imap_sequence_select (self->selected->sequence, set, TRUE);
}

static ImapKey *
take_program (ImapSession *self, ImapParser *arguments)
{
  ImapSearchError error = IMAP_SEARCH_MALFORMED;
  g_autoptr (ImapKey) program
      = imap_parser_space (arguments) ? imap_search_parse (arguments, &error) : NULL;

  if (!program && error == IMAP_SEARCH_BAD_CHARSET)
    imap_session_finish (self, IMAP_NO, "[BADCHARSET (US-ASCII UTF-8)] Unknown charset");
  else if (!program)
    imap_session_refuse (self);
  else if (!imap_search_bind (program, self->selected->sequence))
    imap_session_finish (self, IMAP_BAD, "There is no message with such a number");
  else
    return g_steal_pointer (&program);
  return NULL;
}

void
imap_cmd_search (ImapSession *self, ImapParser *arguments)
{
  ImapKey *program = take_program (self, arguments);
  Searching *searching;

  if (!program)
    return;
  searching = g_new0 (Searching, 1);
  searching->session = imap_session_ref (self);
  searching->mailbox = self->selected->mailbox;
  searching->recent_from = self->selected->recent_from;
  searching->by_uid = self->running.by_uid;
  searching->program = program;
  searching->out = g_string_new ("* SEARCH");
  imap_walk_begin (&searching->walk, choose_runs (self, program));
  search_next (self, searching);
}
