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

/* What libadwaita cannot ask this system, it takes from its environment. Where there is no session
 * bus, GLib would look for a program that starts one, and complain. */
static void
dress (void)
{
  if (!appearance_has_session_bus ())
    g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", FALSE);
  if (appearance_is_dark ())
    g_setenv ("ADW_DEBUG_COLOR_SCHEME", "prefer-dark", FALSE);
  if (appearance_is_high_contrast ())
    g_setenv ("ADW_DEBUG_HIGH_CONTRAST", "1", FALSE);
}

/* GTK loads OpenGL whether it is used or not. Where the processor has to play the graphics card, that
 * takes longer than all the rest of the start, and draws no faster. */
static void
choose_renderer (void)
{
  if (!appearance_has_graphics ())
    g_setenv ("GSK_RENDERER", "cairo", FALSE);
  if (g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") != 0)
    return;
  if (gtk_get_minor_version () >= 16)
    g_setenv ("GDK_DISABLE", "gl", FALSE);
  else
    g_setenv ("GDK_DEBUG", "gl-disable", FALSE);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = program_begin (argc, argv);

  speak ();
  dress ();
  choose_renderer ();
  g_set_prgname ("hauspost-panel");
  g_set_application_name ("Hauspost");
  g_autoptr (PanelApplication) application = panel_application_new ();
  return g_application_run (G_APPLICATION (application), (int)g_strv_length (arguments), arguments);
}
