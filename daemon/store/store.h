/* The store: one writer, many readers, every change durable before its callback runs.
 *
 * Work goes in as jobs. A write job runs in the writer's thread inside a savepoint; many jobs share
 * one sync and one commit. A read job runs in a reader's thread on a snapshot. Callbacks come in
 * the thread-default GMainContext of the caller (an I/O thread's, the main thread's). */
#pragma once
#include "store/database.h"

typedef struct _Store Store;

typedef struct {
  const char *folder; /* DATA: store.db, segments/, temporary/ lie below it */
  guint readers; /* 0: two */
} StoreOptions;

/* Opens or creates; migrates an older store after keeping a verified copy of its database; keeps
 * the tail of the last segment aside. Errors name what to do (STORE_ERROR_NEWER, locked by another
 * process, …). */
Store *store_open (const StoreOptions *options, GError **error);
/* Waits for the jobs that were accepted, then closes. No job may be handed in any more. */
void store_close (Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Store, store_close)

/* What a write job works with. Lives for the call only. */
typedef struct _StoreTransaction StoreTransaction;
Database *store_transaction_database (StoreTransaction *transaction);
/* Sessions that watch MAILBOX are woken after the commit. */
void store_transaction_touch (StoreTransaction *transaction, gint64 mailbox);
typedef enum {
  WATCH_MESSAGES = 1 << 0, /* messages or flags of its mailboxes */
  WATCH_NAMES = 1 << 1, /* which mailboxes it sees, under what names, subscribed or not */
  WATCH_NOTES = 1 << 2, /* there are new notes (notes.h) */
} WatchKind;
#define WATCH_EVERYBODY 0
/* The same for those who watch ACCOUNT (or, with WATCH_EVERYBODY, who watch that). */
void store_transaction_touch_account (StoreTransaction *transaction, gint64 account, guint kinds);
typedef enum {
  NOTE_METADATA, /* TEXT: the annotation's name */
  NOTE_INBOX_RENAMED, /* MAILBOX took the mail of ACCOUNT's INBOX */
} NoteKind;
/* Published after the commit (notes.h). Wakes nobody by itself. */
void store_transaction_note (StoreTransaction *transaction, NoteKind kind, gint64 mailbox,
                             gint64 account, const char *text);
/* The notes of this job carry ORIGIN, so that who made them can tell them from others'. */
void store_transaction_sign (StoreTransaction *transaction, guint64 origin);
gint64 store_transaction_now (StoreTransaction *transaction); /* seconds, UTC */

/* In every job sentences are said as in the thread that asked for it (language.h).
 *
 * TRUE: done. FALSE with ERROR: the savepoint is rolled back, the caller gets the error, no
 * neighbour is harmed. It may be called a second time, after a neighbour's failure has rolled back
 * the first: it must not give DATA's parts away. */
typedef gboolean (*StoreWriteFunc) (StoreTransaction *transaction, gpointer data, GError **error);
/* DATA is given away; it can be looked at in the callback through store_job_data. */
void store_write_async (Store *store, StoreWriteFunc func, gpointer data, GDestroyNotify destroy,
                        GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data);
gboolean store_write_finish (Store *store, GAsyncResult *result, GError **error);

/* Long work in slices of about 10 ms between urgent batches: FUNC is called (each time in a
 * savepoint, each slice committed) until it sets *DONE. It should stop a slice when
 * store_transaction_slice_over says so. */
typedef gboolean (*StoreBulkFunc) (StoreTransaction *transaction, gpointer data, gboolean *done,
                                   GError **error);
void store_write_bulk_async (Store *store, StoreBulkFunc func, gpointer data,
                             GDestroyNotify destroy, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean store_transaction_slice_over (StoreTransaction *transaction);

/* A read job: one snapshot, valid for the call only, bounded work (a batch of an answer). It must
 * not wait for a write job. */
typedef struct _StoreSnapshot StoreSnapshot;
Database *store_snapshot_database (StoreSnapshot *snapshot);
typedef gboolean (*StoreReadFunc) (StoreSnapshot *snapshot, gpointer data, GError **error);
void store_read_async (Store *store, StoreReadFunc func, gpointer data, GDestroyNotify destroy,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean store_read_finish (Store *store, GAsyncResult *result, GError **error);

/* The DATA of the job behind RESULT (either kind); belongs to RESULT. */
gpointer store_job_data (GAsyncResult *result);

/* The same for callers that may wait (the command line's offline tools, tests): never in an I/O
 * thread. */
gboolean store_write_sync (Store *store, StoreWriteFunc func, gpointer data, GError **error);
gboolean store_write_bulk_sync (Store *store, StoreBulkFunc func, gpointer data, GError **error);
gboolean store_read_sync (Store *store, StoreReadFunc func, gpointer data, GError **error);

const char *store_folder (Store *store);
const char *store_temporary_folder (Store *store);
/* FALSE while free space is below SETTING_DISK_RESERVE: new mail is refused with 452. Any thread,
 * no disk access. */
gboolean store_takes_mail (Store *store);
