/* The fingerprint that is shown is the one that the connection must find again. */
#include "connect-login.h"
#include "connect-work.h"
#include "connection.h"
#include "preferences.h"
#include "widgets/copy-row.h"
#include "widgets/page-frame.h"
#include "widgets/switch-row.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

struct _ConnectLogin {
  AdwBin parent;

  char *address, *fingerprint;
  Connection *connection; /* that is being tried */
  PageFrame *frame;
  AdwPreferencesGroup *danger, *certificate;
  GtkLabel *before, *shown, *trouble;
  AdwActionRow *names;
  GtkEditable *user, *password, *name;
  SwitchRow *keep;
  GtkButton *button;
};
G_DEFINE_FINAL_TYPE (ConnectLogin, connect_login, ADW_TYPE_BIN)

static void
recheck (ConnectLogin *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->button),
                            self->connection == NULL && *gtk_editable_get_text (self->user)
                                && *gtk_editable_get_text (self->password));
}

static void
complain (ConnectLogin *self, const char *text)
{
  gtk_label_set_text (self->trouble, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), text != NULL);
}

static void
did_keep (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) window = data;
  g_autoptr (GError) error = NULL;

  if (!password_keep_finish (result, &error))
    window_toast (window, error->message);
}

/* The window is another one's as soon as it has the connection: this page goes with it. */
static void
arrive (ConnectLogin *self)
{
  g_autoptr (Connection) connection = g_steal_pointer (&self->connection);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const char *user = gtk_editable_get_text (self->user);
  const char *password = gtk_editable_get_text (self->password);
  g_autoptr (SavedServer) server = saved_server_new (gtk_editable_get_text (self->name),
                                                     self->address, user, self->fingerprint, FALSE);

  saved_servers_put (preferences (), server);
  saved_servers_set_last (preferences (), self->address);
  preferences_save ();
  if (!PANEL_IS_WINDOW (root))
    return;
  if (switch_row_get_active (self->keep))
    password_keep_async (self->address, user, password, did_keep, g_object_ref (root));
  else
    password_keep_async (self->address, user, NULL, NULL, NULL);
  window_set_connection (PANEL_WINDOW (root), connection);
}

static void
did_change_state (ConnectLogin *self)
{
  const ConnectionState state
      = self->connection != NULL ? connection_get_state (self->connection) : CONNECTION_CLOSED;

  if (state == CONNECTION_CONNECTED)
    arrive (self);
  else if (state == CONNECTION_LOST || state == CONNECTION_REFUSED) {
    complain (self, connection_get_trouble (self->connection));
    connection_close (self->connection);
    g_clear_object (&self->connection);
    recheck (self);
  }
}

static void
log_in (ConnectLogin *self)
{
  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->button)))
    return;
  complain (self, NULL);
  self->connection
      = connection_new_remote (self->address, self->fingerprint, gtk_editable_get_text (self->user),
                               gtk_editable_get_text (self->password));
  g_signal_connect_object (self->connection, "notify::state", G_CALLBACK (did_change_state), self,
                           G_CONNECT_SWAPPED);
  recheck (self);
  connection_open (self->connection);
}

static void
connect_login_dispose (GObject *object)
{
  ConnectLogin *self = PANEL_CONNECT_LOGIN (object);

  if (self->connection != NULL)
    connection_close (self->connection);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (connect_login_parent_class)->dispose (object);
}

static void
connect_login_finalize (GObject *object)
{
  ConnectLogin *self = PANEL_CONNECT_LOGIN (object);

  g_free (self->address);
  g_free (self->fingerprint);
  G_OBJECT_CLASS (connect_login_parent_class)->finalize (object);
}

static void
connect_login_class_init (ConnectLoginClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = connect_login_dispose;
  G_OBJECT_CLASS (class)->finalize = connect_login_finalize;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  g_type_ensure (PANEL_TYPE_COPY_ROW);
  g_type_ensure (PANEL_TYPE_SWITCH_ROW);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/connect-login.ui");
  gtk_widget_class_bind_template_child (widget, ConnectLogin, frame);
  gtk_widget_class_bind_template_child (widget, ConnectLogin, danger);
  gtk_widget_class_bind_template_child (widget, ConnectLogin, certificate);
  gtk_widget_class_bind_template_child (widget, ConnectLogin, before);
  gtk_widget_class_bind_template_child_full (widget, "fingerprint", FALSE,
                                             G_STRUCT_OFFSET (ConnectLogin, shown));
  gtk_widget_class_bind_template_child (widget, ConnectLogin, trouble);
  gtk_widget_class_bind_template_child (widget, ConnectLogin, names);
  gtk_widget_class_bind_template_child (widget, ConnectLogin, user);
  gtk_widget_class_bind_template_child (widget, ConnectLogin, password);
  gtk_widget_class_bind_template_child (widget, ConnectLogin, name);
  gtk_widget_class_bind_template_child (widget, ConnectLogin, keep);
  gtk_widget_class_bind_template_child (widget, ConnectLogin, button);
  gtk_widget_class_bind_template_callback (widget, recheck);
  gtk_widget_class_bind_template_callback (widget, log_in);
}

static void
connect_login_init (ConnectLogin *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_certificate (ConnectLogin *self, const ServerCertificate *certificate,
                  const SavedServer *known)
{
  const gboolean same = known != NULL && strcmp (known->fingerprint, certificate->fingerprint) == 0;
  g_autofree char *print = fingerprint_print (certificate->fingerprint);
  g_autofree char *before = known != NULL ? fingerprint_print (known->fingerprint) : NULL;

  gtk_label_set_text (self->shown, print);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->shown), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  print, -1);
  adw_action_row_set_subtitle (self->names, *certificate->names ? certificate->names : _ ("none"));
  gtk_widget_set_visible (GTK_WIDGET (self->certificate), !same);
  gtk_widget_set_visible (GTK_WIDGET (self->danger), known != NULL && !same);
  gtk_label_set_text (self->before, before != NULL ? before : "");
  gtk_button_set_label (self->button,
                        same                ? _ ("_Log In")
                            : known != NULL ? _ ("_Trust the New Certificate and Log In")
                                            : _ ("_Trust It and Log In"));
  if (known != NULL && !same) {
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "suggested-action");
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "destructive-action");
  }
}

GtkWidget *
connect_login_new (const char *address, const ServerCertificate *certificate,
                   const SavedServer *known, const char *reason)
{
  ConnectLogin *self = g_object_new (PANEL_TYPE_CONNECT_LOGIN, NULL);

  self->address = g_strdup (address);
  self->fingerprint = g_strdup (certificate->fingerprint);
  page_frame_set_subtitle (self->frame, address);
  show_certificate (self, certificate, known);
  if (known != NULL) {
    gtk_editable_set_text (self->user, known->user);
    gtk_editable_set_text (self->name, strcmp (known->name, address) != 0 ? known->name : "");
  }
  complain (self, reason);
  recheck (self);
  page_frame_show_content (self->frame);
  return GTK_WIDGET (self);
}
