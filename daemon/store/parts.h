/* What a Store is made of, for the files of this folder alone. */
#pragma once
#include "language.h"
#include "store/delivery.h"
#include "store/notes.h"
#include "store/segment.h"
#include "store/store.h"
#include "store/watch.h"
#include "platform/file.h"

typedef struct _Writer Writer;
typedef struct _Readers Readers;
typedef struct _Caretaker Caretaker;
typedef struct _Watches Watches;

struct _Store {
  char *folder, *database_path, *temporary_folder;
  File *lock;
  Delivery *delivery;
  Segments *segments;
  Watches *watches;
  Notes *notes;
  Writer *writer;
  Readers *readers;
  Caretaker *caretaker;
  /* Held for reading by whoever uses a connection, for writing while all are closed and opened
   * anew after a failed sync. */
  GRWLock connections;
  GMutex checkpoint; /* one at a time */
  gint in_doubt; /* atomic: a checkpoint beside the writer failed, so it must open all anew */
  gint takes_mail; /* atomic */
  gint urgent; /* atomic: write jobs that wait */
  gint compacting; /* atomic: a round of compaction runs */
  gint64 last_message; /* the writer's: the greatest id that was given away */
  gint64 reopen_interval; /* microseconds between two attempts after a failed sync */
};

/* A job: the task's data, with one of the three functions. A slice makes it bulk. */
typedef struct {
  StoreWriteFunc write;
  StoreBulkFunc slice;
  StoreReadFunc read;
  gpointer data;
  GDestroyNotify destroy;
  GTask *task; /* NULL: a caller waits on `waiting` */
  struct _Waiting *waiting;
  GError *error;
  Speech speech; /* of whoever asked: so are its sentences */
} Job;
/* Tells the caller: FALSE results carry JOB->error. Reaches an asynchronous caller with the next
 * delivery_flush. */
void job_answer (Store *store, Job *job);

gboolean job_is_cancelled (Job *job); /* sets JOB->error */

/* Takes DATABASE, which is open and migrated. */
Writer *writer_new (Store *store, Database *database);
void writer_push (Writer *writer, Job *job);
void writer_free (Writer *writer); /* does what was pushed first */

Readers *readers_new (Store *store, guint count);
void readers_push (Readers *readers, Job *job);
/* With the lock `connections` held for writing. */
void readers_close_databases (Readers *readers);
void readers_free (Readers *readers); /* does what was pushed first */

/* Looks after the disk's reserve and the WAL beside the writer. */
Caretaker *caretaker_new (Store *store);
void caretaker_wake (Caretaker *caretaker, gboolean checkpoint);
void caretaker_free (Caretaker *caretaker);

/* What a watch watches. */
typedef struct {
  gint64 id;
  gboolean is_account; /* otherwise a mailbox */
} WatchKey;

Watches *watches_new (void);
void watches_free (Watches *watches);
void watches_fire (Watches *watches, Delivery *delivery, const WatchKey *key, guint kinds);

Notes *notes_new (void);
void notes_free (Notes *notes);
void note_free (Note *note); /* NULL is allowed: who took it out leaves that */
/* NOTES: GPtrArray of Note, which are taken out of it. */
void notes_publish (Notes *self, GPtrArray *notes);

/* Moves what the WAL holds into the database; MODE is SQLite's. FALSE: somebody reads (try later)
 * or ERROR. */
gboolean store_checkpoint (Database *database, int mode, GError **error);

/* For the end: closes DATABASE (NULL is allowed). In doubt the WAL stays, and the next start moves it
 * whole. */
void store_end_database (Store *store, Database *database);

/* Only one process works in FOLDER, until the lock is closed. NULL and STORE_ERROR_FAILED with a
 * sentence for the administrator while another does. */
File *store_lock_folder (const char *folder, GError **error);

/* Makes a failed file operation a StoreError, full or failed. Returns FALSE. */
gboolean store_convert_error (GError **error);
/* Counts it; when the disk is full no mail is taken until the caretaker has looked again. */
void store_note_error (Store *store, const GError *error);
