/* Waits for many answers. */
#include "net/dns-batch.h"

typedef struct {
  char *name;
  DnsType type;
  gboolean asked;
  DnsAnswer *answer;
} Question;

struct _DnsBatch {
  Dns *dns;
  GPtrArray *questions; /* Question */
  guint missing;
};

typedef struct {
  DnsBatch *batch;
  Question *question;
} Asked;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_pointer (&question->answer, dns_answer_free);
  g_free (question->name);
  g_free (question);
}

DnsBatch *
dns_batch_new (Dns *dns)
{
  DnsBatch *self = g_new0 (DnsBatch, 1);

  self->dns = dns;
  self->questions = g_ptr_array_new_with_free_func (question_free);
  return self;
}

void
dns_batch_free (DnsBatch *self)
{
  g_ptr_array_unref (self->questions);
  g_free (self);
}

guint
dns_batch_add (DnsBatch *self, const char *name, DnsType type)
{
  Question *question;

  for (guint i = 0; i < self->questions->len; i++) {
    question = self->questions->pdata[i];
    if (question->type == type && g_ascii_strcasecmp (question->name, name) == 0)
      return i;
  }
  question = g_new0 (Question, 1);
  question->name = g_strdup (name);
  question->type = type;
  g_ptr_array_add (self->questions, question);
  return self->questions->len - 1;
}

static void
did_look_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Asked *asked = data;

  asked->question->answer = dns_look_up_finish (result, NULL);
  asked->batch->missing--;
}

void
dns_batch_wait (DnsBatch *self)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (context);

  for (guint i = 0; i < self->questions->len; i++) {
    Question *question = self->questions->pdata[i];
    Asked *asked;

    if (question->asked)
      continue;
    asked = g_new (Asked, 1);
    *asked = (Asked) { self, question };
    question->asked = TRUE;
    self->missing++;
    dns_look_up_async (self->dns, question->name, question->type, NULL, did_look_up, asked);
  }
  while (self->missing > 0)
    g_main_context_iteration (context, TRUE);
}

const DnsAnswer *
dns_batch_answer (const DnsBatch *self, guint number)
{
  return ((Question *)self->questions->pdata[number])->answer;
}
