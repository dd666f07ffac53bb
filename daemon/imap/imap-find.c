/* Finds the messages that a SEARCH program names. */
#include "imap/imap-find.h"

#include "imap/imap-match.h"
#include "imap/imap-progress.h"
#include "imap/imap-walk.h"
#include "log.h"
#include "store/search-hits.h"

/* What one read job may take: no snapshot stays open for long. */
#define EXAMINED_MAX 50000
#define BYTES_MAX (1024 * 1024)
#define TIME_MAX (8 * G_TIME_SPAN_MILLISECOND) /* others' commands wait for a reader */
#define RARE_MAX 20000 /* messages that may hold a word */
#define FEW_MAX 5000 /* messages whose kept fields are read faster than the index */
/* A word that more than one in so many messages may hold is found faster by their kept fields. */
#define KEPT_FASTER 16

typedef struct {
  ImapSession *session; /* of the I/O thread */
  const ImapFindFuncs *funcs;
  gpointer data;
  gint64 mailbox;
  guint32 recent_from;
  ImapKey *program;
  Store *store;
  gboolean asked; /* the search index */
  SearchHits *hits; /* or NULL */
  ImapWalk walk;
  GArray *found; /* ImapFound, of this batch */
  ImapProgress progress;
  guint64 passed; /* messages */
  gboolean damaged;
} Finding;

static void
finding_free (Finding *self)
{
  imap_session_unref (self->session);
  imap_key_free (self->program);
  g_clear_pointer (&self->hits, search_hits_free);
  imap_walk_clear (&self->walk);
  g_array_unref (self->found);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Finding, finding_free)

typedef struct {
  Finding *find;
  ImapMatcher *matcher;
  guint examined;
  gint64 deadline;
  GError *failure; /* no message can be looked into */
} Batch;

static gboolean
is_over (const Batch *self)
{
  return self->examined >= EXAMINED_MAX || imap_matcher_bytes (self->matcher) >= BYTES_MAX
      || g_get_monotonic_time () > self->deadline;
}

/* A damaged message is passed over; the answer says so at the end. */
static void
note_failure (Finding *self, const Entry *entry, const GError *error)
{
  g_autofree char *uid = g_strdup_printf ("%u", entry->uid);

  log_event (LOG_ERROR, "A message cannot be read", "uid", uid, "error", error->message, NULL);
  self->damaged = TRUE;
}

static gboolean
examine (const Entry *entry, gpointer data)
{
  Batch *self = data;
  Finding *find = self->find;
  g_autoptr (GError) error = NULL;
  gboolean matches = FALSE;

  self->examined++;
  if (!imap_walk_move_to (&find->walk, entry->uid))
    return !is_over (self);
  find->passed++;
  if (!imap_matcher_test (self->matcher, entry, find->walk.number, &matches, &error)) {
    if (g_error_matches (error, DIGEST_ERROR, DIGEST_ERROR_START)) {
      self->failure = g_steal_pointer (&error);
      return FALSE;
    }
    note_failure (find, entry, error);
  } else if (matches) {
    ImapFound found = { entry->uid,
                        find->walk.number,
                        entry->message,
                        entry->date,
                        entry->size,
                        entry->modseq,
                        imap_matcher_score (self->matcher) };
    g_array_append_val (find->found, found);
  }
  return !is_over (self);
}

/* The word at the top of the program that the fewest messages may hold: MESSAGES. NULL: none that
 * is rare. */
static GArray *
rarest (const Finding *self)
{
  g_autoptr (GArray) best = NULL;

  for (guint i = 0; i < self->program->children->len; i++) {
    const ImapKey *key = g_ptr_array_index (self->program->children, i);
    g_autoptr (GArray) messages = NULL;
    if (key->kind < IMAP_KEY_HEADER)
      continue;
    messages = search_hits_messages (self->hits, key->word, best ? best->len : RARE_MAX);
    if (messages) {
      g_clear_pointer (&best, g_array_unref);
      best = g_steal_pointer (&messages);
    }
  }
  return g_steal_pointer (&best);
}

static gboolean
find_uids (Database *database, gint64 mailbox, gint64 message, GArray *uids, GError **error)
{
  GError *failure = NULL;
  Statement *row
      = database_query (database, error,
                        "SELECT uid FROM entry INDEXED BY entry_message WHERE message = ?1"
                        " AND mailbox = ?2",
                        "ii", message, mailbox);

  if (!row)
    return FALSE;
  while (statement_next (row, &failure)) {
    guint32 uid = (guint32)statement_int (row, 0);
    g_array_append_val (uids, uid);
  }
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

/* Only messages that may hold a rare word need to be looked at, and those that the index does not
 * know yet. */
static gboolean
narrow (Finding *self, Database *database, GError **error)
{
  g_autoptr (GArray) messages = rarest (self);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
  UidRange unknown = { search_hits_uid (self->hits) + 1, G_MAXUINT32 };
  g_autoptr (GArray) both = g_array_new (FALSE, FALSE, sizeof (UidRange));
  g_autoptr (GArray) uids = NULL;

  if (!messages)
    return TRUE;
  for (guint i = 0; i < messages->len; i++)
    if (!find_uids (database, self->mailbox, g_array_index (messages, gint64, i), numbers, error))
      return FALSE;
  uids = imap_set_of_uids (numbers);
  g_array_append_vals (both, uids->data, uids->len);
  g_array_append_val (both, unknown);
  g_array_unref (uids);
  uids = imap_set_resolve (both, G_MAXUINT32);

  GArray *runs = imap_runs_within (self->walk.runs, uids);
  imap_walk_clear (&self->walk);
  imap_walk_begin (&self->walk, runs);
  return TRUE;
}

static guint64
count_runs (const GArray *runs)
{
  guint64 count = 0;

  for (guint i = 0; i < runs->len; i++) {
    const ImapRun *run = &g_array_index (runs, ImapRun, i);
    count += (guint64)run->last - run->first + 1;
  }
  return count;
}

/* Once, in the first job. Without an index everything is scanned. */
static gboolean
ask_index (Finding *self, StoreSnapshot *snapshot, gint64 account, GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) problem = NULL;
  gboolean opens = imap_key_opens_messages (self->program);
  guint64 count = count_runs (self->walk.runs);

  if (self->asked)
    return TRUE;
  self->asked = TRUE;
  imap_search_words (self->program, words);
  if (words->len == 0 || (!opens && count <= FEW_MAX))
    return TRUE;
  self->hits
      = search_hits_new (self->store, account, self->mailbox, (const char *const *)words->pdata,
                         words->len, opens ? G_MAXUINT : (guint)(count / KEPT_FASTER), &problem);
  if (problem)
    log_event (LOG_WARNING, "A search index cannot be read", "error", problem->message, NULL);
  return !self->hits || narrow (self, store_snapshot_database (snapshot), error);
}

static gboolean
find_batch (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Finding *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) mailbox = mailbox_load (database, self->mailbox, error);
  g_autoptr (ImapMatcher) matcher = NULL;
  Batch batch = { self, NULL, 0, g_get_monotonic_time () + TIME_MAX, NULL };

  if (!mailbox || !ask_index (self, snapshot, mailbox->account, error))
    return FALSE;
  batch.matcher = matcher = imap_matcher_new (snapshot, self->session->service->digest,
                                              self->program, mailbox, self->recent_from, error);
  if (!matcher)
    return FALSE;
  imap_matcher_set_hits (matcher, self->hits);
  while (!imap_walk_is_over (&self->walk)) {
    guint32 reach = imap_walk_reach (&self->walk);
    if (!mailbox_each (database, self->mailbox, self->walk.uid, reach, TRUE, examine, &batch,
                       error))
      return FALSE;
    if (batch.failure) {
      g_propagate_error (error, batch.failure);
      return FALSE;
    }
    if (batch.examined > 0 && is_over (&batch))
      break;
    imap_walk_pass (&self->walk, reach);
  }
  return TRUE;
}

static void find_next (ImapSession *session, gpointer data);

static void
did_find (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Finding) self = data;
  ImapSession *session = self->session;
  g_autoptr (GError) error = NULL;
  gboolean went_well = store_read_finish (session->service->store, result, &error);

  if (session->open && went_well) {
    self->funcs->found (session, (const ImapFound *)(gpointer)self->found->data, self->found->len,
                        self->data);
    g_array_set_size (self->found, 0);
    if (!imap_walk_is_over (&self->walk)) {
      imap_progress_tell (&self->progress, session, self->passed, count_runs (self->walk.runs));
      imap_session_when_drained (session, find_next, g_steal_pointer (&self));
      return;
    }
  }
  self->funcs->done (session, error, self->damaged, self->data);
}

static void
find_next (ImapSession *session, gpointer data)
{
  g_autoptr (Finding) self = data;

  if (session->open) {
    store_read_async (session->service->store, find_batch, self, NULL, NULL, did_find, self);
    g_steal_pointer (&self);
  } else {
    self->funcs->done (session, NULL, FALSE, self->data);
  }
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

/* What the program's keys mean for the session. */
static ImapKey *
prepare (ImapSession *self, ImapKey *program)
{
  if (imap_key_contains (program, IMAP_KEY_MODSEQ))
    imap_session_enable (self, IMAP_ENABLED_CONDSTORE);
  /* No expunge may be told meanwhile, also to UID SEARCH (RFC 7162 §3.2.10.2). */
  self->running.counted = imap_key_contains (program, IMAP_KEY_NUMBERS);
  return program;
}

ImapKey *
imap_take_program (ImapSession *self, ImapParser *arguments, guint flags)
{
  const gboolean charset_first = (flags & IMAP_PROGRAM_CHARSET_FIRST) != 0;
  ImapSearchError error = IMAP_SEARCH_MALFORMED;
  g_autoptr (ImapKey) program = NULL;
  ImapParser ahead = *arguments;

  /* All is UTF-8 then (RFC 9755 §3). */
  if (self->enabled & IMAP_ENABLED_UTF8 && !charset_first && imap_parser_space (&ahead)
      && imap_parser_word (&ahead, "CHARSET")) {
    imap_session_finish (self, IMAP_BAD, "No charset after ENABLE UTF8=ACCEPT");
    return NULL;
  }
  if (imap_parser_space (arguments))
    program = charset_first ? imap_search_parse_charset (arguments, &error)
                            : imap_search_parse (arguments, &error);
  if (!program && error == IMAP_SEARCH_BAD_CHARSET && flags & IMAP_PROGRAM_SAVES)
    imap_session_save (self, NULL);
  if (!program && error == IMAP_SEARCH_BAD_CHARSET)
    imap_session_finish (self, IMAP_NO, "[BADCHARSET (US-ASCII UTF-8)] Unknown charset");
  else if (!program)
    imap_session_refuse (self);
  else if (self->enabled & IMAP_ENABLED_UIDONLY && imap_key_contains (program, IMAP_KEY_NUMBERS))
    imap_session_finish (self, IMAP_BAD, "[UIDREQUIRED] Only UIDs are in use");
  else if (flags & IMAP_PROGRAM_FUZZY && !imap_key_contains (program, IMAP_KEY_FUZZY))
    imap_session_finish (self, IMAP_BAD, "RELEVANCY needs a FUZZY key");
  else if (!imap_search_bind (program, self->selected->sequence, self->saved))
    imap_session_finish (self, IMAP_BAD, "There is no message with such a number");
  else
    return prepare (self, g_steal_pointer (&program));
  return NULL;
}

void
imap_find (ImapSession *self, ImapKey *program, const ImapFindFuncs *funcs, gpointer data)
{
  Finding *finding = g_new0 (Finding, 1);

  finding->session = imap_session_ref (self);
  finding->funcs = funcs;
  finding->data = data;
  finding->store = self->service->store;
  finding->mailbox = self->selected->mailbox;
  finding->recent_from = self->selected->recent_from;
  finding->program = program;
  finding->found = g_array_new (FALSE, FALSE, sizeof (ImapFound));
  imap_walk_begin (&finding->walk, choose_runs (self, program));
  imap_progress_begin (&finding->progress);
  find_next (self, finding);
}
