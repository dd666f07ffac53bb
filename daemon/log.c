/* Events from anywhere in the daemon to the platform's sink. */
#include "log.h"
#include "log-ring.h"
#include "platform/sink.h"
#include <stdarg.h>

G_STATIC_ASSERT ((int)LOG_DEBUG == (int)SINK_DEBUG && (int)LOG_ERROR == (int)SINK_ERROR);

#define FIELDS_MOST 24

static int least = LOG_INFO; /* atomic */

void
log_set_level (LogLevel level)
{
  g_atomic_int_set (&least, level);
}

gboolean
log_is_wanted (LogLevel level)
{
  return (int)level >= g_atomic_int_get (&least);
}

void
log_event (LogLevel level, const char *message, ...)
{
  SinkField fields[FIELDS_MOST];
  guint count = 0;
  va_list arguments;

  if (!log_is_wanted (level))
    return;

  va_start (arguments, message);
  for (const char *name; (name = va_arg (arguments, const char *)) != NULL;) {
    const char *value = va_arg (arguments, const char *);
    if (value == NULL)
      continue;
    g_assert (count < FIELDS_MOST);
    fields[count++] = (SinkField) { name, value };
  }
  va_end (arguments);

  sink_write ((SinkLevel)level, message, fields, count);
  log_ring_add (level, message, fields, count);
}
