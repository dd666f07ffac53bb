/* Numbers, sizes and times as people of this locale write them. All results are freed with
 * g_free. */
#pragma once
#include <glib.h>

char *format_size (gint64 bytes); /* "1.2 GB" */
char *format_count (gint64 count); /* with the locale's separators */
char *format_date (gint64 seconds); /* the day; UTC seconds, shown in local time; 0: "never" */
char *format_time (gint64 seconds); /* day and time */
/* "5 minutes ago", "yesterday", "never". */
char *format_ago (gint64 seconds);
/* "3 days", "2 hours 5 minutes": the two biggest units. */
char *format_duration (gint64 seconds);
