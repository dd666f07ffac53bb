/* Messages with headers in UTF-8 for clients that have not enabled UTF-8 (RFC 6858 §3, RFC 9755
 * §8): they are shown a surrogate, all of whose items fit each other. */
#pragma once
#include "imap/imap-fetch-batch.h"

/* Called with the message's summary open: when the client must not see the message itself, makes
 * the surrogate, and batch->summary tells of that. */
gboolean imap_fetch_take_surrogate (ImapFetchBatch *batch, StoreSnapshot *snapshot, GError **error);
/* The message's end. */
void imap_fetch_drop_surrogate (ImapFetchBatch *batch);
/* Bytes as the client sees them: of the surrogate, or of the message. */
GBytes *imap_fetch_read (ImapFetchBatch *batch, StoreSnapshot *snapshot, guint64 offset,
                         guint64 length, GError **error);
guint64 imap_fetch_size (const ImapFetchBatch *batch);
