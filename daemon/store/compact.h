/* Gives back the space of expunged messages after SETTING_TOMBSTONE_RETENTION: removes tombstones
 * (recording the mailbox's MODSEQ floor), rewrites segments that are mostly dead, deletes those
 * that nobody refers to or pins. */
#pragma once
#include "store/store.h"

typedef struct {
  guint64 tombstones, messages, bytes_freed;
} CompactReport;
/* One whole round, as bulk jobs. The server calls it each hour; tests call it with RETENTION in
 * seconds (-1: the setting). */
void store_compact_async (Store *store, gint64 retention, GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean store_compact_finish (Store *store, GAsyncResult *result, CompactReport *report,
                               GError **error);
