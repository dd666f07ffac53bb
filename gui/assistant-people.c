/* People typed or from a file. Each is made at once, so that nothing is lost when the assistant is
 * left; the passwords that were made are shown as long as the page is. */
#include "assistant-step.h"
#include "actions.h"
#include "row-list.h"
#include "widgets/copy-row.h"
#include "widgets/file-dialog.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

#define FILE_MOST (1024 * 1024)
#define FAILURES_MOST 2000 /* bytes */

typedef struct {
  Assistant *assistant;
  GtkWidget *page;
  GtkEditable *name, *address;
  GtkWidget *add, *import, *save;
  AdwPreferencesGroup *list;
  GHashTable *passwords; /* address → password, of those made here */
  GPtrArray *waiting; /* SetupPerson; the last one is on its way */
  guint made, failed;
  GString *failures; /* a line for each, with its reason */
} People;

static void
people_free (gpointer data)
{
  People *self = data;

  g_hash_table_unref (self->passwords);
  g_ptr_array_unref (self->waiting);
  g_string_free (self->failures, TRUE);
  g_free (self);
}

static GtkWidget *
person_row (json_t *user, gpointer data)
{
  People *self = data;
  const char *address = object_text (user, "address"), *name = object_text (user, "display_name");
  const char *password = g_hash_table_lookup (self->passwords, address);
  g_autofree char *title = *name ? g_strdup_printf ("%s · %s", name, address) : g_strdup (address);
  g_autofree char *label = g_strdup_printf (_ ("Password of %s"), address);
  GtkWidget *row;

  if (password == NULL)
    return text_row_new (title, NULL);
  row = text_row_new (title, password);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), copy_button_new (label, password));
  return row;
}

static void
did_list (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || answer == NULL)
    return;
  People *self = data;
  row_list_fill (self->list, object_list (answer, "users"), _ ("Nobody yet."), person_row, self);
  gtk_widget_set_visible (self->save, g_hash_table_size (self->passwords) > 0);
}

static void
list (People *self)
{
  connection_get_async (assistant_connection (self->assistant), "/v1/users",
                        assistant_cancellable (self->assistant), did_list, self);
}

static void make_next (People *self);

static void
tell (People *self)
{
  g_autofree char *text = self->failed > 0
      ? g_strdup_printf (
          ngettext ("%u person could not be added", "%u people could not be added", self->failed),
          self->failed)
      : g_strdup_printf (ngettext ("%u person added", "%u people added", self->made), self->made);

  if (self->failed > 0) { /* in one toast: of two the first would not be seen */
    g_autoptr (GError) error
        = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "%s\n%s", text, self->failures->str);
    window_toast_error (self->page, error);
  } else
    window_toast (self->page, text);
  g_string_truncate (self->failures, 0);
  self->made = self->failed = 0;
  list (self);
}

static void
did_make (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  People *self = data;
  const SetupPerson *person = self->waiting->pdata[self->waiting->len - 1];
  if (answer != NULL) {
    g_hash_table_replace (self->passwords, g_ascii_strdown (person->address, -1),
                          g_strdup (person->password));
    self->made++;
  } else {
    self->failed++;
    if (self->failures->len < FAILURES_MOST)
      g_string_append_printf (self->failures, "%s%s: %s", self->failures->len > 0 ? "\n" : "",
                              person->address, error->message);
  }
  g_ptr_array_set_size (self->waiting, (int)self->waiting->len - 1);
  make_next (self);
}

static void
make_next (People *self)
{
  const SetupPerson *person;

  gtk_widget_set_sensitive (self->add, self->waiting->len == 0);
  gtk_widget_set_sensitive (self->import, self->waiting->len == 0);
  assistant_set_ready (self->assistant, self->waiting->len == 0);
  if (self->waiting->len == 0) {
    tell (self);
    return;
  }
  person = self->waiting->pdata[self->waiting->len - 1];
  g_autoptr (json_t) body
      = json_pack ("{s:s, s:s}", "password", person->password, "display_name", person->name);
  if (*person->quota)
    json_object_set_new (body, "quota", json_string (person->quota));
  action_run_async (assistant_connection (self->assistant), ACTION_USER_ADD, person->address, body,
                    NULL, assistant_cancellable (self->assistant), did_make, self);
}

static void
did_add (People *self)
{
  g_autoptr (GError) error = NULL;
  SetupPerson *person;

  if (self->waiting->len > 0 || *gtk_editable_get_text (self->address) == '\0')
    return;
  person
      = setup_person_new (gtk_editable_get_text (self->address), gtk_editable_get_text (self->name),
                          NULL, NULL, assistant_answer (self->assistant, "domain"), &error);
  if (person == NULL) {
    window_toast (self->page, error->message);
    return;
  }
  gtk_editable_set_text (self->address, "");
  gtk_editable_set_text (self->name, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
  g_ptr_array_add (self->waiting, person);
  make_next (self);
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  People *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr (GPtrArray) people = NULL;

  if (g_file_load_contents_finish (G_FILE (source), result, &text, &length, NULL, &error)
      && length <= FILE_MOST)
    people
        = setup_people_parse (text, length, assistant_answer (self->assistant, "domain"), &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (people == NULL) {
    window_toast (self->page, error != NULL ? error->message : _ ("The file is too large."));
    return;
  }
  while (people->len > 0) /* the last of those that wait is made first */
    g_ptr_array_add (self->waiting, g_ptr_array_steal_index (people, people->len - 1));
  make_next (self);
}

static void
did_choose_file (GFile *file, gpointer data)
{
  People *self = data;

  g_file_load_contents_async (file, assistant_cancellable (self->assistant), did_read, self);
}

static void
ask_file (People *self)
{
  file_dialog_open (self->page, _ ("People from a File"), _ ("Tables (CSV)"), "*.csv;*.txt",
                    did_choose_file, self);
}

static void
did_save (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) page = data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    window_toast (page, _ ("Saved. Remove the file once everybody has the password."));
  else
    window_toast_error (page, error);
}

static void
did_choose_place (GFile *file, gpointer data)
{
  People *self = data;
  g_autoptr (GString) text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer address, password;

  g_hash_table_iter_init (&iter, self->passwords);
  while (g_hash_table_iter_next (&iter, &address, &password))
    g_string_append_printf (text, "%s,%s\r\n", (char *)address, (char *)password);
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                       did_save, g_object_ref (self->page));
}

static void
ask_place (People *self)
{
  file_dialog_save (self->page, _ ("Save the Passwords"), "passwords.csv", did_choose_place, self);
}

static GtkWidget *
button_new (People *self, const char *label, void (*func) (People *))
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_hexpand (button, TRUE);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (func), self);
  return button;
}

/* Side by side, or one below the other in a narrow window. */
static GtkWidget *
button_row_new (GtkWidget *const *buttons, guint count)
{
  GtkWidget *row = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (row), GTK_SELECTION_NONE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (row), 6);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (row), 6);
  for (guint i = 0; i < count; i++) {
    GtkWidget *child = gtk_flow_box_child_new ();
    gtk_widget_set_focusable (child, FALSE);
    gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), buttons[i]);
    gtk_flow_box_append (GTK_FLOW_BOX (row), child);
  }
  return row;
}

static GtkWidget *
people_new (Assistant *assistant)
{
  GtkWidget *page = step_page_new ();
  People *self = g_new0 (People, 1);
  AdwPreferencesGroup *group = step_group_new (page, NULL, NULL);
  AdwPreferencesGroup *below = step_group_new (page, NULL, NULL);

  self->assistant = assistant;
  self->page = page;
  self->passwords = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify)setup_person_free);
  self->failures = g_string_new (NULL);
  self->name = step_entry_new (group, _ ("Name (Anna Example)"), "");
  self->address = step_entry_new (group, _ ("Address (anna)"), "");
  g_signal_connect_swapped (self->address, "entry-activated", G_CALLBACK (did_add), self);
  self->add = button_new (self, _ ("_Add"), did_add);
  self->import = button_new (self, _ ("From a _File…"), ask_file);
  self->save = button_new (self, _ ("Save _Passwords…"), ask_place);
  action_describe (self->add, ACTION_USER_ADD, NULL);
  gtk_widget_set_tooltip_text (
      self->import, _ ("Lines of address,password,quota,name; all but the address may be empty"));
  GtkWidget *const buttons[] = { self->add, self->import, self->save };
  adw_preferences_group_add (below, button_row_new (buttons, G_N_ELEMENTS (buttons)));
  self->list = step_group_new (page, _ ("People"), NULL);
  g_object_set_data_full (G_OBJECT (page), "people", self, people_free);
  return page;
}

static void
people_show (Assistant *assistant, GtkWidget *page)
{
  list (g_object_get_data (G_OBJECT (page), "people"));
}

const AssistantStep assistant_people = {
  .title = N_ ("Who Has a Mailbox?"),
  .intro = N_ ("Each person gets a password, which is shown here only this once. More people can "
               "be added at any time."),
  .new = people_new,
  .show = people_show,
};
