/* Domain and host name, and where: then the server is made and started, which takes the
 * administrator's consent. */
#include "assistant-step.h"
#include "admin/office-names.h"
#include "configuration.h"
#include "connect-work.h"
#include "local-server.h"
#include "preferences.h"
#include "saved-servers.h"
#include "widgets/copy-row.h"
#include <glib/gi18n.h>

#define BASE_FIRST 20000 /* ports of a trial: 20993 instead of 993 */
#define BASE_LAST 56000
#define BASE_STEP 1000
#define POLL_SECONDS 1

typedef struct {
  Assistant *assistant;
  GtkEditable *domain, *hostname, *folder;
  GtkCheckButton *trial;
  AdwPreferencesGroup *start; /* what to type when no service manager starts it */
  GtkWidget *command;
  char *suggested; /* as host name; NULL once the person has typed another */
  char *configuration; /* of the server that was made */
  guint timer;
  gboolean looking;
} Server;

static Server *
server_of (GtkWidget *page)
{
  return g_object_get_data (G_OBJECT (page), "server");
}

static void
server_free (gpointer data)
{
  Server *self = data;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self->suggested);
  g_free (self->configuration);
  g_free (self);
}

static void
recheck (Server *self)
{
  const char *hostname = gtk_editable_get_text (self->hostname);
  g_autofree char *domain = office_names_domain (gtk_editable_get_text (self->domain), NULL);
  g_autofree char *checked = office_names_hostname (hostname, NULL);
  const gboolean trial = gtk_check_button_get_active (self->trial);

  gtk_widget_set_visible (GTK_WIDGET (self->folder), trial);
  assistant_set_ready (self->assistant,
                       domain != NULL && checked != NULL && setup_hostname_is_full (hostname));
}

/* The host name follows the domain as long as nobody has typed another one. */
static void
did_type_domain (Server *self)
{
  g_autofree char *suggested = setup_suggest_hostname (gtk_editable_get_text (self->domain));
  const char *now = gtk_editable_get_text (self->hostname);

  if (*now == '\0' || g_strcmp0 (now, self->suggested) == 0) {
    g_free (self->suggested);
    self->suggested = g_strdup (suggested);
    gtk_editable_set_text (self->hostname, suggested);
  }
  recheck (self);
}

static GtkWidget *
server_new (Assistant *assistant)
{
  GtkWidget *page = step_page_new ();
  Server *self = g_new0 (Server, 1);
  AdwPreferencesGroup *names = step_group_new (
      page, NULL,
      _ ("The domain is what stands behind the @ of your people’s addresses. The host "
         "name is that of this computer in the Internet; mail programs and other mail "
         "servers connect to it."));
  AdwPreferencesGroup *where = step_group_new (page, _ ("For Whom"), NULL);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "hauspost", "trial", NULL);

  self->assistant = assistant;
  self->domain = step_entry_new (names, _ ("Domain (example.com)"), "");
  self->hostname = step_entry_new (names, _ ("Host name (mail.example.com)"), "");
  GtkCheckButton *real = step_choice_new (where, NULL, _ ("For the office"),
                                          _ ("On the usual ports, reachable from everywhere"));
  self->trial = step_choice_new (
      where, real, _ ("Only to try it out"),
      _ ("Reachable from this computer alone, on other ports, in a folder of your own"));
  gtk_check_button_set_active (real, TRUE);
  self->folder = step_entry_new (where, _ ("Folder of the trial"), folder);
  self->start = step_group_new (
      page, _ ("Start It"),
      _ ("The server is made. Start it with this command in a terminal; the assistant goes on by "
         "itself as soon as it runs."));
  self->command = copy_row_new (_ ("Command"), "");
  adw_preferences_group_add (self->start, self->command);
  gtk_widget_set_visible (GTK_WIDGET (self->start), FALSE);
  g_signal_connect_swapped (self->domain, "changed", G_CALLBACK (did_type_domain), self);
  g_signal_connect_swapped (self->hostname, "changed", G_CALLBACK (recheck), self);
  g_signal_connect_swapped (self->trial, "toggled", G_CALLBACK (recheck), self);
  g_object_set_data_full (G_OBJECT (page), "server", self, server_free);
  return page;
}

static void
server_show (Assistant *assistant, GtkWidget *page)
{
  recheck (server_of (page));
}

/* The server answers: speak to it. */

static void
did_change_state (Connection *connection, GParamSpec *spec, Assistant *assistant)
{
  const ConnectionState state = connection_get_state (connection);

  if (assistant_connection (assistant) != NULL)
    return;
  if (state == CONNECTION_CONNECTED) {
    assistant_set_connection (assistant, connection);
    assistant_advance (assistant);
  } else if (state == CONNECTION_REFUSED)
    assistant_stay (assistant, connection_get_trouble (connection));
}

/* CONNECTION (taken over) is kept with the assistant's widget until it is the assistant's own. */
static void
meet (Server *self, Connection *connection)
{
  g_object_set_data_full (G_OBJECT (self->assistant), "candidate", connection, g_object_unref);
  g_signal_connect_object (connection, "notify::state", G_CALLBACK (did_change_state),
                           self->assistant, 0);
  connection_open (connection);
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LocalServer) found = local_server_look_finish (result, NULL);

  if (found == NULL)
    return; /* cancelled: the assistant is gone */
  Server *self = data;
  self->looking = FALSE;
  if (found->state != LOCAL_SERVER_READY || self->timer == 0)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  meet (self, connection_new_local (self->configuration));
}

static gboolean
did_tick (gpointer data)
{
  Server *self = data;

  if (!self->looking)
    local_server_look_async (self->configuration, assistant_cancellable (self->assistant), did_look,
                             self);
  self->looking = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
wait_for_start (Server *self, const char *command)
{
  copy_row_set_value (PANEL_COPY_ROW (self->command), command);
  gtk_widget_set_visible (GTK_WIDGET (self->start), TRUE);
  assistant_stay (self->assistant, NULL);
  assistant_set_ready (self->assistant, FALSE);
  gtk_widget_grab_focus (self->command);
  self->timer = g_timeout_add_seconds (POLL_SECONDS, did_tick, self);
}

static void
use_access (Server *self, const LocalAccess *access)
{
  g_autoptr (SavedServer) server = saved_server_new (_ ("This computer"), access->address,
                                                     access->user, access->fingerprint, TRUE);

  saved_servers_put (preferences (), server);
  saved_servers_set_last (preferences (), access->address);
  preferences_save ();
  password_keep_async (access->address, access->user, access->password, NULL, NULL);
  meet (
      self,
      connection_new_remote (access->address, access->fingerprint, access->user, access->password));
}

static void
did_enter (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LocalAccess) access = local_server_enter_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  Server *self = data;
  if (access == NULL)
    assistant_stay (self->assistant, error->message);
  else if (access->start != NULL)
    wait_for_start (self, access->start);
  else
    use_access (self, access);
}

static gboolean
is_free (guint port)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, (guint16)port);
  g_autoptr (GSocket) socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  return socket != NULL && g_socket_bind (socket, address, TRUE, NULL);
}

/* Another trial may run beside. */
static guint
find_base (void)
{
  for (guint base = BASE_FIRST; base <= BASE_LAST; base += BASE_STEP) {
    gboolean all = TRUE;
    for (Listen i = 0; i < LISTEN_COUNT; i++)
      all = all && is_free (base + listen_info (i)->port);
    if (all)
      return base;
  }
  return BASE_FIRST;
}

static void
server_apply (Assistant *assistant, GtkWidget *page)
{
  Server *self = server_of (page);
  const gboolean trial = gtk_check_button_get_active (self->trial);
  const char *hostname = gtk_editable_get_text (self->hostname);
  const char *domain = gtk_editable_get_text (self->domain);
  const char *folder = gtk_editable_get_text (self->folder);
  const LocalServerPlan plan = { hostname, domain, trial ? folder : NULL, trial ? find_base () : 0 };

  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self->configuration);
  self->configuration = trial ? g_build_filename (folder, "hauspost.conf", NULL)
                              : g_strdup (assistant_configuration (assistant));
  assistant_set_answer (assistant, "domain", domain);
  assistant_set_answer (assistant, "hostname", hostname);
  local_server_enter_async (self->configuration, &plan, assistant_cancellable (assistant),
                            did_enter, self);
}

const AssistantStep assistant_server = {
  .title = N_ ("What Is It Called?"),
  .intro = N_ ("Ten minutes from now your people can send and receive. First the names; you can "
               "leave the assistant at any time and go on later."),
  .next = N_ ("_Make the Server"),
  .new = server_new,
  .show = server_show,
  .apply = server_apply,
};
