/* Writes out a disk as power cuts may leave it.
 *   disk-after-cut LOG BASE
 *   disk-after-cut LOG --syncs FILE
 * The second form prints when each sync of FILE (below the recorded folder) ended. BASE is what lay
 * there before the log began. Prints the number of the log's records, then reads lines "RECORDS
 * loses|keeps|mixes SEED FOLDER", RECORDS rising: writes FOLDER as a cut after so many records may
 * leave it and prints the time of the last of them. */
#include "disk.h"
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_LENGTH 4096

typedef struct {
  TraceLog *log;
  Disk *disk;
  guint64 applied;
  gint64 time;
} Cutter;

static gboolean
parse_kind (const char *text, CutKind *kind)
{
  static const char *const names[]
      = { [CUT_LOSES] = "loses", [CUT_KEEPS] = "keeps", [CUT_MIXES] = "mixes" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (text, names[i])) {
      *kind = (CutKind)i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
cut (Cutter *self, char *line, GError **error)
{
  g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", 4);
  const TraceRecord *record;
  CutKind kind;

  if (g_strv_length (words) != 4 || !parse_kind (words[1], &kind)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "What is “%s”?", line);
    return FALSE;
  }
  guint64 wanted = g_ascii_strtoull (words[0], NULL, 10);
  while (self->applied < wanted && (record = trace_log_next (self->log)) != NULL) {
    disk_apply (self->disk, record);
    self->time = record->time;
    self->applied++;
  }
  return disk_cut (self->disk, kind, (guint32)g_ascii_strtoull (words[2], NULL, 10), words[3],
                   error);
}

static gboolean
count_records (const char *path, GError **error)
{
  g_autoptr (TraceLog) log = trace_log_open (path, error);
  guint64 count = 0;

  if (log == NULL)
    return FALSE;
  while (trace_log_next (log) != NULL)
    count++;
  g_print ("%" G_GUINT64_FORMAT "\n", count);
  return TRUE;
}

/* A file has a handle for each time it was opened. */
static gboolean
print_syncs (const char *path, const char *file, GError **error)
{
  g_autoptr (TraceLog) log = trace_log_open (path, error);
  g_autoptr (GHashTable) handles
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  const TraceRecord *record;

  while (log != NULL && (record = trace_log_next (log)) != NULL)
    if (record->kind == TRACE_OPEN && g_strcmp0 (record->path, file) == 0)
      g_hash_table_add (handles, g_memdup2 (&record->handle, sizeof record->handle));
    else if (record->kind == TRACE_SYNC && g_hash_table_contains (handles, &record->handle))
      g_print ("%" G_GINT64_FORMAT "\n", record->time);
  return log != NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  char line[LINE_MAX_LENGTH];

  if (argc == 4 && g_str_equal (argv[2], "--syncs")) {
    if (print_syncs (argv[1], argv[3], &error))
      return 0;
    g_printerr ("%s\n", error->message);
    return 1;
  }
  gboolean well = argc == 3 && count_records (argv[1], &error);
  g_autoptr (TraceLog) log = well ? trace_log_open (argv[1], &error) : NULL;
  g_autoptr (Disk) disk = log != NULL ? disk_new (argv[2], &error) : NULL;
  Cutter self = { log, disk };

  well = disk != NULL;
  fflush (stdout);
  while (well && fgets (line, sizeof line, stdin) != NULL) {
    well = cut (&self, line, &error);
    if (well)
      g_print ("%" G_GINT64_FORMAT "\n", self.time);
    fflush (stdout);
  }
  if (!well)
    g_printerr ("%s\n", error != NULL ? error->message : "wrong usage");
  return well ? 0 : 1;
}
