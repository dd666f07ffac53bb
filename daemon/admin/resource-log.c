/* The newest lines of the log, and the events. */
#include "admin/resources.h"
#include <string.h>

#define LINES_USUAL 200

typedef struct {
  LogLevel level;
  const char *text;
  guint64 after;
  json_t *lines;
} Reading;

static void
add_line (const LogLine *line, gpointer data)
{
  Reading *self = data;

  if (line->level >= self->level && log_line_has (line, self->text))
    json_array_append_new (self->lines, log_line_describe (line));
}

static gboolean
read_level (AdminCall *call, LogLevel *level, GError **error)
{
  const char *text = admin_call_query (call, "level");

  *level = LOG_DEBUG;
  if (text == NULL || log_level_parse (text, level))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("The level is debug, info, notice, warning or error."));
  return FALSE;
}

/* ?level=&text=&limit=&after= */
gboolean
log_get (AdminCall *call, GError **error)
{
  const gint64 limit = admin_call_number (call, "limit", LINES_USUAL, LOG_RING_LINES);
  Reading reading = { .text = admin_call_query (call, "text"),
                      .after = (guint64)admin_call_number (call, "after", 0, G_MAXINT64),
                      .lines = json_array () };

  json_object_set_new (call->answer, "lines", reading.lines);
  if (!read_level (call, &reading.level, error))
    return FALSE;
  log_ring_read (reading.after, add_line, &reading);
  while ((gint64)json_array_size (reading.lines) > limit)
    json_array_remove (reading.lines, 0);
  return TRUE;
}

static gboolean
read_topics (const char *text, guint *topics)
{
  static const struct {
    const char *name;
    Topic topic;
  } names[] = { { "change", TOPIC_CHANGE },
                { "metrics", TOPIC_METRICS },
                { "log", TOPIC_LOG },
                { "job", TOPIC_JOB } };
  g_auto (GStrv) words = g_strsplit (text, ",", 20);

  *topics = 0;
  for (char **word = words; *word; word++) {
    guint found = 0;
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      if (strcmp (names[i].name, *word) == 0)
        found = names[i].topic;
    if (found == 0)
      return FALSE;
    *topics |= found;
  }
  return TRUE;
}

/* ?topics=&level=&text=; the connection is then handed to the hub. */
gboolean
events_get (AdminCall *call, GError **error)
{
  const char *topics = admin_call_query (call, "topics");
  g_autoptr (Listening) listening = g_new0 (Listening, 1);

  if (!read_level (call, &listening->level, error))
    return FALSE;
  listening->topics = TOPICS_ALL;
  if (topics && !read_topics (topics, &listening->topics)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The topics are change, metrics, log and job."));
    return FALSE;
  }
  if (call->caller->role == ADMIN_DOMAINS)
    listening->topics &= TOPIC_CHANGE;
  listening->caller = caller_copy (call->caller);
  listening->text = g_strdup (admin_call_query (call, "text"));
  call->listening = g_steal_pointer (&listening);
  return TRUE;
}
