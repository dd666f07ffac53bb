/* One batch of FETCH responses, made in a reader's thread. What a batch leaves unfinished, even in
 * the middle of a literal, the next one goes on with: memory is bounded by the batch, not by the
 * messages. */
#pragma once
#include "imap/imap-items.h"
#include "imap/imap-walk.h"
#include "mail/content-decoder.h"

/* A section that is decoded on its way (BINARY). */
typedef struct {
  const ImapSection *section; /* NULL: none is under way */
  ByteRange part; /* encoded */
  char *encoding; /* or NULL */
  gsize at; /* encoded bytes that were decoded */
  ContentDecoder *decoder;
  guint64 measured; /* decoded bytes, while they are only counted; */
  gboolean has_nul;
  gboolean announced; /* then the literal's length is said, */
  guint64 skip, left; /* and these bytes of it are to be passed over and to be sent */
} ImapFetchBinary;

typedef struct {
  /* Given. */
  gint64 mailbox;
  guint32 recent_from;
  ImapItems *items;
  gboolean uid_only; /* UIDFETCH responses (RFC 9586 §3.2) */
  gboolean utf8; /* headers may be in UTF-8 */

  /* Where the next batch goes on. */
  ImapWalk walk;
  Entry entry; /* the message whose answer is unfinished, */
  gint64 thread; /* its thread, when THREADID is asked for */
  gboolean unfinished;
  gboolean bare; /* its answer has no item yet */
  guint section; /* the section that comes next, */
  guint64 literal_offset, literal_left; /* and what is left of the one before */
  ImapFetchBinary binary;
  GArray *surrogate; /* SurrogatePiece: what the client sees in the message's place, or NULL, */
  GBytes *surrogate_summary; /* and its summary */

  /* The batch. */
  GString *out;
  gsize bytes; /* when it is full */
  gsize message_start; /* where the answer that is being written begins in OUT, */
  gboolean message_sent; /* unless it began in an earlier batch */
  Summary *summary; /* of the current message, or NULL */
  GBytes *summary_bytes;
  guint examined; /* entries seen by this batch */
  Mailbox *row; /* for its keywords */
  guint32 epoch; /* of ObjectIDs */
  GArray *unseen; /* UidRange: without \Seen, and a body was sent that sets it */
  GArray *downgraded; /* UidRange: a surrogate was shown */
  gboolean failed; /* some message could not be read */
  gboolean unknown_encoding; /* some part could not be decoded */
  gboolean done;
} ImapFetchBatch;

ImapFetchBatch *imap_fetch_batch_new (gint64 mailbox, guint32 recent_from, GArray *runs,
                                      ImapItems *items);
void imap_fetch_batch_free (ImapFetchBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapFetchBatch, imap_fetch_batch_free)
gboolean imap_fetch_batch_is_full (const ImapFetchBatch *batch);
/* StoreReadFunc; fills OUT, ROW, and DONE at the end. FALSE: the answer cannot be kept whole, the
 * connection must end (or nothing was written at all). */
gboolean imap_fetch_batch_run (StoreSnapshot *snapshot, gpointer batch, GError **error);
