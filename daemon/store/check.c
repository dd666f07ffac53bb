/* The check: one kind of thing after another, and what they have in common. */
#include "store/check-parts.h"

void
check_report_free (CheckReport *report)
{
  if (!report)
    return;
  g_ptr_array_unref (report->lines);
  g_free (report);
}

CheckReport *
check_report_new (void)
{
  CheckReport *report = g_new0 (CheckReport, 1);

  report->lines = g_ptr_array_new_with_free_func (g_free);
  return report;
}

void
check_report_add (CheckReport *report, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (report->lines, g_strdup_vprintf (format, arguments));
  va_end (arguments);
  report->problems++;
}

void
check_report_note (CheckReport *report, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (report->lines, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

/* To check another kind of thing, add a line here. Lost messages last: they hide nothing from the
 * others, and the tails may bring some back. */
static gboolean (*const kinds[]) (Check *check, GError **error) = {
  check_database, check_segments,  check_messages, check_tails,
  check_lost,     check_mailboxes, check_accounts, check_search,
};

CheckReport *
store_check (Store *store, gboolean repair, CheckProgress progress, gpointer data, GError **error)
{
  g_autoptr (CheckReport) report = check_report_new ();
  g_autoptr (GArray) lost = g_array_new (FALSE, FALSE, sizeof (gint64));
  Check check = { store, repair, progress, data, report, lost };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (!kinds[i](&check, error))
      return NULL;
  return g_steal_pointer (&report);
}
