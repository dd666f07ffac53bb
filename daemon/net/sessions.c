/* The list of sessions, and the end of one. */
#include "net/sessions.h"
#include "net/channel-private.h"
#include <string.h>

struct _Survey {
  gatomicrefcount refs;
  GMutex lock;
  GCond changed;
  gboolean asked; /* under the lock, as what follows */
  guint missing; /* threads */
  GPtrArray *sessions;
};

static void
session_free (gpointer data)
{
  Session *self = data;

  g_free (self->id);
  g_free (self->user);
  g_free (self->address);
  g_free (self->client);
  g_free (self);
}

Survey *
survey_new (void)
{
  Survey *self = g_new0 (Survey, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->sessions = g_ptr_array_new_with_free_func (session_free);
  return self;
}

Survey *
survey_ref (Survey *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
survey_unref (Survey *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_clear_pointer (&self->sessions, g_ptr_array_unref);
  g_free (self);
}

static Session *
describe (Channel *channel)
{
  Session *session = g_new0 (Session, 1);

  session->id = g_strdup (channel->id);
  session->protocol = channel->protocol;
  session->user = g_strdup (channel->user);
  session->address = g_strdup (channel_peer_text (channel));
  session->client = g_strdup (channel->client);
  session->since = channel->since;
  session->secure = channel_is_secure (channel);
  return session;
}

typedef struct {
  Survey *survey;
  IoThread *thread;
} Question;

static void
answer (gpointer data)
{
  g_autofree Question *question = data;
  g_autoptr (Survey) survey = question->survey;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&survey->lock);

  for (GList *link = question->thread->channels.head; link && survey->sessions; link = link->next)
    if (((Channel *)link->data)->protocol != NULL)
      g_ptr_array_add (survey->sessions, describe (link->data));
  survey->missing--;
  g_cond_broadcast (&survey->changed);
}

void
survey_ask (Survey *self, IoThread *const *threads, guint count)
{
  g_mutex_lock (&self->lock);
  self->asked = TRUE;
  self->missing = count;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < count; i++) {
    Question *question = g_new (Question, 1);
    *question = (Question) { survey_ref (self), threads[i] };
    io_thread_invoke (threads[i], answer, question);
  }
}

static int
compare (gconstpointer first, gconstpointer second)
{
  const Session *a = *(Session *const *)first, *b = *(Session *const *)second;

  return a->since != b->since ? (a->since < b->since ? 1 : -1) : strcmp (a->id, b->id);
}

GPtrArray *
survey_wait (Survey *self, guint milliseconds)
{
  const gint64 deadline = g_get_monotonic_time () + (gint64)milliseconds * 1000;
  GPtrArray *sessions;

  g_mutex_lock (&self->lock);
  while ((!self->asked || self->missing > 0)
         && g_cond_wait_until (&self->changed, &self->lock, deadline)) { }
  sessions = g_steal_pointer (&self->sessions);
  g_mutex_unlock (&self->lock);
  g_ptr_array_sort (sessions, compare);
  return sessions;
}

typedef struct {
  IoThread *thread;
  char id[];
} Ending;

static void
end_one (gpointer data)
{
  g_autofree Ending *ending = data;

  for (GList *link = ending->thread->channels.head, *next; link != NULL; link = next) {
    next = link->next;
    if (strcmp (((Channel *)link->data)->id, ending->id) == 0)
      channel_close (link->data);
  }
}

void
sessions_end (IoThread *const *threads, guint count, const char *id)
{
  const gsize length = strlen (id) + 1;

  for (guint i = 0; i < count; i++) {
    Ending *ending = g_malloc (sizeof *ending + length);
    ending->thread = threads[i];
    memcpy (ending->id, id, length);
    io_thread_invoke (threads[i], end_one, ending);
  }
}
