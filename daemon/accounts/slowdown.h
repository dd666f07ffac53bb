/* Makes guessing slow: after the third failure each further try of the same user from the same
 * address waits, twice as long each time. Bounded, forgotten after an hour. Thread-safe. */
#pragma once
#include <glib.h>

typedef struct _Slowdown Slowdown;
Slowdown *slowdown_new (void);
void slowdown_free (Slowdown *slowdown);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Slowdown, slowdown_free)

/* Microseconds that the next try has to wait, -1: too many are waiting already. Tries that come at
 * once wait behind each other, so that many connections guess no faster than one. NOW is monotonic
 * (g_get_monotonic_time). */
gint64 slowdown_claim (Slowdown *slowdown, const char *user, const char *address, gint64 now);
/* How often it has failed by now. */
guint slowdown_failed (Slowdown *slowdown, const char *user, const char *address, gint64 now);
void slowdown_succeeded (Slowdown *slowdown, const char *user, const char *address);
