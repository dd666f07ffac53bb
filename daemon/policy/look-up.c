/* From a question to the resolver, and from its answer to text. */
#include "policy/look-up.h"

static const DnsType types[] = {
  [QUESTION_A] = DNS_TYPE_A,     [QUESTION_AAAA] = DNS_TYPE_AAAA, [QUESTION_MX] = DNS_TYPE_MX,
  [QUESTION_TXT] = DNS_TYPE_TXT, [QUESTION_PTR] = DNS_TYPE_PTR,
};

static const AnswerStatus statuses[] = {
  [DNS_FOUND] = ANSWER_FOUND,   [DNS_NO_NAME] = ANSWER_NO_NAME, [DNS_NO_DATA] = ANSWER_NO_DATA,
  [DNS_FAILED] = ANSWER_FAILED, [DNS_BOGUS] = ANSWER_FAILED,
};

DnsType
look_up_type (QuestionType type)
{
  return types[type];
}

AnswerStatus
look_up_status (DnsStatus status)
{
  return statuses[status];
}

typedef struct {
  Authentication *authentication;
  QuestionType type;
  char *name;
} LookUp;

static void
look_up_free (LookUp *self)
{
  authentication_unref (self->authentication);
  g_free (self->name);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LookUp, look_up_free)

/* A NUL would end a text that goes on. */
static char *
text_of (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  GString *text = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    if (data[i])
      g_string_append_c (text, data[i]);
    else
      g_string_append (text, "\357\277\275");
  return g_string_free (text, FALSE);
}

static char *
record_of (const DnsRecord *record, QuestionType type)
{
  switch (type) {
  case QUESTION_A:
  case QUESTION_AAAA:
    return g_inet_address_to_string (record->address);
  case QUESTION_TXT:
    return text_of (record->data);
  default:
    return g_strdup (record->host);
  }
}

char **
look_up_records (const DnsAnswer *answer, QuestionType type)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new ();

  for (guint i = 0; i < answer->records->len; i++)
    g_ptr_array_add (records, record_of (answer->records->pdata[i], type));
  g_ptr_array_add (records, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&records), FALSE);
}

static void
did_look_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LookUp) self = data;
  g_autoptr (DnsAnswer) answer = dns_look_up_finish (result, NULL);
  g_auto (GStrv) records = NULL;

  if (answer == NULL) /* nobody waits for it any more */
    return;
  records = look_up_records (answer, self->type);
  authentication_answer (self->authentication, self->type, self->name, statuses[answer->status],
                         (const char *const *)records, answer->secure);
}

void
look_up_ask (Authentication *authentication, const DnsQuestion *question, gpointer dns)
{
  LookUp *self = g_new0 (LookUp, 1);

  self->authentication = authentication_ref (authentication);
  self->type = question->type;
  self->name = g_strdup (question->name);
  dns_look_up_async (dns, self->name, types[self->type],
                     authentication_cancellable (authentication), did_look_up, self);
}
