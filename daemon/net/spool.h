/* A message on its way in: in memory up to 256 KiB, then in a temporary file that a worker thread
 * writes. Lives on one I/O thread; the disk is never touched there. Used by SMTP DATA/BDAT and IMAP
 * APPEND. */
#pragma once
#include "net/channel.h"

typedef struct _Spool Spool;

/* FOLDER: where temporary files go (emptied at start by spool_clean). CHANNEL may be NULL: then
 * nobody is paused and no budget is asked. */
Spool *spool_new (Channel *channel, const char *folder);
/* Drops what was gathered, deletes the file. A finish under way ends with G_IO_ERROR_CANCELLED. */
void spool_free (Spool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Spool, spool_free)

/* Takes a copy of the bytes. When the worker falls behind or the byte budget is used up, the spool
 * pauses the channel by itself and resumes it later. Errors (disk full) are kept and told by
 * spool_finish. */
void spool_append (Spool *spool, const void *bytes, gsize length);
guint64 spool_length (Spool *spool);
/* All bytes are there, once: yields them as one GBytes (memory, or a read-only map of the file,
 * deleted with it). */
void spool_finish_async (Spool *spool, GAsyncReadyCallback callback, gpointer data);
GBytes *spool_finish_finish (Spool *spool, GAsyncResult *result, GError **error);

/* Deletes what a crash left in FOLDER; creates it if need be. Called once at start. */
gboolean spool_clean (const char *folder, GError **error);
