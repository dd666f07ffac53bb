/* Several write jobs in one transaction: each in a savepoint, one sync of the segment, one commit.
 * For the writer's thread. */
#pragma once
#include "store/mailbox.h"
#include "store/parts.h"
#include "store/record.h"

/* A message that this job has appended; its record is made when the job has told all places. */
typedef struct {
  gint64 id;
  gint64 thread; /* 0: not known before it has a place */
  PreparedMessage *message;
  GPtrArray *places; /* RecordPlace */
} Append;

/* Where the records of a mailbox's messages say that they are. */
typedef struct {
  char *account, *name;
  guint32 uid_validity;
} PlaceName;

/* Whom the commit wakes. */
typedef struct {
  WatchKey key;
  guint kinds; /* WatchKind bits */
} Touch;

struct _StoreTransaction {
  Store *store;
  Database *database;
  gint64 now;
  gint64 slice_end; /* monotonic; 0: not a slice */
  GArray *touched; /* Touch */
  GPtrArray *notes; /* Note */
  guint64 origin; /* of the running job's notes */
  GPtrArray *appends; /* Append, of the running job */
  GPtrArray *own; /* PreparedMessage with own segments, of the whole batch */
  GHashTable *place_names; /* gint64 mailbox → PlaceName; forgotten when names change */
  GByteArray *buffer; /* records that wait to be written at BASE */
  guint64 segment, base; /* SEGMENT 0: nothing appended yet */
};
typedef struct _StoreTransaction Batch;

Batch *batch_new (Store *store, Database *database);
void batch_free (Batch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Batch, batch_free)

gboolean batch_begin (Batch *batch, GError **error);
/* JOB->error is set when it failed. FALSE: the whole transaction has ended with it; nothing of the
 * batch is left. For a slice, DONE says whether it was the last one. */
gboolean batch_run (Batch *batch, Job *job, gint64 slice_end, gboolean *done);
/* It has gathered as many bytes as one sync should carry: commit. */
gboolean batch_is_full (Batch *batch);
typedef enum {
  BATCH_COMMITTED,
  BATCH_REFUSED, /* rolled back, the store is sound: the disk is full */
  BATCH_BROKEN, /* a sync or the database failed: reopen it */
} BatchEnd;
BatchEnd batch_commit (Batch *batch, GError **error);
void batch_roll_back (Batch *batch);

/* For message.c and mailbox-*.c. */
Append *transaction_find_append (StoreTransaction *transaction, gint64 message);
gboolean transaction_note_place (StoreTransaction *transaction, gint64 message, gint64 mailbox,
                                 guint32 uid, guint64 flags, gint64 date, gint16 zone,
                                 GError **error);
void transaction_forget_names (StoreTransaction *transaction);
/* For compact.c: a record as it lies in another segment, appended unchanged. Tells where. */
gboolean transaction_copy_record (StoreTransaction *transaction, GBytes *record, guint64 *segment,
                                  guint64 *offset, GError **error);
