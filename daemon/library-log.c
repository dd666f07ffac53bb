/* GLib's log on its way into ours. */
#include "library-log.h"
#include "log.h"
#include <glib.h>

/* Libraries speak through GLib's log; it goes where everything goes. */
static GLogWriterOutput
write_library_log (GLogLevelFlags flags, const GLogField *fields, gsize count, gpointer data)
{
  const char *message = NULL, *domain = NULL;
  LogLevel level = flags & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL) ? LOG_ERROR
      : flags & G_LOG_LEVEL_WARNING                                   ? LOG_WARNING
                                                                      : LOG_DEBUG;

  for (gsize i = 0; i < count; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      message = fields[i].value;
    else if (g_str_equal (fields[i].key, "GLIB_DOMAIN"))
      domain = fields[i].value;
  log_event (level, message != NULL ? message : "(no message)", "library", domain, NULL);
  return G_LOG_WRITER_HANDLED;
}

/* GLib takes a writer once in the life of a process. */
void
library_log_take (void)
{
  static gsize taken;

  if (g_once_init_enter (&taken)) {
    g_log_set_writer_func (write_library_log, NULL, NULL);
    g_once_init_leave (&taken, 1);
  }
}
