/* What became of mails. */
#include "admin/resources.h"
#include "admin/trace-words.h"
#include "archive/history.h"

#define MAILS_MAX 500
#define MAILS_USUAL 20

typedef struct {
  json_t *mails;
  json_t *lines; /* of the last of them */
  gint64 last;
} Telling;

static void
set_text (json_t *object, const char *key, const char *text)
{
  if (text)
    json_object_set_new (object, key, json_string (text));
}

static void
add_line (gint64 mail, const HistoryLine *line, gpointer data)
{
  Telling *self = data;
  const HistoryEvent *event = &line->event;
  json_t *object = json_pack ("{s:I, s:s}", "time", (json_int_t)(line->time / 1000), "what",
                              history_kind_name (event->kind));

  if (self->last != mail) {
    json_t *lines = json_array ();
    json_array_append_new (self->mails, json_pack ("{s:o}", "lines", lines));
    self->lines = lines;
    self->last = mail;
  }
  if (event->size)
    json_object_set_new (object, "size", json_integer ((json_int_t)event->size));
  set_text (object, "message_id", event->message_id);
  set_text (object, "sender", event->sender);
  set_text (object, "recipient", event->recipient);
  set_text (object, "user", event->user);
  set_text (object, "address", event->address);
  set_text (object, "host", event->host);
  set_text (object, "reply", event->reply);
  g_autofree char *sentence = trace_words (object);
  json_object_set_new (object, "sentence", json_string (sentence));
  json_array_append_new (self->lines, object);
}

static gboolean
sees (const Caller *caller, const json_t *line, const char *field)
{
  const char *address = json_string_value (json_object_get (line, field));

  return address && caller_sees (caller, address);
}

/* Somebody of a domain of the caller's, or in its name: then all that became of it may be seen.
 * Whom a mail names as its sender proves nothing unless whoever handed it in had signed on. */
static gboolean
is_from_own (const Caller *caller, const json_t *lines)
{
  const json_t *line;
  gsize i;

  json_array_foreach (lines, i, line)
  {
    if (json_object_get (line, "user")
        && (sees (caller, line, "sender") || sees (caller, line, "user")))
      return TRUE;
  }
  return FALSE;
}

/* To whom else a stranger has written is nobody's business (Bcc). TRUE: something is left. */
static gboolean
leave_own_recipients (const Caller *caller, json_t *lines)
{
  gboolean found = FALSE;

  for (gsize i = json_array_size (lines); i > 0; i--) {
    const json_t *line = json_array_get (lines, i - 1);
    if (sees (caller, line, "recipient"))
      found = TRUE;
    else if (json_object_get (line, "recipient"))
      json_array_remove (lines, i - 1);
  }
  return found;
}

static void
leave_out_others (const Caller *caller, json_t *mails)
{
  for (gsize i = json_array_size (mails); caller->role == ADMIN_DOMAINS && i > 0; i--) {
    json_t *lines = json_object_get (json_array_get (mails, i - 1), "lines");
    if (!is_from_own (caller, lines) && !leave_own_recipients (caller, lines))
      json_array_remove (mails, i - 1);
  }
}

/* {"about": "anna@example.org", "limit": 20}; both may be missing. */
gboolean
trace_post (AdminCall *call, GError **error)
{
  const json_int_t wanted = json_integer_value (json_object_get (call->body, "limit"));
  const guint limit = wanted > 0 ? (guint)MIN (wanted, MAILS_MAX) : MAILS_USUAL;
  Telling telling = { .mails = json_array () };

  json_object_set_new (call->answer, "mails", telling.mails);
  history_flush ();
  if (!history_read (call->configuration->data, admin_call_optional_text (call, "about"), limit,
                     add_line, &telling, error))
    return FALSE;
  leave_out_others (call->caller, telling.mails);
  return TRUE;
}
