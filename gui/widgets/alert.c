/* AdwMessageDialog, with Cancel as the way out. */
#include "widgets/alert.h"
#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  AlertFunc first, second;
  gpointer data;
} Answers;

static void
free_answers (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
did_respond (AdwMessageDialog *dialog, const char *response, Answers *answers)
{
  if (strcmp (response, "first") == 0)
    answers->first (answers->data);
  else if (strcmp (response, "second") == 0)
    answers->second (answers->data);
}

static AdwMessageDialog *
make (GtkWidget *parent, const char *title, const char *text, const char *first, AlertFunc func,
      AlertFunc second, gpointer data)
{
  GtkRoot *root = gtk_widget_get_root (parent);
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, title, text);
  Answers *answers = g_new0 (Answers, 1);

  answers->first = func;
  answers->second = second;
  answers->data = data;
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "first", first);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "first");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (did_respond), answers, free_answers, 0);
  return ADW_MESSAGE_DIALOG (dialog);
}

void
alert_ask (GtkWidget *parent, const char *title, const char *text, const char *button,
           gboolean destructive, AlertFunc func, gpointer data)
{
  AdwMessageDialog *dialog = make (parent, title, text, button, func, NULL, data);

  adw_message_dialog_set_response_appearance (
      dialog, "first", destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  if (destructive)
    adw_message_dialog_set_default_response (dialog, "cancel");
  gtk_window_present (GTK_WINDOW (dialog));
}

void
alert_choose (GtkWidget *parent, const char *title, const char *text, const char *first,
              AlertFunc first_func, const char *second, AlertFunc second_func, gpointer data)
{
  AdwMessageDialog *dialog = make (parent, title, text, first, first_func, second_func, data);

  adw_message_dialog_add_response (dialog, "second", second);
  adw_message_dialog_set_response_appearance (dialog, "first", ADW_RESPONSE_SUGGESTED);
  gtk_window_present (GTK_WINDOW (dialog));
}
