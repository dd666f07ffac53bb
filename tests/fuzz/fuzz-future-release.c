/* Whatever the text: a time that is understood is one that can be printed and understood again. */
#include "smtp/future-release.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  gint64 seconds, again;

  if (future_release_parse_interval (text, &seconds))
    g_assert_true (seconds > 0 && seconds < 1000000000);
  if (!future_release_parse_time (text, &seconds))
    return 0;
  g_autofree char *printed = future_release_print (seconds);
  /* From the year 1000 on it has four digits. */
  if (seconds >= G_GINT64_CONSTANT (-30610224000) && seconds <= G_GINT64_CONSTANT (253402300799)) {
    g_assert_true (future_release_parse_time (printed, &again));
    g_assert_cmpint (again, ==, seconds);
  }
  return 0;
}
