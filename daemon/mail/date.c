/* Reads and writes the dates of header fields and of IMAP. */
#include "mail/date.h"
#include "mail/header.h"
#include <string.h>

static const char *const months[]
    = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const weekdays[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

/* RFC 5322 §4.3. Every other name, military letters too, counts as -0000. */
static const struct {
  const char *name;
  gint16 minutes;
} zones[] = {
  { "UT", 0 },     { "GMT", 0 },    { "EST", -300 }, { "EDT", -240 }, { "CST", -360 },
  { "CDT", -300 }, { "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 },
};

typedef struct {
  int year, month, day; /* month 1 … 12 */
  int hour, minute, second;
  gint16 zone;
} Moment;

/* Days from 1970-01-01 in the proleptic Gregorian calendar; years counted from March, so that the
 * leap day is the last of a year. */
static gint64
days_from_date (gint64 year, int month, int day)
{
  gint64 era, year_of_era, day_of_year;

  year -= month <= 2;
  era = (year >= 0 ? year : year - 399) / 400;
  year_of_era = year - era * 400;
  day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
      - 719468;
}

static void
date_from_days (gint64 days, Moment *moment)
{
  gint64 era, day_of_era, year_of_era, day_of_year, month;

  days += 719468;
  era = (days >= 0 ? days : days - 146096) / 146097;
  day_of_era = days - era * 146097;
  year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  month = (5 * day_of_year + 2) / 153;
  moment->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
  moment->month = (int)(month < 10 ? month + 3 : month - 9);
  moment->year = (int)(year_of_era + era * 400 + (moment->month <= 2));
}

static int
days_in_month (int year, int month)
{
  static const guint8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return days[month - 1] + (month == 2 && leap);
}

static gboolean
is_time (const Moment *moment)
{
  return moment->hour <= 23 && moment->minute <= 59 && moment->second <= 60;
}

static gboolean
moment_finish (const Moment *moment, gint64 *seconds, gint16 *zone)
{
  if (moment->year < 1900 || moment->year > 9999 || moment->month < 1 || moment->month > 12
      || moment->day < 1 || moment->day > days_in_month (moment->year, moment->month)
      || !is_time (moment))
    return FALSE;
  *seconds = days_from_date (moment->year, moment->month, moment->day) * 86400 + moment->hour * 3600
      + moment->minute * 60 + moment->second - moment->zone * 60;
  *zone = moment->zone;
  return TRUE;
}

static Moment
moment_of (gint64 seconds, gint16 zone)
{
  static const gint64 first = G_GINT64_CONSTANT (-62167219200); /* year 0 */
  static const gint64 last = G_GINT64_CONSTANT (253402300799); /* year 9999 */
  Moment moment = { .zone = zone };
  gint64 local = CLAMP (CLAMP (seconds, first, last) + zone * 60, first, last);
  gint64 days = local / 86400 - (local % 86400 < 0);
  int rest = (int)(local - days * 86400);

  date_from_days (days, &moment);
  moment.hour = rest / 3600;
  moment.minute = rest / 60 % 60;
  moment.second = rest % 60;
  return moment;
}

static gboolean
read_digits (const char **text, int least, int most, int *value)
{
  int count = 0;

  *value = 0;
  while (g_ascii_isdigit (**text) && count < most) {
    *value = *value * 10 + (**text - '0');
    (*text)++;
    count++;
  }
  return count >= least && !g_ascii_isdigit (**text);
}

static gboolean
read_month (const char **text, int *month)
{
  for (guint i = 0; i < G_N_ELEMENTS (months); i++)
    if (g_ascii_strncasecmp (*text, months[i], 3) == 0) {
      *text += 3;
      *month = (int)i + 1;
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_sign (const char **text, int *sign)
{
  if (**text != '+' && **text != '-')
    return FALSE;
  *sign = **text == '-' ? -1 : 1;
  (*text)++;
  return TRUE;
}

static gboolean
read_zone_number (const char **text, gint16 *zone)
{
  int sign, number;

  if (!read_sign (text, &sign) || !read_digits (text, 4, 4, &number) || number % 100 > 59)
    return FALSE;
  *zone = (gint16)(sign * (number / 100 * 60 + number % 100));
  return TRUE;
}

/* A missing zone is read as UTC: many old programs left it out. */
static gboolean
read_zone (const char **text, gint16 *zone)
{
  gsize length = 0;

  if (**text == '+' || **text == '-')
    return read_zone_number (text, zone);
  while (g_ascii_isalpha ((*text)[length]))
    length++;
  *zone = 0;
  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    if (strlen (zones[i].name) == length && g_ascii_strncasecmp (*text, zones[i].name, length) == 0)
      *zone = zones[i].minutes;
  *text += length;
  return TRUE;
}

static gboolean
read_time (const char **text, Moment *moment, gboolean strict)
{
  if (!read_digits (text, strict ? 2 : 1, 2, &moment->hour))
    return FALSE;
  *text = header_skip_comments (*text);
  if (**text != ':')
    return FALSE;
  *text = header_skip_comments (*text + 1);
  if (!read_digits (text, 2, 2, &moment->minute))
    return FALSE;
  *text = header_skip_comments (*text);
  if (**text != ':')
    return !strict;
  *text = header_skip_comments (*text + 1);
  return read_digits (text, 2, 2, &moment->second);
}

/* RFC 5322 §4.3: two digits below 50 are of this century, other two and three digits count from
 * 1900. */
static gboolean
read_year (const char **text, int *year)
{
  const char *start = *text;

  if (!read_digits (text, 2, 4, year))
    return FALSE;
  if (*text - start == 2)
    *year += *year < 50 ? 2000 : 1900;
  else if (*text - start == 3)
    *year += 1900;
  return TRUE;
}

/* Of a date that holds, what is wrong behind it counts as nothing: a time as midnight, a zone as
 * UTC (RFC 5256 §2.2). */
static void
read_rest (const char *text, Moment *moment)
{
  if (!read_time (&text, moment, FALSE) || !is_time (moment)) {
    moment->hour = moment->minute = moment->second = 0;
    return;
  }
  text = header_skip_comments (text);
  if (!read_zone (&text, &moment->zone))
    moment->zone = 0;
}

gboolean
date_parse (const char *text, gint64 *seconds, gint16 *zone)
{
  Moment moment = { 0 };

  text = header_skip_comments (text);
  if (g_ascii_isalpha (*text)) { /* the day of the week says nothing new; it is often wrong */
    while (g_ascii_isalpha (*text))
      text++;
    text = header_skip_comments (text);
    if (*text == ',')
      text = header_skip_comments (text + 1);
  }
  if (!read_digits (&text, 1, 2, &moment.day))
    return FALSE;
  text = header_skip_comments (text);
  if (!read_month (&text, &moment.month))
    return FALSE;
  text = header_skip_comments (text);
  if (!read_year (&text, &moment.year))
    return FALSE;
  text = header_skip_comments (text);
  read_rest (text, &moment);
  return moment_finish (&moment, seconds, zone);
}

/* date-time of RFC 9051 §9: the day is two digits, or a space and one. */
gboolean
date_parse_imap (const char *text, gint64 *seconds, gint16 *zone)
{
  Moment moment = { 0 };
  int least = 2;

  if (*text == ' ') {
    text++;
    least = 1;
  }
  if (!read_digits (&text, least, least, &moment.day) || *text++ != '-'
      || !read_month (&text, &moment.month) || *text++ != '-'
      || !read_digits (&text, 4, 4, &moment.year) || *text++ != ' '
      || !read_time (&text, &moment, TRUE) || *text++ != ' '
      || !read_zone_number (&text, &moment.zone) || *text != '\0')
    return FALSE;
  return moment_finish (&moment, seconds, zone);
}

static int
zone_number (gint16 zone)
{
  int minutes = ABS ((int)zone) % 6000;

  return minutes / 60 * 100 + minutes % 60;
}

char *
date_format (gint64 seconds, gint16 zone)
{
  Moment moment = moment_of (seconds, zone);
  gint64 days = days_from_date (moment.year, moment.month, moment.day);

  return g_strdup_printf ("%s, %d %s %04d %02d:%02d:%02d %c%04d",
                          weekdays[((days + 4) % 7 + 7) % 7], moment.day, months[moment.month - 1],
                          moment.year, moment.hour, moment.minute, moment.second,
                          zone < 0 ? '-' : '+', zone_number (zone));
}

void
date_format_imap (gint64 seconds, gint16 zone, char out[27])
{
  Moment moment = moment_of (seconds, zone);

  g_snprintf (out, 27, "%2d-%s-%04d %02d:%02d:%02d %c%04d", moment.day, months[moment.month - 1],
              moment.year, moment.hour, moment.minute, moment.second, zone < 0 ? '-' : '+',
              zone_number (zone));
}

gint16
date_local_zone (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return time != NULL ? (gint16)(g_date_time_get_utc_offset (time) / G_TIME_SPAN_MINUTE) : 0;
}
