/* What a Store is made of, for the files of this folder alone. */
#pragma once
#include "store/delivery.h"
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
  Writer *writer;
  Readers *readers;
  Caretaker *caretaker;
  gint takes_mail; /* atomic */
};

/* A job: the task's data. SLICES makes it bulk. */
typedef struct {
  StoreWriteFunc write;
  StoreBulkFunc slice;
  StoreReadFunc read;
  gpointer data;
  GDestroyNotify destroy;
  GTask *task; /* NULL: a caller waits on `waiting` */
  struct _Waiting *waiting;
  GError *error;
  gint64 queued; /* monotonic time, for bulk fairness */
} Job;
void job_free (Job *job);
/* Tells the caller: FALSE results carry JOB->error. Reaches an asynchronous caller with the next
 * delivery_flush. */
void job_answer (Store *store, Job *job);

/* Makes a failed file operation a StoreError, full or failed. Returns FALSE. */
gboolean store_convert_error (GError **error);
/* Forgets below the disk's reserve at once, without waiting for the next look. */
void store_note_error (Store *store, const GError *error);
