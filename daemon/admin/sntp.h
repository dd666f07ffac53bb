/* What time it is elsewhere: one question by SNTP (RFC 4330, RFC 5905 §14). For workers. */
#pragma once
#include <gio/gio.h>

enum { SNTP_LENGTH = 48 };

/* The question at NOW (microseconds, UTC). */
void sntp_ask (guint8 packet[SNTP_LENGTH], gint64 now);
/* How far the clock that gave ANSWER is ahead of ours (microseconds), which sent ASKED at SENT and
 * got it at GOT. FALSE: it is no answer to ASKED, or that of a server that does not know the time.
 */
gboolean sntp_read (const guint8 *answer, gsize length, const guint8 asked[SNTP_LENGTH],
                    gint64 sent, gint64 got, gint64 *ahead);
/* Asks ADDRESS, at most three seconds. */
gboolean sntp_query (GSocketAddress *address, gint64 *ahead, GError **error);
