/* The sender rewriting scheme (SRS; no RFC): mail that an alias forwards to another server leaves
 * with a return path of ours, as that server's SPF look-up would call it forged with the old one.
 * The old one stands in the new one, with a signature, so that reports find their way back and
 * nobody else can use it:
 *
 *     SRS0=SIGNATURE=DAY=example.net=anna@example.org       from anna@example.net
 *     SRS1=SIGNATURE=first.example==REST@example.org        from SRS0=REST@first.example */
#pragma once
#include "store/store.h"

/* The return path in DOMAIN, ours, for SENDER; SENDER itself when it is the null path, has no
 * domain, or would become longer than a path may be. NOW: seconds, UTC. Free with g_free. */
char *srs_encode (const char *sender, const char *domain, gint64 now);
/* Where a report for ADDRESS goes; NULL: we have not made it, or it is older than three weeks. Free
 * with g_free. */
char *srs_decode (const char *address, gint64 now);
/* Whether it looks like one of anybody. */
gboolean srs_is_encoded (const char *address);
