/* Reads and prints times. */
#include "smtp/future-release.h"
#include <string.h>

#define INTERVAL_DIGITS 9
#define FRACTION_DIGITS 9

gboolean
future_release_parse_interval (const char *text, gint64 *seconds)
{
  const gsize length = strspn (text, "0123456789");

  if (length == 0 || length > INTERVAL_DIGITS || text[length] != '\0' || *text == '0')
    return FALSE;
  *seconds = g_ascii_strtoll (text, NULL, 10);
  return TRUE;
}

/* TEXT has the form of PATTERN, in which 0 stands for a digit. */
static gboolean
fits (const char *text, const char *pattern)
{
  for (; *pattern; text++, pattern++)
    if (*pattern == '0' ? !g_ascii_isdigit (*text) : g_ascii_toupper (*text) != *pattern)
      return FALSE;
  return TRUE;
}

static int
two_digits (const char *text)
{
  return (text[0] - '0') * 10 + text[1] - '0';
}

/* "Z" or "+01:00", to the end. */
static gboolean
parse_zone (const char *text, gint64 *offset)
{
  *offset = 0;
  if (strcmp (text, "Z") == 0 || strcmp (text, "z") == 0)
    return TRUE;
  if (strlen (text) != 6 || (*text != '+' && *text != '-') || !fits (text + 1, "00:00")
      || two_digits (text + 1) > 23 || two_digits (text + 4) > 59)
    return FALSE;
  *offset = (two_digits (text + 1) * 60 + two_digits (text + 4)) * (*text == '+' ? 60 : -60);
  return TRUE;
}

/* ".5", which may be missing; *MORE: it is not zero. */
static gboolean
skip_fraction (const char **at, gboolean *more)
{
  gsize length;

  *more = FALSE;
  if (**at != '.')
    return TRUE;
  length = strspn (++*at, "0123456789");
  if (length == 0 || length > FRACTION_DIGITS)
    return FALSE;
  *more = strspn (*at, "0") < length;
  *at += length;
  return TRUE;
}

gboolean
future_release_parse_time (const char *text, gint64 *seconds)
{
  const char *at = text + strlen ("0000-00-00T00:00:00");
  g_autoptr (GDateTime) time = NULL;
  gint64 offset;
  gboolean more;
  int second;

  if (!fits (text, "0000-00-00T00:00:00") || !skip_fraction (&at, &more)
      || !parse_zone (at, &offset))
    return FALSE;
  second = two_digits (text + 17); /* 60: a leap second, which the clock here does not know */
  time = g_date_time_new_utc (two_digits (text) * 100 + two_digits (text + 2),
                              two_digits (text + 5), two_digits (text + 8), two_digits (text + 11),
                              two_digits (text + 14), MIN (second, 59));
  if (time == NULL || second > 60)
    return FALSE;
  *seconds = g_date_time_to_unix (time) + (second == 60) + more - offset;
  return TRUE;
}

char *
future_release_print (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  return time ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("");
}
