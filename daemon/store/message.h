/* A message's bytes: prepared by a worker before the write, read back by a reader in pieces. */
#pragma once
#include "store/store.h"

/* What the writer needs to append a message without touching its bytes: zstd frames of 256 KiB,
 * SHA-256, the summary. Immutable. A message over 1 MiB already lies synced in a segment of its
 * own. */
typedef struct _PreparedMessage PreparedMessage;

/* Envelope as it came by SMTP; NULL for APPEND. Kept in the record so that a store can be rebuilt.
 */
typedef struct {
  const char *sender; /* reverse-path without <>, "" for the null path */
  const char *const *recipients; /* NULL-terminated */
} MessageEnvelope;

/* In a worker thread (never an I/O thread, never the writer). SUMMARY is what the caller wants to
 * find again without opening the message (mail/summary.h); the store does not look into it. */
PreparedMessage *prepared_message_new (Store *store, GBytes *bytes, GBytes *summary,
                                       const MessageEnvelope *envelope, GError **error);
/* Before it is shared: hashes (GArray of guint64) of its own Message-ID and of those that it refers
 * to, the nearest first. Mail of an account that shares one is a thread (RFC 8474 §5.2). */
void prepared_message_set_references (PreparedMessage *message, GArray *hashes);
/* Before it is shared: whether bytes over 127 stand anywhere in it, or in its header section. */
void prepared_message_set_content (PreparedMessage *message, gboolean eight_bit,
                                   gboolean raw_header);
gboolean prepared_message_is_eight_bit (PreparedMessage *message);
gboolean prepared_message_has_raw_header (PreparedMessage *message);
PreparedMessage *prepared_message_ref (PreparedMessage *message);
void prepared_message_unref (
    PreparedMessage *message); /* deletes its own segment if nothing was committed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PreparedMessage, prepared_message_unref)
guint64 prepared_message_size (
    PreparedMessage *message); /* bytes of the message as received (RFC822.SIZE) */

/* Inside a write job: appends the record once and returns the message's id; entries and queue rows
 * then refer to it. A message that no entry and no queue row refers to when the job ends is
 * compaction's to remove. */
gint64 message_append (StoreTransaction *transaction, PreparedMessage *message, GError **error);

/* Inside a read job. LENGTH may be G_MAXUINT64: to the end. Decompresses only the frames it needs;
 * past the end gives empty bytes. The segment is pinned by the snapshot. STORE_ERROR_CORRUPT when a
 * frame's checksum fails. */
GBytes *message_read (StoreSnapshot *snapshot, gint64 message, guint64 offset, guint64 length,
                      GError **error);
guint64 message_size (StoreSnapshot *snapshot, gint64 message, GError **error);
/* The SHA-256 of the whole message, 32 bytes. */
gboolean message_digest (StoreSnapshot *snapshot, gint64 message, guint8 digest[32],
                         GError **error);
GBytes *message_summary (StoreSnapshot *snapshot, gint64 message, GError **error);
