/* Cuts the power at random points of a busy store's life, and opens what the disk then holds:
 * nothing that was acknowledged may be lost. The test of the test: with syncs that do nothing,
 * something must be lost, or this program sees nothing. */
#include "disk.h"
#include "load.h"
#include "platform/file.h"

#include <stdlib.h>
#include <string.h>

static int points = 40, operations = 3000, seed = -1;
static char *skip, *keep;
static gboolean failing;

static const GOptionEntry options[] = {
  { "points", 0, 0, G_OPTION_ARG_INT, &points, "power cuts", "N" },
  { "operations", 0, 0, G_OPTION_ARG_INT, &operations, "of the senders", "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "to see the same cuts again", "N" },
  { "skip-syncs", 0, 0, G_OPTION_ARG_STRING, &skip, "expect losses", "files|folders" },
  { "failing", 0, 0, G_OPTION_ARG_NONE, &failing, "a sync fails now and then", NULL },
  { "keep", 0, 0, G_OPTION_ARG_FILENAME, &keep, "leave everything in this folder", "FOLDER" },
  { 0 },
};

typedef struct {
  char *folder, *root, *log, *acks, *found;
  guint64 records;
  guint failed;
  guint64 acknowledged;
} Test;

static guint64
count_records (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TraceLog) log = trace_log_open (path, &error);
  guint64 count = 0;

  g_assert_no_error (error);
  while (trace_log_next (log) != NULL)
    count++;
  return count;
}

static gint working; /* atomic */

static gpointer
make_failures (gpointer data)
{
  GRand *chance = g_rand_new_with_seed ((guint32)seed);

  while (g_atomic_int_get (&working)) {
    Fault fault = { FAULT_SYNC, (guint64)g_rand_int_range (chance, 1, 40), FALSE, FALSE };

    trace_fault (&fault);
    g_usleep (150000);
  }
  g_rand_free (chance);
  return NULL;
}

static GThread *failures;

static void
begin_failures (void)
{
  g_atomic_int_set (&working, TRUE);
  failures = g_thread_new ("failures", make_failures, NULL);
}

static void
work (Test *self)
{
  Load load = { .root = self->root,
                .acks = self->acks,
                .senders = 20,
                .users = 100,
                .operations = (guint)operations,
                .seed = (guint32)seed,
                .backups = TRUE,
                .compaction = TRUE,
                .begun = failing ? begin_failures : NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (file_make_folder (self->root, &error));
  g_assert_true (trace_start (self->root, self->log, &error));
  trace_skip_syncs (g_strcmp0 (skip, "files") == 0, g_strcmp0 (skip, "folders") == 0);
  load_run (&load, &error);
  g_assert_no_error (error);
  g_atomic_int_set (&working, FALSE);
  if (failures != NULL)
    g_thread_join (failures);
  g_print ("# %d operations, %" G_GUINT64_FORMAT " flushes\n", operations, trace_flushes ());
  trace_stop ();
  self->records = count_records (self->log);
}

static void
judge (Test *self, Disk *disk, guint64 point, gint64 time, guint32 cut_seed)
{
  CutKind kind = (CutKind)(cut_seed % 4 == 0 ? CUT_LOSES : CUT_MIXES);
  g_autoptr (GError) error = NULL;
  Verdict verdict = { 0 };

  g_assert_true (disk_cut (disk, kind, cut_seed, self->found, &error));
  if (!load_verify (self->found, self->acks, time, &verdict, &error)) {
    g_printerr ("cannot open: %s\n", error->message);
    verdict.problems++;
  }
  self->acknowledged += verdict.acknowledged;
  self->failed += verdict.problems > 0;
  if (skip == NULL)
    g_print ("# cut after record %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
             " (%s, seed %u): %u mails, %u flags, %u expunges, %u backups acknowledged;"
             " %u problems\n",
             point, self->records, kind == CUT_LOSES ? "all unsynced lost" : "mixed", cut_seed,
             verdict.acknowledged, verdict.flags, verdict.expunged, verdict.backups,
             verdict.problems);
}

static int
compare_points (gconstpointer a, gconstpointer b)
{
  guint64 first = *(const guint64 *)a, second = *(const guint64 *)b;

  return first < second ? -1 : first > second;
}

/* In rising order, so that one disk follows the log once. */
static GArray *
choose_points (Test *self)
{
  GRand *chance = g_rand_new_with_seed ((guint32)seed);
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (int i = 0; i < points; i++) {
    guint64 point = 1 + (guint64)(g_rand_double (chance) * (double)self->records);

    g_array_append_val (chosen, point);
  }
  g_array_sort (chosen, compare_points);
  g_rand_free (chance);
  return chosen;
}

static void
cut_all (Test *self)
{
  g_autoptr (TraceLog) log = trace_log_open (self->log, NULL);
  g_autoptr (Disk) disk = disk_new (NULL, NULL);
  g_autoptr (GArray) chosen = choose_points (self);
  guint64 applied = 0;
  gint64 time = 0;

  for (guint i = 0; i < chosen->len; i++) {
    guint64 point = g_array_index (chosen, guint64, i);
    const TraceRecord *record;

    while (applied < point && (record = trace_log_next (log)) != NULL) {
      disk_apply (disk, record);
      time = record->time;
      applied++;
    }
    judge (self, disk, point, time, (guint32)seed * 1000 + i);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Test test = { 0 };
  gboolean well;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  if (seed < 0)
    seed = (int)(g_random_int () % 100000);
  test.folder = keep != NULL ? g_strdup (keep) : g_dir_make_tmp ("power-cut-XXXXXX", NULL);
  test.root = g_build_filename (test.folder, "root", NULL);
  test.log = g_build_filename (test.folder, "log", NULL);
  test.acks = g_build_filename (test.folder, "acks", NULL);
  test.found = g_build_filename (test.folder, "found", NULL);
  g_print ("1..1\n# seed %d\n", seed);
  work (&test);
  cut_all (&test);
  well = skip != NULL ? test.failed > 0 : test.failed == 0;
  g_print ("%s 1 %d power cuts, %" G_GUINT64_FORMAT " acknowledged mails looked for, %u cuts with"
           " losses%s\n",
           well ? "ok" : "not ok", points, test.acknowledged, test.failed,
           skip != NULL ? " (syncs did nothing: expected)" : "");
  if (keep == NULL && well)
    folder_remove_all (test.folder, NULL);
  return well ? 0 : 1;
}
