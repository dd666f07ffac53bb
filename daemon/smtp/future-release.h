/* The times of FUTURERELEASE (RFC 4865, with erratum 2040: RFC 3339 §5.6). Pure: text in, seconds
 * out. */
#pragma once
#include <glib.h>

/* "3600": from one to nine digits, the first of which is not 0. */
gboolean future_release_parse_interval (const char *text, gint64 *seconds);
/* "2026-12-24T16:00:00Z", "2026-12-24T17:00:00.5+01:00": seconds since 1970, a fraction counts as
 * a whole one, so that nothing leaves too early. */
gboolean future_release_parse_time (const char *text, gint64 *seconds);
/* "2026-12-24T16:00:00Z"; free with g_free. */
char *future_release_print (gint64 seconds);
