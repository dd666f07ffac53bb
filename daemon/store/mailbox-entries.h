/* Shared by the files that change entries: they take a bounded run of rows, look at it in C, and
 * change it with one statement. */
#pragma once
#include "store/batch.h"
#include "store/mailbox.h"

/* A mailbox while one call changes it: what has to be added to its row. */
typedef struct {
  gint64 mailbox, account;
  guint64 modseq; /* of this call */
  guint32 uid_next;
  gint64 messages, unseen, size, marked, marked_size;
  gboolean changed;
} MailboxChange;
/* Takes the mailbox's next MODSEQ; it is used only if something changes. STORE_ERROR_NOT_FOUND for
 * a deleted one. */
gboolean mailbox_change_begin (StoreTransaction *transaction, gint64 mailbox, MailboxChange *change,
                               GError **error);
/* Counts ENTRY, which comes (SIGN 1) or goes (-1). */
void mailbox_change_count (MailboxChange *change, const Entry *entry, int sign);
/* Writes the row and the account's used bytes, and touches the mailbox. */
gboolean mailbox_change_end (StoreTransaction *transaction, const MailboxChange *change,
                             GError **error);

/* Goes over the live entries of RANGES in runs of at most ENTRY_RUN; RUN changes one. Stops with
 * *NEXT set when the slice is over; 0: all done. */
#define ENTRY_RUN 512
typedef struct {
  const Entry *entries;
  guint count;
} EntryRun;
typedef gboolean (*EntryRunFunc) (StoreTransaction *transaction, const EntryRun *run, gpointer data,
                                  GError **error);
gboolean mailbox_each_run (StoreTransaction *transaction, gint64 mailbox, const UidRange *ranges,
                           guint count, guint32 *next, EntryRunFunc func, gpointer data,
                           GError **error);
