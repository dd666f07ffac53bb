/* The Event Log when the service manager has started us, else standard error. */
#include "platform/sink.h"
#include "platform/windows/hauspost-events.h"
#include "platform/windows/service-private.h"
#include "platform/windows/wide.h"

#define INSERT_MOST 31839 /* units that ReportEvent takes in one text */

static const struct {
  WORD type;
  DWORD id;
} events[] = {
  [SINK_DEBUG] = { EVENTLOG_INFORMATION_TYPE, EVENT_DETAIL },
  [SINK_INFO] = { EVENTLOG_INFORMATION_TYPE, EVENT_WORK },
  [SINK_NOTICE] = { EVENTLOG_INFORMATION_TYPE, EVENT_STATE },
  [SINK_WARNING] = { EVENTLOG_WARNING_TYPE, EVENT_TROUBLE },
  [SINK_ERROR] = { EVENTLOG_ERROR_TYPE, EVENT_FAILURE },
};

static HANDLE
event_source (void)
{
  static gsize source;

  if (g_once_init_enter (&source)) {
    HANDLE opened = RegisterEventSourceW (NULL, SERVICE_LOG);
    g_once_init_leave (&source, opened != NULL ? (gsize)opened : 1);
  }
  return source == 1 ? NULL : (HANDLE)source;
}

/* The Event Viewer would put other texts in the place of "%1" and "%%1". */
static wchar_t *
insert_text (const char *text)
{
  GString *line = g_string_sized_new (256);

  for (const char *at = text; *at != '\0'; at++)
    if (*at == '%' && (g_ascii_isdigit (at[1]) || at[1] == '%'))
      g_string_append (line, "\\x25");
    else
      g_string_append_c (line, *at);
  wchar_t *wide = wide_text (line->str);
  g_string_free (line, TRUE);
  if (wcslen (wide) > INSERT_MOST)
    wide[INSERT_MOST] = L'\0';
  return wide;
}

static gboolean
write_event (SinkLevel level, const char *message, const SinkField *fields, guint count)
{
  HANDLE source = event_source ();
  GString *line = g_string_new (message);

  sink_append_fields (line, fields, count);
  g_autofree wchar_t *wide = insert_text (line->str);
  const wchar_t *inserts[] = { wide };
  g_string_free (line, TRUE);
  return source != NULL
      && ReportEventW (source, events[level].type, 0, events[level].id, NULL, 1, 0, inserts, NULL);
}

static void
write_stderr (SinkLevel level, const char *message, const SinkField *fields, guint count)
{
  g_autoptr (GString) line = sink_line (level, message, fields, count);
  DWORD written;

  /* One write, so that lines of several threads do not mix. There is nobody left to tell when it
   * fails. */
  WriteFile (GetStdHandle (STD_ERROR_HANDLE), line->str, (DWORD)line->len, &written, NULL);
}

void
sink_write (SinkLevel level, const char *message, const SinkField *fields, guint count)
{
  if (!service_is_managed () || !write_event (level, message, fields, count))
    write_stderr (level, message, fields, count);
}
