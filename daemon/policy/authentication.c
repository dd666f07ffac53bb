/* Takes turns between a worker, which looks at the mail and the answers, and the questions it has.
 */
#include "policy/authentication.h"
#include "policy/findings.h"

/* An answer that waits for its turn, as the worker owns the table while it works. */
typedef struct {
  QuestionType type;
  AnswerStatus status;
  gboolean secure;
  char *name;
  char **records;
} Arrival;

struct _Authentication {
  gatomicrefcount references;
  char *hostname, *helo, *sender, *trusted;
  GInetAddress *client;
  guint seconds;
  AuthenticationAsk ask;
  gpointer data;
  GCancellable *cancellable;
  GQueue arrivals; /* Arrival */
  gboolean working; /* what stands below is in use, by a worker most of the time */
  gboolean again; /* there is something new for it */
  gboolean over; /* the time is */
  GBytes *coming; /* the header or the message, for the next turn */
  gboolean is_whole; /* it is the message */
  GSource *timer;
  GTask *task; /* who waits for the end */

  Answers *answers;
  Findings findings;
  GBytes *header, *message;
  gboolean complete;
};

static void step (Authentication *self);

static void
arrival_free (gpointer data)
{
  Arrival *arrival = data;

  g_free (arrival->name);
  g_strfreev (arrival->records);
  g_free (arrival);
}

Authentication *
authentication_ref (Authentication *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
authentication_unref (Authentication *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  findings_clear (&self->findings);
  answers_free (self->answers);
  g_queue_clear_full (&self->arrivals, arrival_free);
  g_clear_pointer (&self->coming, g_bytes_unref);
  g_clear_pointer (&self->header, g_bytes_unref);
  g_clear_pointer (&self->message, g_bytes_unref);
  g_object_unref (self->cancellable);
  g_object_unref (self->client);
  g_free (self->hostname);
  g_free (self->trusted);
  g_free (self->helo);
  g_free (self->sender);
  g_free (self);
}

void
authentication_verdict_free (AuthenticationVerdict *self)
{
  g_free (self->field);
  g_free (self->author);
  g_free (self);
}

static SpfQuery
query_new (const Authentication *self)
{
  return (SpfQuery) { .address = self->client,
                      .helo = self->helo,
                      .sender = self->sender,
                      .receiver = self->hostname,
                      .now = g_get_real_time () / G_USEC_PER_SEC };
}

/* In a worker. */
static void
look (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Authentication *self = data;
  const SpfQuery query = query_new (self);

  if (self->header && self->message == NULL) {
    gsize length;
    const guint8 *bytes = g_bytes_get_data (self->header, &length);
    g_autoptr (DkimHeader) header = dkim_header_read (bytes, length);
    DmarcAuthors authors;
    g_autofree char *author = dmarc_author_domain (header, &authors);

    dkim_ask_keys (header, self->answers);
    arc_ask_keys (header, self->answers);
    if (author)
      dmarc_ask (author, self->answers);
  }
  self->complete = findings_update (&self->findings, &query, self->message, self->answers);
  g_task_return_boolean (task, TRUE);
}

static AuthenticationVerdict *
verdict_new (const Authentication *self)
{
  const SpfQuery query = query_new (self);
  AuthenticationVerdict *verdict = g_new0 (AuthenticationVerdict, 1);

  verdict->field = findings_report (&self->findings, &query, self->hostname);
  verdict->policy = self->findings.policy;
  verdict->author = g_strdup (self->findings.author);
  verdict->authors = self->findings.authors;
  verdict->chain = self->findings.arc->result;
  verdict->chain_is_uncertain = self->findings.arc->temporary;
  verdict->spf = spf_result_name (self->findings.spf->result);
  verdict->dmarc = dmarc_result_name (self->findings.dmarc->result);
  return verdict;
}

static void
stop_timer (Authentication *self)
{
  if (self->timer == NULL)
    return;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Authentication) self = data;
  const DnsQuestion *question;

  g_task_propagate_boolean (G_TASK (result), NULL); /* what the worker has found is ours again */
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (self->complete && self->task) {
    g_autoptr (GTask) task = g_steal_pointer (&self->task);

    stop_timer (self);
    g_cancellable_cancel (self->cancellable); /* what is still asked for helps nobody */
    g_task_return_pointer (task, verdict_new (self), (GDestroyNotify)authentication_verdict_free);
    return;
  }
  while (!self->over && (question = answers_next_question (self->answers)) != NULL)
    self->ask (self, question, self->data); /* an answer at once waits, too */
  self->working = FALSE;
  if (self->again)
    step (self);
}

/* Gives the worker what has come. */
static void
step (Authentication *self)
{
  g_autoptr (GTask) task = NULL;
  Arrival *arrival;

  self->again = self->working;
  if (self->working || g_cancellable_is_cancelled (self->cancellable))
    return;
  while ((arrival = g_queue_pop_head (&self->arrivals)) != NULL) {
    answers_add (self->answers, arrival->type, arrival->name, arrival->status,
                 (const char *const *)arrival->records, arrival->secure);
    arrival_free (arrival);
  }
  if (self->over)
    answers_close (self->answers);
  if (self->coming && self->is_whole)
    self->message = g_steal_pointer (&self->coming);
  else if (self->coming)
    self->header = g_steal_pointer (&self->coming);
  self->working = TRUE;
  task = g_task_new (NULL, NULL, did_look, authentication_ref (self));
  g_task_set_source_tag (task, step);
  g_task_set_task_data (task, authentication_ref (self), (GDestroyNotify)authentication_unref);
  g_task_run_in_thread (task, look);
}

Authentication *
authentication_new (const AuthenticationPeer *peer)
{
  Authentication *self = g_new0 (Authentication, 1);

  g_atomic_ref_count_init (&self->references);
  self->hostname = g_strdup (peer->hostname);
  self->helo = g_strdup (peer->helo);
  self->sender = g_strdup (peer->sender);
  self->trusted = g_strdup (peer->trusted);
  self->findings.trusted = self->trusted;
  self->client = g_object_ref (peer->client);
  self->seconds = peer->seconds;
  self->ask = peer->ask;
  self->data = peer->data;
  self->cancellable = g_cancellable_new ();
  self->answers = answers_new ();
  g_queue_init (&self->arrivals);
  step (self);
  return self;
}

GCancellable *
authentication_cancellable (Authentication *self)
{
  return self->cancellable;
}

void
authentication_cancel (Authentication *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  stop_timer (self);
  g_cancellable_cancel (self->cancellable);
  if (task)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nobody waits any more");
}

void
authentication_answer (Authentication *self, QuestionType type, const char *name,
                       AnswerStatus status, const char *const *records, gboolean secure)
{
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->type = type;
  arrival->status = status;
  arrival->secure = secure;
  arrival->name = g_strdup (name);
  arrival->records = g_strdupv ((char **)records);
  g_queue_push_tail (&self->arrivals, arrival);
  step (self);
}

void
authentication_read_header (Authentication *self, GBytes *header)
{
  g_clear_pointer (&self->coming, g_bytes_unref);
  self->coming = g_bytes_ref (header);
  self->is_whole = FALSE;
  step (self);
}

static gboolean
did_time_out (gpointer data)
{
  Authentication *self = data;

  self->over = TRUE;
  step (self);
  return G_SOURCE_REMOVE;
}

void
authentication_finish_async (Authentication *self, GBytes *message, GAsyncReadyCallback callback,
                             gpointer data)
{
  self->task = g_task_new (NULL, NULL, callback, data);
  g_task_set_source_tag (self->task, authentication_finish_async);
  g_clear_pointer (&self->coming, g_bytes_unref);
  self->coming = g_bytes_ref (message);
  self->is_whole = TRUE;
  self->timer = g_timeout_source_new_seconds (self->seconds);
  g_source_set_callback (self->timer, did_time_out, authentication_ref (self),
                         (GDestroyNotify)authentication_unref);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  step (self);
}

AuthenticationVerdict *
authentication_finish_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
