/* hauspostd: the daemon's command line. */
#include "config.h"
#include "configuration.h"
#include "platform/paths.h"
#include "platform/program.h"
#include "platform/service.h"
#include "policy/digest.h"
#include "server.h"
#include "server-waiting.h"
#include <glib/gi18n.h>

static char *configuration;
static gboolean version, digest, check, service, install, uninstall, begin;

static int
run (void)
{
  if (check)
    return server_check (configuration);
  return service && !server_wait (configuration) ? 0 : server_run (configuration);
}

/* The service is often installed before there is a configuration. */
static gboolean
install_service (GError **error)
{
  g_autofree char *path = configuration_find (configuration);
  g_autoptr (GError) reason = NULL;
  g_autoptr (Configuration) found = configuration_load (path, &reason);

  if (found == NULL && !g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  if (!service_install (configuration, found != NULL ? found->data : paths_data (), error))
    return FALSE;
  g_print ("%s\n", _ ("The service is installed. It starts with the system."));
  return TRUE;
}

static gboolean
uninstall_service (GError **error)
{
  if (!service_remove (error))
    return FALSE;
  g_print ("%s\n", _ ("The service is removed. Mail and configuration are still there."));
  return TRUE;
}

static gboolean
start_service (GError **error)
{
  if (!service_start (error))
    return FALSE;
  g_print ("%s\n", _ ("The service runs."));
  return TRUE;
}

static gboolean
act (int *status, GError **error)
{
  if (install)
    return install_service (error);
  if (uninstall)
    return uninstall_service (error);
  if (begin)
    return start_service (error);
  return service_run (service, run, status, error);
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &configuration, N_ ("The configuration file"),
      N_ ("FILE") },
    { "check", 0, 0, G_OPTION_ARG_NONE, &check,
      N_ ("Check the configuration and the certificates, then end"), NULL },
    { "install-service", 0, 0, G_OPTION_ARG_NONE, &install,
      N_ ("Windows: make the service, or bring it up to date, then end"), NULL },
    { "remove-service", 0, 0, G_OPTION_ARG_NONE, &uninstall,
      N_ ("Windows: remove the service but not the data, then end"), NULL },
    { "start-service", 0, 0, G_OPTION_ARG_NONE, &begin,
      N_ ("Windows: start the service, or start it anew, and wait until it works"), NULL },
    { "service", 0, 0, G_OPTION_ARG_NONE, &service, N_ ("Windows: run as the service"), NULL },
    /* By itself, for itself: policy/digest.h. */
    { &DIGEST_OPTION[2], 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &digest, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Print the version, then end"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  g_auto (GStrv) arguments = program_begin (argc, argv);
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_set_summary (context, _ ("The mail server. It stays in the foreground."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse_strv (context, &arguments, &error) || g_strv_length (arguments) > 1) {
    g_printerr ("hauspostd: %s\n",
                error != NULL ? error->message : _ ("It takes no arguments; see --help."));
    return 2;
  }
  if (version) {
    g_print ("hauspostd %s\n", VERSION);
    return 0;
  }
  if (digest)
    return digest_serve ();
  int status = 0;
  if (act (&status, &error))
    return status;
  g_printerr ("hauspostd: %s\n", error->message);
  return 1;
}
