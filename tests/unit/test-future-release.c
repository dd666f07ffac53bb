/* Tests of daemon/smtp/future-release.c. */
#include "smtp/future-release.h"

static const struct {
  const char *text;
  gint64 seconds; /* -1: malformed */
} intervals[] = {
  { "1", 1 },
  { "3600", 3600 },
  { "999999999", 999999999 },
  { "1000000000", -1 }, /* ten digits */
  { "0", -1 },
  { "01", -1 },
  { "", -1 },
  { "-5", -1 },
  { "+5", -1 },
  { "5 ", -1 },
  { "5s", -1 },
}, times[] = {
  { "1970-01-01T00:00:00Z", 0 },
  { "2026-12-24T16:00:00Z", 1798128000 },
  { "2026-12-24t16:00:00z", 1798128000 },
  { "2026-12-24T17:00:00+01:00", 1798128000 },
  { "2026-12-24T10:30:00-05:30", 1798128000 },
  { "2026-12-24T16:00:00.0Z", 1798128000 },
  { "2026-12-24T16:00:00.25Z", 1798128001 },
  { "2026-12-24T15:59:60Z", 1798128000 }, /* a leap second */
  { "2026-12-24T16:00:00-00:00", 1798128000 },
  { "2026-12-24T16:00:00", -1 },
  { "2026-12-24 16:00:00Z", -1 },
  { "2026-12-24", -1 },
  { "2026-12-24T16:00Z", -1 },
  { "2026-02-29T16:00:00Z", -1 },
  { "2026-13-24T16:00:00Z", -1 },
  { "2026-12-24T24:00:00Z", -1 },
  { "2026-12-24T16:60:00Z", -1 },
  { "2026-12-24T16:00:61Z", -1 },
  { "2026-12-24T16:00:00.Z", -1 },
  { "2026-12-24T16:00:00.0000000000Z", -1 },
  { "2026-12-24T16:00:00+24:00", -1 },
  { "2026-12-24T16:00:00+0100", -1 },
  { "2026-12-24T16:00:00+01:00x", -1 },
  { "2026-12-24T16:00:00Zx", -1 },
  { "0000-01-01T00:00:00Z", -1 },
  { "+026-12-24T16:00:00Z", -1 },
  { "", -1 },
};

static void
test_intervals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (intervals); i++) {
    gint64 seconds = -1;
    g_test_message ("%s", intervals[i].text);
    g_assert_cmpint (future_release_parse_interval (intervals[i].text, &seconds), ==,
                     intervals[i].seconds >= 0);
    g_assert_cmpint (seconds, ==, intervals[i].seconds);
  }
}

static void
test_times (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    gint64 seconds = -1;
    g_test_message ("%s", times[i].text);
    g_assert_cmpint (future_release_parse_time (times[i].text, &seconds), ==,
                     times[i].seconds >= 0);
    g_assert_cmpint (seconds, ==, times[i].seconds);
  }
}

static void
test_print (void)
{
  g_autofree char *text = future_release_print (1798128000);

  g_assert_cmpstr (text, ==, "2026-12-24T16:00:00Z");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/future-release/intervals", test_intervals);
  g_test_add_func ("/future-release/times", test_times);
  g_test_add_func ("/future-release/print", test_print);
  return g_test_run ();
}
