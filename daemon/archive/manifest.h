/* A backup's table of contents: every file with its size and SHA-256, one a line. It is written
 * last, so a folder without it is no backup. */
#pragma once
#include <gio/gio.h>

#define MANIFEST_NAME "manifest"

typedef struct {
  char *name; /* below the backup's folder, with '/' */
  guint64 size;
  char *digest; /* hexadecimal */
} ManifestFile;

/* A list of ManifestFile. */
GPtrArray *manifest_new (void);
void manifest_add (GPtrArray *files, const char *name, guint64 size, const char *digest);
guint64 manifest_total (GPtrArray *files); /* bytes */

GBytes *manifest_print (GPtrArray *files);
/* G_IO_ERROR_INVALID_DATA when a line makes no sense, the end is missing, or a name leads out of
 * the folder. */
GPtrArray *manifest_parse (const char *text, gsize length, GError **error);
GPtrArray *manifest_load (const char *backup, GError **error);
