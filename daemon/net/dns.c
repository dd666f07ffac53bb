/* Questions to libunbound and their answers.
 *
 * libunbound works in a thread of its own and lays its answers into a pipe that cannot be polled on
 * every system; so one more thread blocks in ub_wait while questions are open. */
#include "net/dns.h"
#include "net/dns-anchor.h"
#include "net/dns-answer.h"
#include "log.h"
#include <string.h>
#include <unbound.h>

#define CLASS_IN 1
#define NAME_LENGTH_MAX 253
#define LABEL_LENGTH_MAX 63
#define RCODE_NONE 0
#define RCODE_NO_NAME 3
#define WAKE "localhost" /* libunbound answers it by itself, at once */

struct _Dns {
  struct ub_ctx *context;
  GThread *thread; /* calls ub_wait */
  GMutex lock;
  GCond asked;
  GQueue open; /* of Question.link, under the lock */
  gboolean stopping; /* under the lock */
  guint seconds; /* for one question */
};

/* One question; libunbound holds a reference until it answers, the limit in the asker's
 * GMainContext another. */
typedef struct {
  gatomicrefcount refs;
  Dns *dns;
  GTask *task;
  GSource *limit;
  DnsType type;
  gint answered; /* atomic: who sets it answers the task */
  GList link; /* in dns->open; data is the question itself while it is there */
} Question;

static void
question_unref (gpointer data)
{
  Question *self = data;

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_object_unref (self->task);
  g_free (self);
}

static gboolean
question_claim (Question *self)
{
  return g_atomic_int_compare_and_exchange (&self->answered, FALSE, TRUE);
}

static const char *
question_name (Question *self)
{
  return g_task_get_task_data (self->task);
}

static void
question_fail (Question *self, const char *reason)
{
  DnsAnswer *answer = dns_answer_new (question_name (self), DNS_FAILED);

  answer->reason = g_strdup (reason);
  g_task_return_pointer (self->task, answer, (GDestroyNotify)dns_answer_free);
}

/* In the asker's context: too late, or cancelled. What libunbound says later is dropped. */
static gboolean
did_reach_limit (gpointer data)
{
  Question *self = data;

  if (question_claim (self) && !g_task_return_error_if_cancelled (self->task))
    question_fail (self, "no answer in time");
  return G_SOURCE_REMOVE;
}

static void
add_limit (Question *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  self->limit = g_timeout_source_new_seconds (self->dns->seconds);
  if (cancellable) {
    g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);
    g_source_set_dummy_callback (cancelled);
    g_source_add_child_source (self->limit, cancelled);
  }
  g_atomic_ref_count_inc (&self->refs);
  g_source_set_callback (self->limit, did_reach_limit, self, question_unref);
  g_source_set_static_name (self->limit, "dns");
  g_source_attach (self->limit, g_task_get_context (self->task));
}

static void
remove_limit (Question *self)
{
  GSource *limit = g_steal_pointer (&self->limit);

  g_source_destroy (limit);
  g_source_unref (limit);
}

static DnsStatus
status_of (const struct ub_result *result)
{
  if (result->bogus)
    return DNS_BOGUS;
  if (result->nxdomain || result->rcode == RCODE_NO_NAME)
    return DNS_NO_NAME;
  if (result->rcode != RCODE_NONE)
    return DNS_FAILED;
  return result->havedata ? DNS_FOUND : DNS_NO_DATA;
}

static char *
reason_of (const struct ub_result *result, DnsStatus status)
{
  if (status == DNS_BOGUS)
    return g_strdup (result->why_bogus ? result->why_bogus : "DNSSEC validation failed");
  return status == DNS_FAILED ? g_strdup_printf ("the servers answer with code %d", result->rcode)
                              : NULL;
}

static char *
without_last_dot (const char *name)
{
  const gsize length = strlen (name);

  return g_strndup (name, length > 0 && name[length - 1] == '.' ? length - 1 : length);
}

static DnsAnswer *
read_answer (Question *self, const struct ub_result *result)
{
  const DnsStatus status = status_of (result);
  DnsAnswer *answer = dns_answer_new (NULL, status);

  answer->name = result->canonname && *result->canonname ? without_last_dot (result->canonname)
                                                         : g_strdup (question_name (self));
  answer->secure = result->secure && !result->bogus;
  answer->ttl = MAX (result->ttl, 0);
  answer->reason = reason_of (result, status);
  for (guint i = 0; status == DNS_FOUND && result->data[i]; i++)
    dns_answer_add (answer, self->type, (const guint8 *)result->data[i], MAX (result->len[i], 0));
  dns_answer_settle (answer);
  return answer;
}

static void
leave_open (Question *self)
{
  g_mutex_lock (&self->dns->lock);
  g_queue_unlink (&self->dns->open, &self->link);
  g_mutex_unlock (&self->dns->lock);
}

/* In the thread that waits. */
static void
did_resolve (void *data, int code, struct ub_result *result)
{
  Question *self = data;

  leave_open (self);
  if (question_claim (self)) {
    if (code == 0 && result)
      g_task_return_pointer (self->task, read_answer (self, result),
                             (GDestroyNotify)dns_answer_free);
    else
      question_fail (self, ub_strerror (code));
  }
  remove_limit (self);
  ub_resolve_free (result);
  question_unref (self);
}

/* ub_wait comes back only when nothing is open, which dead servers can delay for minutes. It holds
 * no lock while it calls us, so the thread can end here. */
static void
did_wake (void *data, int code, struct ub_result *result)
{
  ub_resolve_free (result);
  g_thread_exit (NULL);
}

static gboolean
await_question (Dns *self)
{
  g_mutex_lock (&self->lock);
  while (self->open.length == 0 && !self->stopping)
    g_cond_wait (&self->asked, &self->lock);
  const gboolean goes_on = !self->stopping;
  g_mutex_unlock (&self->lock);
  return goes_on;
}

static gpointer
wait_for_answers (gpointer data)
{
  Dns *self = data;

  while (await_question (self)) {
    const int code = ub_wait (self->context);
    if (code != 0) {
      log_event (LOG_ERROR, "The resolver does not answer", "error", ub_strerror (code), NULL);
      g_usleep (G_USEC_PER_SEC);
    }
  }
  return NULL;
}

/* "ADDRESS", "ADDRESS@PORT" */
static GInetAddress *
parse_forwarder (const char *word)
{
  const char *at = strchr (word, '@');
  g_autofree char *address = at ? g_strndup (word, at - word) : g_strdup (word);
  guint64 port;

  if (at && !g_ascii_string_to_unsigned (at + 1, 10, 1, G_MAXUINT16, &port, NULL))
    return NULL;
  return g_inet_address_new_from_string (address);
}

gboolean
dns_forwarders_check (const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);

  for (guint i = 0; words[i]; i++) {
    g_autoptr (GInetAddress) address = *words[i] ? parse_forwarder (words[i]) : NULL;
    if (*words[i] == '\0' || address)
      continue;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "\"%s\" is not ADDRESS[@PORT]",
                 words[i]);
    return FALSE;
  }
  return TRUE;
}

typedef struct {
  const char *option, *value;
} Option;

/* To set an option of unbound.conf(5), add a line here. */
static const Option always[] = {
  { "msg-cache-size:", "8m" }, { "rrset-cache-size:", "16m" }, { "key-cache-size:", "4m" },
  { "neg-cache-size:", "2m" }, { "aggressive-nsec:", "yes" },  { "edns-buffer-size:", "1232" },
};
/* With forwarders: those of an office know its private networks. */
static const Option forwarding[]
    = { { "unblock-lan-zones:", "yes" }, { "insecure-lan-zones:", "yes" } };
static const Option to_loopback[] = { { "do-not-query-localhost:", "no" } };

static gboolean
check_code (int code, const char *what, GError **error)
{
  if (code == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot set up the resolver (%s): %s", what,
               ub_strerror (code));
  return FALSE;
}

static gboolean
set_options (Dns *self, const Option *options, guint count, GError **error)
{
  for (guint i = 0; i < count; i++)
    if (!check_code (ub_ctx_set_option (self->context, options[i].option, options[i].value),
                     options[i].option, error))
      return FALSE;
  return TRUE;
}

static gboolean
add_forwarders (Dns *self, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);

  if (!dns_forwarders_check (text, error)
      || !set_options (self, forwarding, G_N_ELEMENTS (forwarding), error))
    return FALSE;
  for (guint i = 0; words[i]; i++) {
    g_autoptr (GInetAddress) address = *words[i] ? parse_forwarder (words[i]) : NULL;
    if (address == NULL)
      continue;
    if (!check_code (ub_ctx_set_fwd (self->context, words[i]), words[i], error)
        || (g_inet_address_get_is_loopback (address)
            && !set_options (self, to_loopback, G_N_ELEMENTS (to_loopback), error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
set_up (Dns *self, const DnsOptions *options, GError **error)
{
  g_autofree char *anchor = dns_anchor_prepare (options->folder, error);
  const gboolean forwards
      = options->forwarders && options->forwarders[strspn (options->forwarders, " \t")];

  if (anchor == NULL)
    return FALSE;
  ub_ctx_debugout (self->context, NULL); /* it would write to stderr */
  return set_options (self, always, G_N_ELEMENTS (always), error)
      && check_code (ub_ctx_async (self->context, TRUE), "thread", error)
      && check_code (ub_ctx_add_ta_autr (self->context, anchor), anchor, error)
      && (!forwards || add_forwarders (self, options->forwarders, error));
}

Dns *
dns_new (const DnsOptions *options, GError **error)
{
  g_autofree Dns *self = g_new0 (Dns, 1);

  self->seconds = options->seconds > 0 ? options->seconds : DNS_SECONDS;
  self->context = ub_ctx_create ();
  if (self->context == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot set up the resolver");
    return NULL;
  }
  if (!set_up (self, options, error)) {
    ub_ctx_delete (self->context);
    return NULL;
  }
  g_mutex_init (&self->lock);
  g_cond_init (&self->asked);
  g_queue_init (&self->open);
  self->thread = g_thread_new ("dns", wait_for_answers, self);
  return g_steal_pointer (&self);
}

/* When libunbound takes no question any more, its thread has ended and ub_wait has come back. */
static void
stop_thread (Dns *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_signal (&self->asked);
  g_mutex_unlock (&self->lock);
  ub_resolve_async (self->context, WAKE, DNS_TYPE_A, CLASS_IN, NULL, did_wake, NULL);
  g_thread_join (self->thread);
}

void
dns_free (Dns *self)
{
  stop_thread (self);
  for (GList *link; (link = self->open.head);) {
    Question *question = link->data;
    g_queue_unlink (&self->open, link);
    if (question_claim (question))
      question_fail (question, "the server stops");
    remove_limit (question);
    question_unref (question);
  }
  ub_ctx_delete (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->asked);
  g_free (self);
}

/* RFC 1035 §2.3.4 */
static gboolean
has_good_labels (const char *name)
{
  for (gsize label; (label = strcspn (name, ".")) <= LABEL_LENGTH_MAX && label > 0;) {
    name += label;
    if (*name++ == '\0')
      return TRUE;
  }
  return FALSE;
}

static char *
to_ascii_name (const char *name)
{
  g_autofree char *ascii = g_str_is_ascii (name) ? g_strdup (name) : g_hostname_to_ascii (name);
  g_autofree char *bare = ascii ? without_last_dot (ascii) : NULL;

  return bare && strlen (bare) <= NAME_LENGTH_MAX && has_good_labels (bare)
      ? g_steal_pointer (&bare)
      : NULL;
}

static gboolean
take_place (Question *self)
{
  gboolean has_place;

  g_mutex_lock (&self->dns->lock);
  has_place = self->dns->open.length < DNS_PENDING_MAX && !self->dns->stopping;
  if (has_place)
    g_queue_push_tail_link (&self->dns->open, &self->link);
  g_cond_signal (&self->dns->asked);
  g_mutex_unlock (&self->dns->lock);
  return has_place;
}

static void
ask (Question *self)
{
  int code;

  if (!take_place (self)) {
    question_fail (self, "too many questions");
    question_unref (self);
    return;
  }
  add_limit (self);
  code = ub_resolve_async (self->dns->context, question_name (self), self->type, CLASS_IN, self,
                           did_resolve, NULL);
  if (code == 0)
    return; /* it may have been answered and freed by now */
  leave_open (self);
  if (question_claim (self))
    question_fail (self, ub_strerror (code));
  remove_limit (self);
  question_unref (self);
}

void
dns_look_up_async (Dns *self, const char *name, DnsType type, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  g_autofree char *ascii = to_ascii_name (name);
  Question *question;

  g_task_set_source_tag (task, dns_look_up_async);
  if (ascii == NULL) {
    g_task_return_pointer (task, dns_answer_new (name, DNS_NO_NAME),
                           (GDestroyNotify)dns_answer_free);
    return;
  }
  g_task_set_task_data (task, g_steal_pointer (&ascii), g_free);
  question = g_new0 (Question, 1);
  g_atomic_ref_count_init (&question->refs);
  question->dns = self;
  question->task = g_steal_pointer (&task);
  question->type = type;
  question->link.data = question;
  ask (question);
}

DnsAnswer *
dns_look_up_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
