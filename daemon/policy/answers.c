/* Answers of the DNS by type and name, and the questions that are open. */
#include "policy/answers.h"
#include <string.h>

struct _Answers {
  GHashTable *known; /* "type name" → Answer */
  GHashTable *asked; /* "type name" → DnsQuestion, also those that are answered by now */
  GQueue questions; /* DnsQuestion, borrowed: not given out yet */
  gboolean closed;
};

static const Answer nothing = { .status = ANSWER_NO_NAME, .records = (char *[]) { NULL } };
static const Answer failed = { .status = ANSWER_FAILED, .records = (char *[]) { NULL } };

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_strfreev (answer->records);
  g_free (answer);
}

static void
question_free (gpointer data)
{
  DnsQuestion *question = data;

  g_free (question->name);
  g_free (question);
}

Answers *
answers_new (void)
{
  Answers *self = g_new0 (Answers, 1);

  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, answer_free);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, question_free);
  g_queue_init (&self->questions);
  return self;
}

void
answers_free (Answers *self)
{
  g_queue_clear (&self->questions);
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->asked);
  g_free (self);
}

gboolean
dns_name_is_valid (const char *name)
{
  gsize length = strlen (name);
  gsize label = 0;

  if (length > 0 && name[length - 1] == '.')
    length--;
  for (gsize i = 0; i < length; i++) {
    label = name[i] == '.' ? 0 : label + 1;
    if (!g_ascii_isprint (name[i]) || label > 63
        || (name[i] == '.' && (i == 0 || name[i - 1] == '.')))
      return FALSE;
  }
  return length > 0 && length <= 253 && label > 0;
}

gboolean
domain_is_below (const char *name, const char *domain)
{
  const gsize length = strlen (name), end = strlen (domain);

  return length >= end && g_ascii_strcasecmp (name + length - end, domain) == 0
      && (length == end || name[length - end - 1] == '.');
}

static char *
fold (const char *name)
{
  char *folded = g_ascii_strdown (name, -1);
  const gsize length = strlen (folded);

  if (length > 0 && folded[length - 1] == '.')
    folded[length - 1] = '\0';
  return folded;
}

static char *
key_new (QuestionType type, const char *folded)
{
  return g_strdup_printf ("%d %s", type, folded);
}

const Answer *
answers_find (Answers *self, QuestionType type, const char *name)
{
  g_autofree char *folded = fold (name);
  g_autofree char *key = key_new (type, folded);
  const Answer *answer = g_hash_table_lookup (self->known, key);
  DnsQuestion *question;

  if (answer != NULL)
    return answer;
  if (!dns_name_is_valid (name))
    return &nothing;
  if (self->closed)
    return &failed;
  if (g_hash_table_contains (self->asked, key))
    return NULL;
  if (g_hash_table_size (self->asked) >= ANSWERS_MAX)
    return &failed;
  question = g_new (DnsQuestion, 1);
  question->type = type;
  question->name = g_steal_pointer (&folded);
  g_hash_table_insert (self->asked, g_steal_pointer (&key), question);
  g_queue_push_tail (&self->questions, question);
  return NULL;
}

const DnsQuestion *
answers_next_question (Answers *self)
{
  return g_queue_pop_head (&self->questions);
}

void
answers_add (Answers *self, QuestionType type, const char *name, AnswerStatus status,
             const char *const *records, gboolean secure)
{
  g_autofree char *folded = fold (name);
  g_autofree char *key = key_new (type, folded);
  Answer *answer;

  if (g_hash_table_contains (self->known, key))
    return;
  answer = g_new0 (Answer, 1);
  answer->status = status;
  answer->secure = secure;
  answer->records = records ? g_strdupv ((char **)records) : g_new0 (char *, 1);
  g_hash_table_insert (self->known, g_steal_pointer (&key), answer);
}

void
answers_close (Answers *self)
{
  self->closed = TRUE;
}
