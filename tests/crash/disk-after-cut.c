/* Writes out the disk as a power cut may leave it.
 *   disk-after-cut LOG BASE FOLDER RECORDS loses|keeps|mixes SEED
 * BASE is what lay there before the log began. RECORDS 0 only counts. Prints the number of records
 * and the time of the last one before the cut. */
#include "disk.h"

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

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TraceLog) log = argc == 7 ? trace_log_open (argv[1], &error) : NULL;
  g_autoptr (Disk) disk = log != NULL ? disk_new (argv[2], &error) : NULL;
  const TraceRecord *record;
  CutKind kind;
  guint64 wanted, count = 0;
  gint64 time = 0;

  if (disk == NULL || !parse_kind (argv[5], &kind)) {
    g_printerr ("%s\n", error != NULL ? error->message : "wrong usage");
    return 2;
  }
  wanted = g_ascii_strtoull (argv[4], NULL, 10);
  while ((wanted == 0 || count < wanted) && (record = trace_log_next (log)) != NULL) {
    if (wanted != 0)
      disk_apply (disk, record);
    time = record->time;
    count++;
  }
  if (wanted != 0
      && !disk_cut (disk, kind, (guint32)g_ascii_strtoull (argv[6], NULL, 10), argv[3], &error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  g_print ("%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT "\n", count, time);
  return 0;
}
