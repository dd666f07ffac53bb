/* A ring of lines behind one lock, which is held only to copy a line or to look at some. */
#include "log-ring.h"
#include <string.h>

#define VALUE_MOST 1000 /* bytes of one field that are kept */

static GMutex lock;
static LogLine ring[LOG_RING_LINES]; /* under the lock; line ID lies at ID % LOG_RING_LINES */
static guint64 newest;

static const char *const levels[] = { "debug", "info", "notice", "warning", "error" };

const char *
log_level_name (LogLevel level)
{
  return levels[level];
}

gboolean
log_level_parse (const char *name, LogLevel *level)
{
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if (strcmp (levels[i], name) == 0) {
      *level = (LogLevel)i;
      return TRUE;
    }
  return FALSE;
}

static char *
copy_value (const char *value)
{
  return g_utf8_make_valid (value, (gssize)strnlen (value, VALUE_MOST));
}

static char **
copy_fields (const SinkField *fields, guint count)
{
  char **copy = g_new (char *, 2 * (gsize)count + 1);

  for (guint i = 0; i < count; i++) {
    copy[2 * i] = g_strdup (fields[i].name);
    copy[2 * i + 1] = copy_value (fields[i].value);
  }
  copy[2 * (gsize)count] = NULL;
  return copy;
}

void
log_ring_add (LogLevel level, const char *message, const SinkField *fields, guint count)
{
  LogLine line = { .time = g_get_real_time (),
                   .level = level,
                   .message = copy_value (message),
                   .fields = copy_fields (fields, count) };
  LogLine *place;

  g_mutex_lock (&lock);
  line.id = ++newest;
  place = &ring[line.id % LOG_RING_LINES];
  const LogLine old = *place;
  *place = line;
  g_mutex_unlock (&lock);
  g_free ((char *)old.message);
  g_strfreev (old.fields);
}

guint64
log_ring_read (guint64 after, LogLineFunc func, gpointer data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  const guint64 oldest = newest > LOG_RING_LINES ? newest - LOG_RING_LINES + 1 : 1;

  for (guint64 id = MAX (after, oldest - 1) + 1; after < newest && id <= newest; id++)
    func (&ring[id % LOG_RING_LINES], data);
  return newest;
}

static gboolean
has_text (const char *hay, const char *folded)
{
  g_autofree char *text = g_utf8_casefold (hay, -1);

  return strstr (text, folded) != NULL;
}

gboolean
log_line_has (const LogLine *line, const char *text)
{
  g_autofree char *folded = text && *text ? g_utf8_casefold (text, -1) : NULL;

  if (folded == NULL || has_text (line->message, folded))
    return TRUE;
  for (char **field = line->fields; *field; field += 2)
    if (has_text (field[1], folded))
      return TRUE;
  return FALSE;
}
