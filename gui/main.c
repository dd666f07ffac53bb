/* hauspost-panel: the control panel. */
#include "application.h"
#include "config.h"
#include "platform/appearance.h"
#include "platform/paths.h"
#include "platform/program.h"
#include <glib/gi18n.h>

/* A build that is not installed is told where its texts lie. */
static void
speak (void)
{
  const char *folder = g_getenv ("HAUSPOST_LOCALE");

  bindtextdomain (PANEL_CATALOGUE, folder != NULL ? folder : paths_locale ());
  bind_textdomain_codeset (PANEL_CATALOGUE, "UTF-8");
  textdomain (PANEL_CATALOGUE);
}

/* What libadwaita cannot ask this system, it takes from its environment. */
static void
dress (void)
{
  if (appearance_is_dark ())
    g_setenv ("ADW_DEBUG_COLOR_SCHEME", "prefer-dark", FALSE);
  if (appearance_is_high_contrast ())
    g_setenv ("ADW_DEBUG_HIGH_CONTRAST", "1", FALSE);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = program_begin (argc, argv);

  speak ();
  dress ();
  g_set_prgname ("hauspost-panel");
  g_set_application_name ("Hauspost");
  g_autoptr (PanelApplication) application = panel_application_new ();
  return g_application_run (G_APPLICATION (application), (int)g_strv_length (arguments), arguments);
}
