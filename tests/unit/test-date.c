/* Dates of header fields and of IMAP. */
#include "mail/date.h"

static const struct {
  const char *text;
  gboolean is_date;
  gint64 seconds;
  gint16 zone;
} header_dates[] = {
  { "Tue, 24 Nov 2026 09:13:54 +0000", TRUE, 1795511634, 0 },
  { "24 Nov 2026 09:13:54 +0200", TRUE, 1795504434, 120 },
  { "Thu, 1 Jan 1970 00:00 GMT", TRUE, 0, 0 },
  { "Thu (x (y)), 1 Jan 70 00 : 00 : 01 EST (Eastern)", TRUE, 18001, -300 },
  { "1 Jan 01 00:00:00 Z", TRUE, 978307200, 0 },
  { "1 Jan 101 00:00:00 -0000", TRUE, 978307200, 0 },
  { "29 Feb 2000 12:00:00 +0000", TRUE, 951825600, 0 },
  { "29 Feb 1900 12:00:00 +0000", FALSE, 0, 0 },
  { "31 Apr 2020 12:00:00 +0000", FALSE, 0, 0 },
  { "1 Jan 2020 24:00:00 +0200", TRUE, 1577836800, 0 },
  { "1 Jan 2020 10:60:00 +0000", TRUE, 1577836800, 0 },
  { "1 Jan 2020 noon", TRUE, 1577836800, 0 },
  { "1 Jan 2020", TRUE, 1577836800, 0 },
  { "1 Jan 2020 10:00:00 +0060", TRUE, 1577872800, 0 },
  { "1 Jan 2020 10:00:00 +02:00", TRUE, 1577872800, 0 },
  { "1 Jan 2020 10:00:00 +2", TRUE, 1577872800, 0 },
  { "0 Jan 2020 10:00:00 +0000", FALSE, 0, 0 },
  { "1 Foo 2020 10:00:00 +0000", FALSE, 0, 0 },
  { "1 Jan 20200 10:00:00 +0000", FALSE, 0, 0 },
  { "yesterday", FALSE, 0, 0 },
  { "(", FALSE, 0, 0 },
  { "", FALSE, 0, 0 },
};

static void
test_header (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (header_dates); i++) {
    gint64 seconds = 0;
    gint16 zone = 0;

    g_test_message ("%s", header_dates[i].text);
    g_assert_cmpint (date_parse (header_dates[i].text, &seconds, &zone), ==,
                     header_dates[i].is_date);
    g_assert_cmpint (seconds, ==, header_dates[i].seconds);
    g_assert_cmpint (zone, ==, header_dates[i].zone);
  }
}

static void
test_format (void)
{
  g_autofree char *text = date_format (1795511634, 120);
  char imap[27];

  g_assert_cmpstr (text, ==, "Tue, 24 Nov 2026 11:13:54 +0200");
  date_format_imap (0, -90, imap);
  g_assert_cmpstr (imap, ==, "31-Dec-1969 22:30:00 -0130");
}

static void
test_imap (void)
{
  static const char *const broken[] = { "",
                                        "1-Jan-2020 00:00:00 +0000",
                                        "01-Jan-2020 00:00:00 +0000 ",
                                        "01-Jan-2020 00:00 +0000",
                                        "01-Jan-20 00:00:00 +0000",
                                        " 11-Jan-2020 00:00:00 +0000",
                                        "01-Jan-2020 0:00:00 +0000" };
  gint64 seconds;
  gint16 zone;

  for (gint64 wanted = -2000000000; wanted < 4000000000; wanted += 86399 * 101) {
    char text[27];

    date_format_imap (wanted, 330, text);
    g_assert_true (date_parse_imap (text, &seconds, &zone));
    g_assert_cmpint (seconds, ==, wanted);
    g_assert_cmpint (zone, ==, 330);
  }
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    g_assert_false (date_parse_imap (broken[i], &seconds, &zone));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/date/header", test_header);
  g_test_add_func ("/date/format", test_format);
  g_test_add_func ("/date/imap", test_imap);
  return g_test_run ();
}
