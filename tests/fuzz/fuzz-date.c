#include "mail/date.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What was read once reads the same after it was written. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  gint64 seconds, again;
  gint16 zone, zone_again;

  if (date_parse (text, &seconds, &zone)) {
    g_autofree char *written = date_format (seconds, zone);

    g_assert_true (date_parse (written, &again, &zone_again));
    g_assert_cmpint (again, ==, seconds);
    g_assert_cmpint (zone_again, ==, zone);
  }
  if (date_parse_imap (text, &seconds, &zone)) {
    char written[27];

    date_format_imap (seconds, zone, written);
    g_assert_true (date_parse_imap (written, &again, &zone_again));
    g_assert_cmpint (again, ==, seconds);
    g_assert_cmpint (zone_again, ==, zone);
  }
  return 0;
}
