/* A store at work until it is done or killed: what kill-store ends without warning.
 *   busy-store ROOT ACKS SEED */
#include "load.h"

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Load load = {
    .senders = 20, .users = 100, .operations = G_MAXINT, .backups = FALSE, .compaction = TRUE
  };

  if (argc != 4)
    return 2;
  load.root = argv[1];
  load.acks = argv[2];
  load.seed = (guint32)g_ascii_strtoull (argv[3], NULL, 10);
  if (load_run (&load, &error))
    return 0;
  g_printerr ("%s\n", error->message);
  return 1;
}
