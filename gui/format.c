/* GLib knows the locale's ways. */
#include "format.h"
#include <glib/gi18n.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

char *
format_size (gint64 bytes)
{
  return g_format_size_full ((guint64)MAX (bytes, 0), G_FORMAT_SIZE_IEC_UNITS);
}

char *
format_count (gint64 count)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, count);
}

static char *
format_local (gint64 seconds, const char *format)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return time ? g_date_time_format (time, format) : g_strdup ("");
}

char *
format_date (gint64 seconds)
{
  return seconds == 0 ? g_strdup (_ ("never")) : format_local (seconds, "%x");
}

char *
format_time (gint64 seconds)
{
  return seconds == 0 ? g_strdup (_ ("never")) : format_local (seconds, "%x, %X");
}

char *
format_ago (gint64 seconds)
{
  const gint64 ago = g_get_real_time () / G_USEC_PER_SEC - seconds;
  const gulong minutes = (gulong)(ago / MINUTE), hours = (gulong)(ago / HOUR),
               days = (gulong)(ago / DAY);

  if (seconds == 0)
    return g_strdup (_ ("never"));
  if (ago < MINUTE)
    return g_strdup (_ ("just now"));
  if (ago < HOUR)
    return g_strdup_printf (ngettext ("%lu minute ago", "%lu minutes ago", minutes), minutes);
  if (ago < DAY)
    return g_strdup_printf (ngettext ("%lu hour ago", "%lu hours ago", hours), hours);
  if (ago < 30 * DAY)
    return g_strdup_printf (ngettext ("yesterday", "%lu days ago", days), days);
  return format_date (seconds);
}

static char *
unit (gint64 seconds, gint64 *rest)
{
  const gulong days = (gulong)(seconds / DAY), hours = (gulong)(seconds / HOUR),
               minutes = (gulong)(seconds / MINUTE);

  *rest = seconds % (days > 0 ? DAY : hours > 0 ? HOUR : MINUTE);
  if (days > 0)
    return g_strdup_printf (ngettext ("%lu day", "%lu days", days), days);
  if (hours > 0)
    return g_strdup_printf (ngettext ("%lu hour", "%lu hours", hours), hours);
  return g_strdup_printf (ngettext ("%lu minute", "%lu minutes", minutes), minutes);
}

char *
format_duration (gint64 seconds)
{
  gint64 rest, ignored;
  g_autofree char *first = unit (MAX (seconds, 0), &rest);
  g_autofree char *second
      = seconds >= HOUR && rest >= (seconds >= DAY ? HOUR : MINUTE) ? unit (rest, &ignored) : NULL;

  return second ? g_strdup_printf ("%s %s", first, second) : g_steal_pointer (&first);
}
