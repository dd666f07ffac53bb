/* hauspost-panel: the control panel. */
#include "application.h"
#include "config.h"
#include "platform/program.h"
#include <glib/gi18n.h>

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = program_begin (argc, argv);
  const char *catalogues = g_getenv ("HAUSPOST_LOCALE");

  if (catalogues != NULL) /* a build that is not installed */
    bindtextdomain (GETTEXT_PACKAGE, catalogues);
  g_set_prgname ("hauspost-panel");
  g_set_application_name ("Hauspost");
  g_autoptr (PanelApplication) application = panel_application_new ();
  return g_application_run (G_APPLICATION (application), (int)g_strv_length (arguments), arguments);
}
