/* The daemon of this computer is looked for; others are saved, or typed. */
#include "connect-view.h"
#include "assistant.h"
#include "connect-login.h"
#include "connect-work.h"
#include "local-server.h"
#include "platform/key-store.h"
#include "preferences.h"
#include "row-list.h"
#include "saved-servers.h"
#include "widgets/copy-row.h"
#include "widgets/page-frame.h"
#include <glib/gi18n.h>
#include <string.h>

struct _ConnectView {
  AdwBin parent;

  char *configuration;
  GCancellable *cancellable;
  LocalServer *server; /* NULL until it was looked for */
  PageFrame *frame;
  AdwActionRow *local;
  GtkImage *sign;
  GtkSpinner *spinner;
  GtkButton *act;
  CopyRow *command;
  AdwPreferencesGroup *others;
  GtkEditable *address;
};
G_DEFINE_FINAL_TYPE (ConnectView, connect_view, ADW_TYPE_BIN)

static Window *
window_of (ConnectView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return PANEL_IS_WINDOW (root) ? PANEL_WINDOW (root) : NULL;
}

/* The server of this computer. */

static const struct {
  const char *icon, *class;
  const char *title, *text;
  const char *button; /* or NULL */
} looks[] = {
  [LOCAL_SERVER_NOT_INSTALLED]
  = { "computer-symbolic", "dim-label", N_ ("No mail server is installed on this computer"),
      N_ ("You can administer another one from here, or install Hauspost."), NULL },
  [LOCAL_SERVER_NOT_MADE]
  = { "emblem-system-symbolic", "accent", N_ ("Hauspost is installed, but not set up"),
      N_ ("The assistant sets it up in about ten minutes. You can leave it and go on later."),
      N_ ("_Set Up…") },
  [LOCAL_SERVER_OFF] = { "dialog-warning-symbolic", "warning",
                         N_ ("The server cannot be reached by the control panel"), NULL, NULL },
  [LOCAL_SERVER_STOPPED]
  = { "dialog-warning-symbolic", "warning", N_ ("The server does not run"),
      N_ ("Start it; the control panel opens by itself then."), N_ ("_Start") },
  [LOCAL_SERVER_CLOSED]
  = { "channel-secure-symbolic", "accent", N_ ("Only the administrator may open it"),
      N_ ("You are asked for the administrator’s password once. The control panel then has a login "
          "of its own, which can be taken back at any time."),
      N_ ("_Open…") },
  [LOCAL_SERVER_READY] = { "emblem-ok-symbolic", "success", N_ ("The server of this computer runs"),
                           NULL, N_ ("_Open") },
};

static void
show_local (ConnectView *self)
{
  const LocalServer *server = self->server;
  const char *text = looks[server->state].text;

  gtk_image_set_from_icon_name (self->sign, looks[server->state].icon);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->sign), looks[i].class);
  gtk_widget_add_css_class (GTK_WIDGET (self->sign), looks[server->state].class);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->local), _ (looks[server->state].title));
  adw_action_row_set_subtitle (self->local,
                               server->explanation != NULL ? server->explanation
                                   : text != NULL          ? _ (text)
                                                           : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->act), looks[server->state].button != NULL);
  if (looks[server->state].button != NULL)
    gtk_button_set_label (self->act, _ (looks[server->state].button));
  copy_row_set_value (self->command, server->command != NULL ? server->command : "");
  gtk_widget_set_visible (GTK_WIDGET (self->command), server->command != NULL);
}

static void
set_busy (ConnectView *self, gboolean busy)
{
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->act), !busy);
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  LocalServer *server = local_server_look_finish (result, &error);

  if (server == NULL)
    return; /* cancelled: this view is gone */
  ConnectView *self = data;
  g_clear_pointer (&self->server, local_server_free);
  self->server = server;
  set_busy (self, FALSE);
  show_local (self);
}

static void
open_local (ConnectView *self)
{
  Window *window = window_of (self);
  g_autoptr (Connection) connection = connection_new_local (self->configuration);

  saved_servers_set_last (preferences (), "");
  preferences_save ();
  if (window != NULL)
    window_set_connection (window, connection);
}

/* The panel's own login: kept, so that the administrator is asked once. */
static void
open_with_access (Window *window, const LocalAccess *access)
{
  g_autoptr (SavedServer) server = saved_server_new (_ ("This computer"), access->address,
                                                     access->user, access->fingerprint, TRUE);
  g_autoptr (Connection) connection = connection_new_remote (access->address, access->fingerprint,
                                                             access->user, access->password);

  saved_servers_put (preferences (), server);
  saved_servers_set_last (preferences (), access->address);
  preferences_save ();
  password_keep_async (access->address, access->user, access->password, NULL, NULL);
  window_set_connection (window, connection);
}

static void
did_enter_local (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ConnectView) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LocalAccess) access = local_server_enter_finish (result, &error);
  Window *window = window_of (self);

  if (window == NULL)
    return;
  set_busy (self, FALSE);
  if (access == NULL)
    window_toast (GTK_WIDGET (self), error->message);
  else if (access->start != NULL) {
    copy_row_set_value (self->command, access->start);
    gtk_widget_set_visible (GTK_WIDGET (self->command), TRUE);
  } else
    open_with_access (window, access);
}

static void
did_act (ConnectView *self)
{
  switch (self->server->state) {
  case LOCAL_SERVER_READY:
    open_local (self);
    break;
  case LOCAL_SERVER_NOT_MADE:
    window_push (GTK_WIDGET (self), assistant_new (NULL, self->configuration));
    break;
  default:
    set_busy (self, TRUE);
    local_server_enter_async (self->configuration, NULL, NULL, did_enter_local,
                              g_object_ref (self));
  }
}

/* Other servers. */

typedef struct {
  ConnectView *view;
  char *address;
  SavedServer *known; /* or NULL */
  char *reason; /* or NULL */
} Visit;

static void
visit_free (Visit *self)
{
  g_object_unref (self->view);
  g_free (self->address);
  g_clear_pointer (&self->known, saved_server_free);
  g_free (self->reason);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Visit, visit_free)

static void
did_look_at_certificate (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Visit) visit = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ServerCertificate) certificate = certificate_look_finish (result, &error);

  gtk_widget_set_sensitive (GTK_WIDGET (visit->view->address), TRUE);
  if (certificate == NULL)
    window_toast_error (GTK_WIDGET (visit->view), error);
  else
    window_push (GTK_WIDGET (visit->view),
                 connect_login_new (visit->address, certificate, visit->known, visit->reason));
}

static void
ask_login (ConnectView *self, const char *address, const SavedServer *known, const char *reason)
{
  Visit *visit = g_new0 (Visit, 1);

  *visit = (Visit) { g_object_ref (self), g_strdup (address), NULL, g_strdup (reason) };
  if (known != NULL)
    visit->known = saved_server_new (known->name, known->address, known->user, known->fingerprint,
                                     known->is_local);
  certificate_look_async (address, NULL, did_look_at_certificate, visit);
}

static void
did_enter (ConnectView *self)
{
  g_autofree char *address = server_address_parse (gtk_editable_get_text (self->address));

  if (address == NULL) {
    window_toast (GTK_WIDGET (self), _ ("That is no address of a server."));
    return;
  }
  gtk_widget_set_sensitive (GTK_WIDGET (self->address), FALSE);
  ask_login (self, address, NULL, NULL);
}

static void
did_find_password (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Visit) visit = data;
  g_autoptr (GError) error = NULL;
  char *password = password_find_finish (result, &error);
  Window *window = window_of (visit->view);

  if (window == NULL || password == NULL) {
    ask_login (visit->view, visit->address, visit->known, NULL);
    key_store_wipe (password);
    return;
  }
  g_autoptr (Connection) connection = connection_new_remote (
      visit->address, visit->known->fingerprint, visit->known->user, password);
  key_store_wipe (password);
  saved_servers_set_last (preferences (), visit->address);
  preferences_save ();
  window_set_connection (window, connection);
}

static SavedServer *
find_saved (const char *address)
{
  g_autoptr (GPtrArray) list = saved_servers_list (preferences ());

  for (guint i = 0; i < list->len; i++) {
    const SavedServer *one = list->pdata[i];
    if (g_strcmp0 (one->address, address) == 0)
      return saved_server_new (one->name, one->address, one->user, one->fingerprint, one->is_local);
  }
  return NULL;
}

/* Another certificate than the one that was trusted: nothing is sent before a person has said so. */
static void
did_compare (GObject *source, GAsyncResult *result, gpointer data)
{
  Visit *visit = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ServerCertificate) certificate = certificate_look_finish (result, &error);

  if (certificate == NULL) {
    window_toast_error (GTK_WIDGET (visit->view), error);
    visit_free (visit);
  } else if (strcmp (certificate->fingerprint, visit->known->fingerprint) != 0) {
    window_push (GTK_WIDGET (visit->view),
                 connect_login_new (visit->address, certificate, visit->known, NULL));
    visit_free (visit);
  } else
    password_find_async (visit->address, visit->known->user, NULL, did_find_password, visit);
}

static void
did_choose (GtkWidget *row, ConnectView *self)
{
  const char *address = g_object_get_data (G_OBJECT (row), "address");
  SavedServer *known = find_saved (address);
  Visit *visit;

  if (known == NULL)
    return;
  visit = g_new0 (Visit, 1);
  *visit = (Visit) { g_object_ref (self), g_strdup (address), known, NULL };
  certificate_look_async (address, NULL, did_compare, visit);
}

/* Forgetting can be taken back, but for the password, which goes at once. */
typedef struct {
  ConnectView *view;
  SavedServer *server;
} Forgotten;

static void show_saved (ConnectView *self);

static void
forgotten_free (gpointer data)
{
  Forgotten *self = data;

  g_object_unref (self->view);
  saved_server_free (self->server);
  g_free (self);
}

static void
remember (gpointer data)
{
  Forgotten *self = data;

  saved_servers_put (preferences (), self->server);
  preferences_save ();
  show_saved (self->view);
}

static void
did_forget (GtkWidget *button, ConnectView *self)
{
  SavedServer *server = find_saved (g_object_get_data (G_OBJECT (button), "address"));
  Forgotten *forgotten;

  if (server == NULL)
    return;
  forgotten = g_new0 (Forgotten, 1);
  *forgotten = (Forgotten) { g_object_ref (self), server };
  password_keep_async (server->address, server->user, NULL, NULL, NULL);
  saved_servers_remove (preferences (), server->address);
  preferences_save ();
  show_saved (self);
  window_toast_undo (GTK_WIDGET (self), _ ("Server and password forgotten"), remember, forgotten,
                     forgotten_free);
}

static GtkWidget *
server_row (json_t *server, gpointer data)
{
  ConnectView *self = data;
  const char *address = object_text (server, "address");
  GtkWidget *row = text_row_new (object_text (server, "name"), object_text (server, "facts"));
  g_autofree char *name = g_strdup_printf (_ ("Forget %s"), address);
  GtkWidget *button = row_button_new ("user-trash-symbolic", name);

  g_object_set_data_full (G_OBJECT (row), "address", g_strdup (address), g_free);
  g_object_set_data_full (G_OBJECT (button), "address", g_strdup (address), g_free);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect (row, "activated", G_CALLBACK (did_choose), self);
  g_signal_connect (button, "clicked", G_CALLBACK (did_forget), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

static void
show_saved (ConnectView *self)
{
  g_autoptr (GPtrArray) list = saved_servers_list (preferences ());
  g_autoptr (json_t) rows = json_array ();

  for (guint i = 0; i < list->len; i++) {
    const SavedServer *one = list->pdata[i];
    g_autofree char *facts = g_strdup_printf (_ ("%s at %s"), one->user, one->address);
    json_array_append_new (
        rows,
        json_pack ("{s:s, s:s, s:s}", "name", one->name, "address", one->address, "facts", facts));
  }
  row_list_fill (self->others, rows, NULL, server_row, self);
  gtk_widget_set_visible (GTK_WIDGET (self->others), list->len > 0);
}

static void
reload (ConnectView *self)
{
  set_busy (self, TRUE);
  show_saved (self);
  local_server_look_async (self->configuration, self->cancellable, did_look, self);
}

static void
connect_view_dispose (GObject *object)
{
  ConnectView *self = PANEL_CONNECT_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (connect_view_parent_class)->dispose (object);
}

static void
connect_view_finalize (GObject *object)
{
  ConnectView *self = PANEL_CONNECT_VIEW (object);

  g_clear_pointer (&self->server, local_server_free);
  g_free (self->configuration);
  G_OBJECT_CLASS (connect_view_parent_class)->finalize (object);
}

static void
connect_view_class_init (ConnectViewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = connect_view_dispose;
  G_OBJECT_CLASS (class)->finalize = connect_view_finalize;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  g_type_ensure (PANEL_TYPE_COPY_ROW);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/connect-view.ui");
  gtk_widget_class_bind_template_child (widget, ConnectView, frame);
  gtk_widget_class_bind_template_child (widget, ConnectView, local);
  gtk_widget_class_bind_template_child (widget, ConnectView, sign);
  gtk_widget_class_bind_template_child (widget, ConnectView, spinner);
  gtk_widget_class_bind_template_child (widget, ConnectView, act);
  gtk_widget_class_bind_template_child (widget, ConnectView, command);
  gtk_widget_class_bind_template_child (widget, ConnectView, others);
  gtk_widget_class_bind_template_child (widget, ConnectView, address);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, did_act);
  gtk_widget_class_bind_template_callback (widget, did_enter);
}

static void
connect_view_init (ConnectView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
connect_view_new (const char *configuration)
{
  ConnectView *self = g_object_new (PANEL_TYPE_CONNECT_VIEW, NULL);

  self->configuration = g_strdup (configuration);
  page_frame_show_content (self->frame);
  reload (self);
  return GTK_WIDGET (self);
}

/* The start. */

typedef struct {
  Window *window;
  char *configuration, *page;
  SavedServer *server; /* or NULL: this computer's, by its token */
} Begin;

static void
begin_free (Begin *self)
{
  g_object_unref (self->window);
  g_free (self->configuration);
  g_free (self->page);
  g_clear_pointer (&self->server, saved_server_free);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Begin, begin_free)

static void
did_begin_local (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Begin) begin = data;
  g_autoptr (LocalServer) server = local_server_look_finish (result, NULL);
  g_autoptr (Connection) connection = NULL;

  if (server == NULL || server->state != LOCAL_SERVER_READY) {
    window_push (GTK_WIDGET (begin->window), connect_view_new (begin->configuration));
    return;
  }
  connection = connection_new_local (begin->configuration);
  window_set_connection (begin->window, connection);
  window_show_page (GTK_WIDGET (begin->window), begin->page);
}

static void
did_begin_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Begin) begin = data;
  char *password = password_find_finish (result, NULL);
  g_autoptr (Connection) connection = NULL;

  if (password == NULL) {
    window_push (GTK_WIDGET (begin->window), connect_view_new (begin->configuration));
    return;
  }
  connection = connection_new_remote (begin->server->address, begin->server->fingerprint,
                                      begin->server->user, password);
  key_store_wipe (password);
  window_set_connection (begin->window, connection);
  window_show_page (GTK_WIDGET (begin->window), begin->page);
}

void
connect_view_begin (Window *window, const char *configuration, const char *page)
{
  g_autofree char *last = saved_servers_last (preferences ());
  Begin *begin = g_new0 (Begin, 1);

  *begin = (Begin) { g_object_ref (window), g_strdup (configuration), g_strdup (page),
                     last != NULL && *last && configuration == NULL ? find_saved (last) : NULL };
  if (begin->server != NULL)
    password_find_async (begin->server->address, begin->server->user, NULL, did_begin_saved, begin);
  else
    local_server_look_async (configuration, NULL, did_begin_local, begin);
}
