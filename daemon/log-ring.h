/* The newest lines of the log, kept in memory for those who look on. Any thread. */
#pragma once
#include "log.h"
#include "platform/sink.h"

#define LOG_RING_LINES 2000

typedef struct {
  guint64 id; /* grows by one with each line */
  gint64 time; /* microseconds, UTC */
  LogLevel level;
  const char *message;
  char **fields; /* name, value, name, value …, NULL at the end */
} LogLine;

/* From log_event alone. */
void log_ring_add (LogLevel level, const char *message, const SinkField *fields, guint count);
/* Calls FUNC for each line after the id AFTER (0: from the oldest one on), the oldest first, with
 * the ring locked: FUNC must not log. Returns the id of the newest line there is. */
typedef void (*LogLineFunc) (const LogLine *line, gpointer data);
guint64 log_ring_read (guint64 after, LogLineFunc func, gpointer data);
/* Whether TEXT (any case; NULL: anything) is in the message or in a field's value. */
gboolean log_line_has (const LogLine *line, const char *text);
/* "info": as settings and the API say it; log_level_parse: FALSE when it is none. */
const char *log_level_name (LogLevel level);
gboolean log_level_parse (const char *name, LogLevel *level);
