/* Days in both languages (the German ones from the build's catalogue). */
#include "day.h"
#include "language.h"

static const struct {
  gint64 time;
  const char *english, *german;
} rows[] = {
  { 1780000000, "28 May 2026", "28. Mai 2026" },
  { 1772539200, "3 March 2026", "3. März 2026" },
  { 1767268800, "1 January 2026", "1. Januar 2026" },
  { 1798718400, "31 December 2026", "31. Dezember 2026" },
  { G_MAXINT64, "–", "–" },
};

static void
test_days (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    language_speak (SPEAK_ENGLISH);
    g_autofree char *english = day_say (rows[i].time);
    language_speak (SPEAK_GERMAN);
    g_autofree char *german = day_say (rows[i].time);
    g_assert_cmpstr (english, ==, rows[i].english);
    g_assert_cmpstr (german, ==, rows[i].german);
  }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/day/days", test_days);
  return g_test_run ();
}
