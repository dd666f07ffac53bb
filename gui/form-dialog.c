/* AdwMessageDialog with a preferences group in it. */
#include "form-dialog.h"
#include "widgets/file-row.h"
#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  gboolean (*check) (gpointer data);
  void (*func) (gpointer data);
  gpointer data;
  GDestroyNotify destroy;
} Form;

static void
form_free (gpointer data)
{
  Form *self = data;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self);
}

static GtkWidget *
dialog_new (GtkWidget *parent, const char *title, const char *text)
{
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (parent)), title, text);

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), adw_preferences_group_new ());
  return dialog;
}

GtkWidget *
form_dialog_new (GtkWidget *parent, const char *title, const char *text, const char *button)
{
  GtkWidget *dialog = dialog_new (parent, title, text);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "do",
                                    button, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "do",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "do");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  return dialog;
}

void
form_dialog_tell (GtkWidget *parent, const char *title, const char *text, GtkWidget *row)
{
  GtkWidget *dialog = dialog_new (parent, title, text);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Done"));
  form_dialog_add (dialog, row);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
recheck (GtkWidget *dialog)
{
  const Form *form = g_object_get_data (G_OBJECT (dialog), "form");

  if (form != NULL)
    adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "do",
                                             form->check == NULL || form->check (form->data));
}

static void
did_enter (GtkWidget *dialog)
{
  if (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "do"))
    adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "do");
}

void
form_dialog_add (GtkWidget *dialog, GtkWidget *row)
{
  GtkWidget *group = adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog));

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  if (GTK_IS_EDITABLE (row)) {
    g_signal_connect_swapped (row, "changed", G_CALLBACK (recheck), dialog);
    g_signal_connect_swapped (row, "entry-activated", G_CALLBACK (did_enter), dialog);
  } else if (PANEL_IS_FILE_ROW (row))
    g_signal_connect_swapped (row, "changed", G_CALLBACK (recheck), dialog);
  else if (ADW_IS_COMBO_ROW (row))
    g_signal_connect_swapped (row, "notify::selected", G_CALLBACK (recheck), dialog);
}

static void
did_respond (GtkWidget *dialog, const char *response, gpointer data)
{
  const Form *form = data;

  if (g_strcmp0 (response, "do") == 0)
    form->func (form->data);
}

void
form_dialog_run (GtkWidget *dialog, gboolean (*check) (gpointer data), void (*func) (gpointer data),
                 gpointer data, GDestroyNotify destroy)
{
  Form *form = g_new0 (Form, 1);

  *form = (Form) { check, func, data, destroy };
  g_object_set_data_full (G_OBJECT (dialog), "form", form, form_free);
  g_signal_connect (dialog, "response", G_CALLBACK (did_respond), form);
  recheck (dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* One question. */

typedef struct {
  GtkWidget *from;
  GtkEditable *entry;
  gsize least;
  FormDialogAnswer func;
} Question;

static gboolean
is_complete (gpointer data)
{
  const Question *self = data;

  return strlen (gtk_editable_get_text (self->entry)) >= self->least;
}

static void
did_answer (gpointer data)
{
  const Question *self = data;

  self->func (self->from, gtk_editable_get_text (self->entry));
}

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->from);
  g_free (self);
}

GtkWidget *
form_dialog_ask (GtkWidget *from, const char *title, const char *text, const char *label,
                 const char *before, gsize least, FormDialogAnswer func)
{
  GtkWidget *dialog = form_dialog_new (from, title, text, _ ("_Set"));
  GtkWidget *row = adw_entry_row_new ();
  Question *question = g_new0 (Question, 1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), label);
  gtk_editable_set_text (GTK_EDITABLE (row), before);
  *question = (Question) { g_object_ref (from), GTK_EDITABLE (row), least, func };
  form_dialog_add (dialog, row);
  form_dialog_run (dialog, is_complete, did_answer, question, question_free);
  return row;
}
