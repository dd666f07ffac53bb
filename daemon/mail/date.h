/* Dates of header fields (RFC 5322 §3.3, obsolete zones too) and of IMAP (RFC 9051 date-time). */
#pragma once
#include <glib.h>

/* FALSE when TEXT is no date; a broken time is midnight, a broken zone UTC. SECONDS since 1970 UTC,
 * ZONE in minutes east. */
gboolean date_parse (const char *text, gint64 *seconds, gint16 *zone);
char *date_format (gint64 seconds, gint16 zone); /* "Tue, 24 Nov 2026 09:13:54 +0000" */
gboolean date_parse_imap (const char *text, gint64 *seconds,
                          gint16 *zone); /* "24-Nov-2026 09:13:54 +0000" */
void date_format_imap (gint64 seconds, gint16 zone, char out[27]);
gint16 date_local_zone (gint64 seconds); /* minutes */
