/* The file is shown before anybody is made; what fails is told at the end, with its reason. */
#include "people-import.h"
#include "actions.h"
#include "form-dialog.h"
#include "json.h"
#include "row-list.h"
#include "setup-model.h"
#include "widgets/file-dialog.h"
#include "window.h"
#include <glib/gi18n.h>

#define FILE_MOST (1024 * 1024)
#define SHOWN_MOST 8

typedef struct {
  Connection *connection;
  GtkWidget *from;
  GPtrArray *people; /* SetupPerson */
  guint next, made;
  GString *failures;
  GtkWindow *progress;
  GtkProgressBar *bar;
  GCancellable *cancellable;
} Import;

static void
import_free (gpointer data)
{
  Import *self = data;

  g_object_unref (self->connection);
  g_object_unref (self->from);
  g_object_unref (self->cancellable);
  g_clear_object (&self->progress);
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_string_free (self->failures, TRUE);
  g_free (self);
}

static void
finish (Import *self)
{
  g_autofree char *text
      = g_strdup_printf (ngettext ("%u person added", "%u people added", self->made), self->made);

  g_signal_handlers_disconnect_by_data (self->progress, self);
  gtk_window_destroy (self->progress);
  if (self->failures->len > 0) { /* in one toast: of two the first would not be seen */
    g_autoptr (GError) error
        = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "%s\n%s", text, self->failures->str);
    window_toast_error (self->from, error);
  } else
    window_toast (self->from, text);
  import_free (self);
}

static void make_next (Import *self);

static void
did_make (GObject *source, GAsyncResult *result, gpointer data)
{
  Import *self = data;
  const SetupPerson *person = self->people->pdata[self->next++];
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (answer != NULL)
    self->made++;
  else if (self->failures->len < 2000)
    g_string_append_printf (self->failures, "%s%s: %s", self->failures->len > 0 ? "\n" : "",
                            person->address, error->message);
  make_next (self);
}

static void
make_next (Import *self)
{
  const guint total = self->people->len;

  if (self->next == total || g_cancellable_is_cancelled (self->cancellable)) {
    finish (self);
    return;
  }
  const SetupPerson *person = self->people->pdata[self->next];
  g_autoptr (json_t) body
      = json_pack ("{s:s, s:s}", "password", person->password, "display_name", person->name);
  g_autofree char *text = g_strdup_printf (_ ("%u of %u"), self->next + 1, total);
  if (*person->quota)
    json_object_set_new (body, "quota", json_string (person->quota));
  gtk_progress_bar_set_fraction (self->bar, (double)self->next / total);
  gtk_progress_bar_set_text (self->bar, text);
  action_run_async (self->connection, ACTION_USER_ADD, person->address, body, NULL, NULL, did_make,
                    self);
}

static void
did_cancel (Import *self)
{
  g_cancellable_cancel (self->cancellable); /* the one on its way is still made */
}

static void
show_progress (Import *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (self->from)),
                                              _ ("Adding People"), NULL);
  GtkWidget *bar = gtk_progress_bar_new ();

  gtk_progress_bar_set_show_text (GTK_PROGRESS_BAR (bar), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Adding people"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), bar);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Stop"));
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (did_cancel), self);
  self->progress = g_object_ref (GTK_WINDOW (dialog));
  self->bar = GTK_PROGRESS_BAR (bar);
  gtk_window_present (self->progress);
}

static void
did_agree (gpointer data)
{
  Import *self = data;

  show_progress (self);
  make_next (self);
}

/* The first of them, and how many more there are. */
static void
show_people (Import *self)
{
  const guint count = self->people->len;
  g_autofree char *title
      = g_strdup_printf (ngettext ("Add %u Person?", "Add %u People?", count), count);
  GtkWidget *dialog = form_dialog_new (self->from, title,
                                       _ ("A line is address,password,quota,name; a password that "
                                          "is missing is made, and can be set "
                                          "anew for each person."),
                                       _ ("_Add"));

  for (guint i = 0; i < MIN (count, SHOWN_MOST); i++) {
    const SetupPerson *person = self->people->pdata[i];
    form_dialog_add (dialog, text_row_new (person->address, person->name));
  }
  if (count > SHOWN_MOST) {
    g_autofree char *more = g_strdup_printf (
        ngettext ("and %u more", "and %u more", count - SHOWN_MOST), count - SHOWN_MOST);
    form_dialog_add (dialog, text_row_new (more, NULL));
  }
  form_dialog_run (dialog, NULL, did_agree, self, NULL);
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Import *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  if (g_file_load_contents_finish (G_FILE (source), result, &text, &length, NULL, &error)) {
    if (length > FILE_MOST)
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("The file is too large."));
    else
      self->people = setup_people_parse (text, length, "", &error);
  }
  if (self->people == NULL) {
    window_toast_error (self->from, error);
    import_free (self);
    return;
  }
  show_people (self);
}

typedef struct {
  Connection *connection; /* lives as long as the window */
  GtkWidget *from;
} Choice;

static void
did_choose (GFile *file, gpointer data)
{
  const Choice *choice = data;
  Import *self = g_new0 (Import, 1);

  self->connection = g_object_ref (choice->connection);
  self->from = g_object_ref (choice->from);
  self->failures = g_string_new (NULL);
  self->cancellable = g_cancellable_new ();
  g_file_load_contents_async (file, NULL, did_read, self);
}

void
people_import_ask (Connection *connection, GtkWidget *from)
{
  Choice *choice = g_new (Choice, 1);

  *choice = (Choice) { connection, from };
  g_object_set_data_full (G_OBJECT (from), "import", choice, g_free);
  file_dialog_open (from, _ ("People from a File"), _ ("Tables (CSV)"), "*.csv;*.txt", did_choose,
                    choice);
}
