/* The files that hold messages: segments/NNNNNNNN.seg, written at their end and never changed. All
 * file access of the store's messages goes through here. Thread-safe, but for the writing part,
 * which is the writer's. */
#pragma once
#include "platform/file.h"

#define SEGMENT_SIZE (64 * 1024 * 1024) /* a full one is followed by the next */

typedef struct _Segments Segments;
/* Makes FOLDER if need be. Numbers go on after the greatest that FOLDER shows; AFTER is one that
 * was used in any case. */
Segments *segments_open (const char *folder, guint64 after, GError **error);
void segments_free (Segments *segments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Segments, segments_free)
char *segments_path (Segments *segments, guint64 number);
/* The numbers that are there, ascending: GArray of guint64. */
GArray *segments_list (Segments *segments, GError **error);

/* Where the next append will begin. Opens a new segment when there is none or it is full. */
gboolean segments_begin (Segments *segments, guint64 *number, guint64 *offset, GError **error);
/* After a failure of either, segments_abandon: nobody knows what the disk holds. */
gboolean segments_append (Segments *segments, const void *bytes, gsize length, GError **error);
gboolean segments_sync (Segments *segments, GError **error);
/* Never writes to the current segment again; its bytes stay. */
void segments_abandon (Segments *segments);
/* Bytes that follow the last sync. */
gboolean segments_is_dirty (Segments *segments);

/* In any thread: a new segment for one big message. The caller writes it, then finishes it (counts,
 * syncs), or closes and removes it. */
File *segments_create_own (Segments *segments, guint64 *number, GError **error);
gboolean segments_finish_own (File *file, guint64 length, GError **error);

/* *DONE is less than LENGTH only where the file ends. */
gboolean segments_read (Segments *segments, guint64 number, guint64 offset, void *data,
                        gsize length, gsize *done, GError **error);
/* The bytes of the file. */
gboolean segments_measure (Segments *segments, guint64 number, guint64 *size, GError **error);

/* Files removed after a pin was taken stay until it is given back. */
guint64 segments_pin (Segments *segments);
void segments_unpin (Segments *segments, guint64 pin);
/* Deletes the file once no pin older than now is left. Nothing may refer to it any more. */
void segments_remove (Segments *segments, guint64 number);
/* Makes removals durable. */
gboolean segments_sync_folder (Segments *segments, GError **error);

/* Copies what lies beyond SIZE to tail-NNNNNNNN-SIZE beside it, once. */
gboolean segments_keep_tail (Segments *segments, guint64 number, guint64 size, GError **error);
/* A file that the database does not know: renamed to tail-NNNNNNNN-0. */
gboolean segments_set_aside (Segments *segments, guint64 number, GError **error);
