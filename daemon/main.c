/* hauspostd: the daemon's command line. */
#include "config.h"
#include "platform/paths.h"
#include "platform/service.h"
#include "server.h"
#include <glib/gi18n.h>
#include <locale.h>

static char *configuration;
static gboolean version, check;

static int
run (int argc, char **argv)
{
  return check ? server_check (configuration) : server_run (configuration);
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &configuration, N_ ("The configuration file"),
      N_ ("FILE") },
    { "check", 0, 0, G_OPTION_ARG_NONE, &check,
      N_ ("Check the configuration and the certificates, then end"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Print the version, then end"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, paths_locale ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_set_summary (context, _ ("The mail server. It stays in the foreground."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc > 1) {
    g_printerr ("hauspostd: %s\n",
                error != NULL ? error->message : _ ("It takes no arguments; see --help."));
    return 2;
  }
  if (version) {
    g_print ("hauspostd %s\n", VERSION);
    return 0;
  }
  return service_run (argc, argv, run);
}
