/* THREAD (RFC 5256 §3): the messages are found, their keys are read, and a worker threads them. */
#include "imap/imap-commands.h"

#include "imap/imap-keys.h"
#include "imap/imap-thread.h"

static const struct {
  const char *word;
  ImapThreadAlgorithm algorithm;
} algorithms[] = {
  { "ORDEREDSUBJECT", IMAP_THREAD_ORDERED_SUBJECT },
  { "REFERENCES", IMAP_THREAD_REFERENCES },
};

typedef struct {
  ImapSession *session; /* of the I/O thread */
  gboolean by_uid;
  ImapThreadAlgorithm algorithm;
  GArray *found; /* ImapFound */
  ImapThreads *threads;
  gboolean damaged;
} Threading;

static void
threading_free (Threading *self)
{
  imap_session_unref (self->session);
  g_array_unref (self->found);
  g_clear_pointer (&self->threads, imap_threads_free);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Threading, threading_free)

static void
string_free (gpointer string)
{
  g_string_free (string, TRUE);
}

static void
did_thread (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Threading) self = data;
  g_autoptr (GString) lists = g_task_propagate_pointer (G_TASK (result), NULL);
  ImapSession *session = self->session;

  if (!session->open)
    return;
  channel_print (session->channel, lists->len > 0 ? "* THREAD " : "* THREAD");
  channel_write (session->channel, lists->str, lists->len);
  channel_print (session->channel, "\r\n");
  imap_session_finish (session, IMAP_OK, "Threaded%s",
                       self->damaged ? ", but some messages cannot be read" : "");
}

/* In a worker. */
static void
thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Threading *self = data;

  g_task_return_pointer (task, imap_threads_run (self->threads, self->algorithm), string_free);
}

static void
take_keys (guint index, const SortKeys *keys, gpointer data)
{
  Threading *self = data;
  const ImapFound *found = &g_array_index (self->found, ImapFound, index);

  imap_threads_add (self->threads, index, found, self->by_uid ? found->uid : found->number, keys);
}

static void
did_read_keys (ImapSession *session, const GError *error, gboolean damaged, gpointer data)
{
  g_autoptr (Threading) self = data;
  g_autoptr (GTask) task = NULL;

  if (!session->open)
    return;
  if (error) {
    imap_session_fail (session, error);
    return;
  }
  self->damaged = self->damaged || damaged;
  task = g_task_new (NULL, NULL, did_thread, self);
  g_task_set_source_tag (task, did_read_keys);
  g_task_set_task_data (task, g_steal_pointer (&self), NULL);
  g_task_run_in_thread (task, thread);
}

static void
take_found (ImapSession *session, const ImapFound *found, guint count, gpointer data)
{
  Threading *self = data;

  g_array_append_vals (self->found, found, count);
}

static void
did_find (ImapSession *session, const GError *error, gboolean damaged, gpointer data)
{
  static const ImapKeysFuncs funcs = { take_keys, did_read_keys };
  g_autoptr (Threading) self = data;
  const GArray *found = self->found;

  if (error || !session->open) {
    if (session->open)
      imap_session_fail (session, error);
    return;
  }
  self->damaged = damaged;
  self->threads = imap_threads_new (found->len);
  imap_keys_read (session, found, &funcs, g_steal_pointer (&self));
}

static gboolean
take_algorithm (ImapParser *arguments, ImapThreadAlgorithm *algorithm)
{
  if (!imap_parser_space (arguments))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (imap_parser_word (arguments, algorithms[i].word)) {
      *algorithm = algorithms[i].algorithm;
      return TRUE;
    }
  return FALSE;
}

void
imap_cmd_thread (ImapSession *self, ImapParser *arguments)
{
  static const ImapFindFuncs funcs = { take_found, did_find };
  ImapThreadAlgorithm algorithm;
  Threading *threading;
  ImapKey *program;

  if (!take_algorithm (arguments, &algorithm)) {
    imap_session_refuse (self);
    return;
  }
  program = imap_take_program (self, arguments, IMAP_PROGRAM_CHARSET_FIRST);
  if (!program)
    return;
  threading = g_new0 (Threading, 1);
  threading->session = imap_session_ref (self);
  threading->by_uid = self->running.by_uid;
  threading->algorithm = algorithm;
  threading->found = g_array_new (FALSE, FALSE, sizeof (ImapFound));
  imap_find (self, program, &funcs, threading);
}
