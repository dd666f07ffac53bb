/* The daemon with the shims below it.
 *   hauspostd-shim --config FILE
 * HAUSPOST_TRACE_ROOT: the data folder; HAUSPOST_TRACE_LOG: where to record (optional);
 * HAUSPOST_SKIP_SYNCS: no sync of a file does anything; for the test of the tests;
 * HAUSPOST_FAULT: a file that is looked at all the time: "KIND NUMBER full|broken once|lasting"
 * arms that fault and empties the file; FILE.done then tells how many operations there were since
 * the fault before, and whether that one struck. */
#include "trace.h"
#include "platform/service.h"
#include "server.h"

static char *configuration;

static int
run (void)
{
  return server_run (configuration);
}

/* Beside the order, as ORDER.done: "OPERATIONS STRUCK" since the last order. */
static void
tell (const char *path)
{
  g_autofree char *done = g_strconcat (path, ".done", NULL);
  g_autofree char *text
      = g_strdup_printf ("%" G_GUINT64_FORMAT " %d\n", trace_operations (), trace_fault_struck ());

  g_file_set_contents (done, text, -1, NULL);
}

static gpointer
take_orders (gpointer data)
{
  const char *path = data;

  for (;; g_usleep (5000)) {
    g_autofree char *order = NULL;
    Fault fault;

    if (!g_file_get_contents (path, &order, NULL, NULL) || !fault_parse (order, &fault))
      continue;
    tell (path);
    trace_fault (&fault);
    g_file_set_contents (path, "", 0, NULL); /* taken */
  }
  return NULL;
}

int
main (int argc, char **argv)
{
  const char *orders = g_getenv ("HAUSPOST_FAULT");
  g_autoptr (GError) error = NULL;

  if (argc != 3 || !g_str_equal (argv[1], "--config") || g_getenv ("HAUSPOST_TRACE_ROOT") == NULL)
    return 2;
  configuration = argv[2];
  if (!trace_start (g_getenv ("HAUSPOST_TRACE_ROOT"), g_getenv ("HAUSPOST_TRACE_LOG"), &error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  trace_skip_syncs (g_getenv ("HAUSPOST_SKIP_SYNCS") != NULL, FALSE);
  if (orders != NULL)
    g_thread_unref (g_thread_new ("orders", take_orders, (gpointer)orders));
  int status = 1;
  return service_run (FALSE, run, &status, NULL) ? status : 1;
}
