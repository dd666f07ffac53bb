/* Which addresses may not come, since when and how long. Each further ban of an address lasts four
 * times as long as the one before. Bounded. Not thread-safe. */
#pragma once
#include <glib.h>

#define BAN_FOREVER G_MAXINT64

typedef struct {
  guint64 network; /* net/network.h; first, for g_int64_hash */
  gint64 since, until; /* seconds, UTC; BAN_FOREVER: until somebody lifts it */
  gint64 times; /* how often it was banned for guessing; 0: by hand only */
} Ban;

typedef struct _Bans Bans;
Bans *bans_new (void);
void bans_free (Bans *bans);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bans, bans_free)

/* Also one that is over, which still makes the next one longer; NULL: there is none. */
const Ban *bans_find (Bans *bans, guint64 network);
gboolean bans_hold (Bans *bans, guint64 network, gint64 now);
/* For guessing. FIRST: how many seconds the first ban lasts. */
const Ban *bans_punish (Bans *bans, guint64 network, gint64 first, gint64 now);
/* As it is: read from the store, or by hand. */
void bans_put (Bans *bans, const Ban *ban);
/* FALSE: there was none. */
gboolean bans_remove (Bans *bans, guint64 network);
/* Those that hold at NOW (G_MININT64: all that are known), the newest first: GArray of Ban. */
GArray *bans_list (Bans *bans, gint64 now);
/* Too long ago to count. */
gboolean ban_is_forgotten (const Ban *ban, gint64 now);
