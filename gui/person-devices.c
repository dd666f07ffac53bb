/* A row for each device; a toast that waits before one is locked out. */
#include "person-devices.h"
#include "deed.h"
#include "form-dialog.h"
#include "format.h"
#include "json.h"
#include "row-list.h"
#include "widgets/copy-row.h"
#include "window.h"
#include <glib/gi18n.h>

struct _PersonDevices {
  AdwPreferencesGroup parent;

  Connection *connection;
  GCancellable *cancellable;
  char *address;
  char *etag; /* of the list */
};
G_DEFINE_FINAL_TYPE (PersonDevices, person_devices, ADW_TYPE_PREFERENCES_GROUP)

static void
did_end (GtkWidget *widget)
{
  person_devices_reload (PANEL_PERSON_DEVICES (widget));
}

/* Other devices harm nothing; nor does it when somebody else has locked this one out. */
static char *
tell_current (const json_t *current, const Deed *deed)
{
  const char *name = object_text (deed->seen, "name");
  json_t *device;
  gsize i;

  json_array_foreach (object_list (current, "app_passwords"), i, device)
  {
    if (g_strcmp0 (object_text (device, "name"), name) == 0
        && object_number (device, "created") != object_number (deed->seen, "created"))
      return g_strdup_printf (
          _ ("Somebody else has made a new password for %s meanwhile: it may be in use."), name);
  }
  return NULL;
}

static void
did_remove (GtkWidget *button, PersonDevices *self)
{
  json_t *device = g_object_get_data (G_OBJECT (button), "device");
  g_autoptr (json_t) body = json_pack ("{s:s}", "name", object_text (device, "name"));
  const Deed deed = { .action = ACTION_APP_PASSWORD_REMOVE,
                      .argument = self->address,
                      .body = body,
                      .etag = self->etag,
                      .tell = tell_current,
                      .seen = device,
                      .said = _ ("The device is locked out") };

  deed_run_later (&deed, self->connection, GTK_WIDGET (self), did_end);
}

static GtkWidget *
device_row (json_t *device, gpointer data)
{
  PersonDevices *self = data;
  const char *name = object_text (device, "name");
  g_autofree char *ago = format_ago (object_number (device, "used"));
  g_autofree char *facts = g_strdup_printf (_ ("last login: %s"), ago);
  g_autofree char *label = g_strdup_printf (_ ("Lock out %s"), name);
  GtkWidget *row = text_row_new (name, facts);
  GtkWidget *button = row_button_new ("user-trash-symbolic", label);

  g_object_set_data_full (G_OBJECT (button), "device", json_incref (device),
                          (GDestroyNotify)json_decref);
  g_signal_connect (button, "clicked", G_CALLBACK (did_remove), self);
  gtk_widget_set_sensitive (button, connection_may_change (self->connection));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PersonDevices *self = data;
  if (answer == NULL) {
    window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  g_free (self->etag);
  self->etag = g_steal_pointer (&etag);
  row_list_fill (ADW_PREFERENCES_GROUP (self), object_list (answer, "app_passwords"),
                 _ ("Every device uses the person’s own password."), device_row, self);
}

void
person_devices_reload (PersonDevices *self)
{
  g_autofree char *path = NULL;

  if (self->connection == NULL)
    return;
  path = action_path (ACTION_APP_PASSWORD_ADD, self->address);
  connection_get_async (self->connection, path, self->cancellable, did_load, self);
}

/* The password is shown once. */
static void
did_make (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PersonDevices) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (answer == NULL) {
    window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  person_devices_reload (self);
  form_dialog_tell (GTK_WIDGET (self), _ ("The Device’s Password"),
                    _ ("Type it into the device now: it is shown only this once."),
                    copy_row_new (_ ("Password"), object_text (answer, "password")));
}

static void
make (GtkWidget *widget, const char *text)
{
  PersonDevices *self = PANEL_PERSON_DEVICES (widget);
  g_autoptr (json_t) body = json_pack ("{s:s}", "name", text);

  action_run_async (self->connection, ACTION_APP_PASSWORD_ADD, self->address, body, NULL, NULL,
                    did_make, g_object_ref (self));
}

static void
ask_name (PersonDevices *self)
{
  form_dialog_ask (GTK_WIDGET (self), _ ("A Password for One Device"),
                   _ ("When a telephone is lost, only its password is taken away."),
                   _ ("Name of the device"), "", 1, make);
}

static void
person_devices_dispose (GObject *object)
{
  PersonDevices *self = PANEL_PERSON_DEVICES (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->etag, g_free);
  G_OBJECT_CLASS (person_devices_parent_class)->dispose (object);
}

static void
person_devices_class_init (PersonDevicesClass *class)
{
  G_OBJECT_CLASS (class)->dispose = person_devices_dispose;
}

static void
person_devices_init (PersonDevices *self)
{
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
person_devices_new (Connection *connection, const char *address)
{
  PersonDevices *self
      = g_object_new (PANEL_TYPE_PERSON_DEVICES, "title", _ ("Passwords of Devices"), NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Make…"));

  self->connection = g_object_ref (connection);
  self->address = g_strdup (address);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (button, connection_may_change (connection));
  action_describe (button, ACTION_APP_PASSWORD_ADD, address);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (ask_name), self);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), button);
  person_devices_reload (self);
  return GTK_WIDGET (self);
}
