/* What is inside a PreparedMessage, for message.c and batch.c. */
#pragma once
#include "store/message.h"
#include "store/record.h"

#define OWN_SEGMENT_FROM (1024 * 1024) /* bytes of a message that gets a segment of its own */

struct _PreparedMessage {
  gint references;
  Store *store; /* must be open until the last reference is gone */
  GBytes *summary;
  GArray *thread_hashes; /* guint64, or NULL */
  GBytes *keys; /* or NULL: message-keys.h */
  Record *record; /* without places */
  GPtrArray *frames; /* GBytes; none when it lies in its own segment */
  guint64 own_segment; /* 0: none */
  gboolean eight_bit, raw_header;
  gint committed; /* atomic */
};
