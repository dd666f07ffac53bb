/* Kills a busy store at random moments, again and again on the same folder: after each, everything
 * that was ever acknowledged must be there. */
#include "disk.h"
#include "load.h"
#include "platform/file.h"
#include "tests/system/process.h"

#define LONGEST_LIFE 400000 /* microseconds after the first acknowledgement of this life */

static int times = 10, seed = -1;

static const GOptionEntry options[] = {
  { "times", 0, 0, G_OPTION_ARG_INT, &times, "kills", "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "of the moments", "N" },
  { 0 },
};

static guint64
size_of (const char *path)
{
  g_autoptr (GBytes) bytes = file_map (path, NULL);

  return bytes != NULL ? g_bytes_get_size (bytes) : 0;
}

/* It must be at work before it is killed, or the kill proves nothing. */
static void
live_and_die (const char *program, const char *root, const char *acks, int life, GRand *chance)
{
  g_autofree char *number = g_strdup_printf ("%d", seed * 1000 + life);
  g_autoptr (GError) error = NULL;
  guint64 before = size_of (acks);
  g_autoptr (GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                                                      program, root, acks, number, NULL);

  g_assert_no_error (error);
  for (guint i = 0; size_of (acks) == before; i++) {
    g_assert_cmpuint (i, <, 20000);
    g_usleep (1000);
  }
  g_usleep ((gulong)g_rand_int_range (chance, 0, LONGEST_LIFE));
  g_subprocess_force_exit (process);
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  g_assert_true (process_was_killed (process));
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("BUSY-STORE");
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kill-store-XXXXXX", NULL);
  g_autofree char *root = g_build_filename (folder, "root", NULL);
  g_autofree char *acks = g_build_filename (folder, "acks", NULL);
  guint failed = 0, acknowledged = 0;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    g_error ("%s", error != NULL ? error->message : "which program?");
  if (seed < 0)
    seed = (int)(g_random_int () % 100000);
  GRand *chance = g_rand_new_with_seed ((guint32)seed);
  g_print ("1..1\n# seed %d\n", seed);
  g_assert_true (file_make_folder (root, NULL));
  for (int life = 0; life < times; life++) {
    Verdict verdict = { 0 };

    live_and_die (argv[1], root, acks, life, chance);
    if (!load_verify (root, acks, G_MAXINT64, &verdict, &error)) {
      g_printerr ("cannot open: %s\n", error->message);
      g_clear_error (&error);
      verdict.problems++;
    }
    acknowledged = verdict.acknowledged;
    failed += verdict.problems > 0;
    g_print ("# kill %d: %u mails, %u flags, %u expunges acknowledged; %u problems\n", life + 1,
             verdict.acknowledged, verdict.flags, verdict.expunged, verdict.problems);
  }
  g_rand_free (chance);
  g_print ("%s 1 %d kills, %u acknowledged mails looked for, %u kills with losses\n",
           failed == 0 ? "ok" : "not ok", times, acknowledged, failed);
  if (failed == 0)
    folder_remove_all (folder, NULL);
  return failed == 0 ? 0 : 1;
}
