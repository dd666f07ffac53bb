/* Gives back the space of expunged messages after SETTING_TOMBSTONE_RETENTION: removes tombstones
 * (recording the mailbox's MODSEQ floor), rewrites segments that are mostly dead, deletes those
 * that nobody refers to or pins. */
#pragma once
#include "store/store.h"

typedef struct {
  guint64 tombstones, messages, bytes_freed;
} CompactReport;
/* One whole round, as bulk jobs. RETENTION is in seconds (-1: the setting). While one round runs
 * another is refused: STORE_ERROR_EXISTS. The server calls the first each hour; the second waits,
 * and PROGRESS (may be NULL) runs in the writer's thread. */
void store_compact_async (Store *store, gint64 retention, GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean store_compact_finish (Store *store, GAsyncResult *result, CompactReport *report,
                               GError **error);
typedef void (*CompactProgress) (guint64 done, guint64 total, gpointer data);
gboolean store_compact_sync (Store *store, gint64 retention, CompactProgress progress,
                             gpointer data, CompactReport *report, GError **error);
