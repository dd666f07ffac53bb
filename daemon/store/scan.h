/* Walks through the records of a segment file without the database's help: for the check, the
 * salvage, the rebuild and compaction. What is damaged is skipped to the next sound header. */
#pragma once
#include "store/record.h"

typedef struct _Scan Scan;
Scan *scan_new (const char *path, GError **error);
Scan *scan_new_from_bytes (GBytes *file);
void scan_free (Scan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scan, scan_free)

/* The next record whose header is sound and whose frames are all there; NULL at the end. Belongs
 * to SCAN, until the next call. */
const Record *scan_next (Scan *scan, guint64 *offset);
/* The record of the last scan_next as it lies in the file. */
GBytes *scan_bytes (Scan *scan);
/* Its message: unpacked, and its digest verified. G_IO_ERROR_INVALID_DATA when that fails. */
GBytes *scan_message (Scan *scan, GError **error);
/* Bytes so far that are no part of a sound record. */
guint64 scan_damaged (Scan *scan);
