/* Options are read before the window is made; a program that was told another server than the
 * usual one is a program of its own. */
#include "application.h"
#include "accessibility.h"
#include "config.h"
#include "connect-view.h"
#include "pages.h"
#include "platform/file.h"
#include "window.h"
#include <glib/gi18n.h>

struct _PanelApplication {
  AdwApplication parent;

  char *configuration, *server, *fingerprint, *user, *page;
};
G_DEFINE_FINAL_TYPE (PanelApplication, panel_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("print the version"), NULL },
  { "config", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("the configuration of the daemon"),
    N_ ("FILE") },
  { "server", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("administer a server elsewhere"),
    N_ ("HOST:PORT") },
  { "fingerprint", 0, 0, G_OPTION_ARG_STRING, NULL,
    N_ ("the certificate that this server must show"), N_ ("SHA256") },
  { "user", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("the administrator's account there"),
    N_ ("ADDRESS") },
  { "page", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("show this page first"), N_ ("PAGE") },
  { NULL },
};

static char *
take_text (GVariantDict *dict, const char *name)
{
  char *text = NULL;

  g_variant_dict_lookup (dict, name, "s", &text);
  return text;
}

static char *
take_file (GVariantDict *dict, const char *name)
{
  char *text = NULL;

  g_variant_dict_lookup (dict, name, "^ay", &text);
  return text;
}

static int
panel_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  PanelApplication *self = PANEL_APPLICATION (application);

  if (g_variant_dict_contains (dict, "version")) {
    g_print ("hauspost-panel %s\n", VERSION);
    return 0;
  }
  self->configuration = take_file (dict, "config");
  self->server = take_text (dict, "server");
  self->fingerprint = take_text (dict, "fingerprint");
  self->user = take_text (dict, "user");
  self->page = take_text (dict, "page");
  if (self->page != NULL && panel_page_find (self->page) == NULL) {
    g_printerr (_ ("There is no page “%s”.\n"), self->page);
    return 2;
  }
  if (self->configuration != NULL || self->server != NULL)
    g_application_set_flags (application, G_APPLICATION_NON_UNIQUE);
  return -1; /* go on */
}

/* NULL: the person has not said which server; the one of the last time is opened, or they are
 * shown. */
static Connection *
make_connection (PanelApplication *self)
{
  if (self->server != NULL)
    return connection_new_remote (self->server, self->fingerprint, self->user,
                                  g_getenv ("HAUSPOST_PASSWORD"));
  return self->configuration != NULL && file_exists (self->configuration)
      ? connection_new_local (self->configuration)
      : NULL;
}

static void
panel_application_activate (GApplication *application)
{
  PanelApplication *self = PANEL_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL) {
    g_autoptr (Connection) connection = make_connection (self);
    window = GTK_WINDOW (window_new (ADW_APPLICATION (application), connection));
    if (connection != NULL)
      window_show_page (GTK_WIDGET (window), self->page);
    else
      connect_view_begin (PANEL_WINDOW (window), self->configuration, self->page);
  }
  gtk_window_present (window);
}

/* Made when it is asked for: a window that GTK keeps hidden for it (gtk/help-overlay.ui) makes GTK
 * 4.8 end when a screen reader asks for a window that has just been closed. */
static void
show_shortcuts (GSimpleAction *action, GVariant *parameter, gpointer application)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/hauspost/shortcuts.ui");
  GtkWindow *shortcuts = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (shortcuts, gtk_application_get_active_window (application));
  gtk_window_present (shortcuts);
}

static void
show_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  adw_show_about_window (gtk_application_get_active_window (data), "application-name", "Hauspost",
                         "application-icon", PANEL_ID, "version", VERSION, "developer-name",
                         _ ("The Hauspost project"), "license-type", GTK_LICENSE_GPL_3_0,
                         "comments", _ ("The mail server for an office, on a machine of its own."),
                         NULL);
}

static void
quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window (data);

  if (window != NULL)
    gtk_window_close (window); /* which settles what waits */
}

static void
panel_application_startup (GApplication *application)
{
  static const GActionEntry actions[]
      = { { "about", show_about }, { "shortcuts", show_shortcuts }, { "quit", quit } };
  static const char *const shortcuts_keys[] = { "<Control>question", NULL };
  static const char *const quit_keys[] = { "<Control>q", NULL };
  static const char *const close_keys[] = { "<Control>w", NULL };

  G_APPLICATION_CLASS (panel_application_parent_class)->startup (application);
  accessibility_begin ();
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.shortcuts",
                                         shortcuts_keys);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit", quit_keys);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "window.close", close_keys);
  gtk_window_set_default_icon_name (PANEL_ID);
}

static void
panel_application_finalize (GObject *object)
{
  PanelApplication *self = PANEL_APPLICATION (object);

  g_free (self->configuration);
  g_free (self->server);
  g_free (self->fingerprint);
  g_free (self->user);
  g_free (self->page);
  G_OBJECT_CLASS (panel_application_parent_class)->finalize (object);
}

static void
panel_application_class_init (PanelApplicationClass *class)
{
  GApplicationClass *application = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = panel_application_finalize;
  application->handle_local_options = panel_application_handle_local_options;
  application->activate = panel_application_activate;
  application->startup = panel_application_startup;
}

static void
panel_application_init (PanelApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

PanelApplication *
panel_application_new (void)
{
  return g_object_new (PANEL_TYPE_APPLICATION, "application-id", PANEL_ID, "resource-base-path",
                       "/hauspost", NULL);
}
