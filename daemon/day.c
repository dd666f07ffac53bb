/* Writes days. The names of the months are ours: those of the process's locale are in one language.
 */
#include "day.h"
#include "language.h"

static const char *const months[]
    = { N_ ("January"),   N_ ("February"), N_ ("March"),    N_ ("April"),
        N_ ("May"),       N_ ("June"),     N_ ("July"),     N_ ("August"),
        N_ ("September"), N_ ("October"),  N_ ("November"), N_ ("December") };

char *
day_say (gint64 time)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time);

  if (local == NULL)
    return g_strdup ("–");
  /* A day, the name of its month, the year. */
  return g_strdup_printf (_ ("%d %s %d"), g_date_time_get_day_of_month (local),
                          _ (months[g_date_time_get_month (local) - 1]),
                          g_date_time_get_year (local));
}
