/* How an event looks as a line of text (logfmt): the same on every system. */
#include "platform/sink.h"
#include <string.h>

const char *
sink_level_name (SinkLevel level)
{
  static const char *const names[] = { "debug", "info", "notice", "warning", "error" };
  return names[MIN ((guint)level, G_N_ELEMENTS (names) - 1)];
}

static gboolean
is_plain (const char *value)
{
  if (*value == '\0')
    return FALSE;
  for (const char *at = value; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at) || strchr ("\"'\\=", *at) != NULL)
      return FALSE;
  return TRUE;
}

/* Bidirectional overrides would let an attacker's text change how the rest of the line looks. */
static gboolean
is_harmless (gunichar c)
{
  return c >= 0xa0 && !(c >= 0x200b && c <= 0x200f) && !(c >= 0x2028 && c <= 0x202e)
      && !(c >= 0x2066 && c <= 0x2069) && c != 0xfeff;
}

/* Appends what stands at AT, returns how many bytes it took. */
static gsize
append_escaped (GString *line, const char *at)
{
  guchar byte = (guchar)*at;

  if (byte < 0x80) {
    if (byte == '"' || byte == '\\')
      g_string_append_printf (line, "\\%c", byte);
    else if (byte >= 0x20 && byte != 0x7f)
      g_string_append_c (line, byte);
    else
      g_string_append_printf (line, "\\x%02x", byte);
    return 1;
  }

  gunichar c = g_utf8_get_char_validated (at, -1);
  if (c == (gunichar)-1 || c == (gunichar)-2) {
    g_string_append_printf (line, "\\x%02x", byte);
    return 1;
  }
  if (is_harmless (c))
    g_string_append_unichar (line, c);
  else
    g_string_append_printf (line, "\\u%04x", c);
  return g_utf8_skip[byte];
}

void
sink_append_value (GString *line, const char *value)
{
  if (is_plain (value)) {
    g_string_append (line, value);
    return;
  }
  g_string_append_c (line, '"');
  for (const char *at = value; *at != '\0';)
    at += append_escaped (line, at);
  g_string_append_c (line, '"');
}

void
sink_append_fields (GString *line, const SinkField *fields, guint count)
{
  for (guint i = 0; i < count; i++) {
    g_string_append_printf (line, " %s=", fields[i].name);
    sink_append_value (line, fields[i].value);
  }
}

GString *
sink_line (SinkLevel level, const char *message, const SinkField *fields, guint count)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");
  GString *line = g_string_sized_new (256);

  g_string_append_printf (line, "time=%s.%03dZ level=%s message=", time,
                          g_date_time_get_microsecond (now) / 1000, sink_level_name (level));
  sink_append_value (line, message);
  sink_append_fields (line, fields, count);
  g_string_append_c (line, '\n');
  return line;
}
