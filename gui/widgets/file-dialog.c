/* GtkFileChooserNative, which shows Windows' own dialog there. */
#include "widgets/file-dialog.h"
#include <glib/gi18n.h>

#define KEPT "file-dialog" /* of the parent: the dialog is nobody's child */

typedef struct {
  GtkWidget *parent;
  FileDialogFunc func;
  gpointer data;
} Wanted;

static void
free_wanted (gpointer data, GClosure *closure)
{
  g_free (data);
}

/* The dialog goes at once, as GTK 4.8 ends when a screen reader asks for one window more than are
 * shown and the last one is hidden (GetChildAtIndex of the application). */
static void
did_respond (GtkNativeDialog *dialog, int response, Wanted *wanted)
{
  g_autoptr (GtkWidget) parent = g_object_ref (wanted->parent);
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  gtk_native_dialog_destroy (dialog);
  if (file != NULL)
    wanted->func (file, wanted->data);
  if (g_object_get_data (G_OBJECT (parent), KEPT) == dialog)
    g_object_set_data (G_OBJECT (parent), KEPT, NULL);
}

static GtkFileChooser *
show (GtkWidget *parent, const char *title, GtkFileChooserAction action, FileDialogFunc func,
      gpointer data)
{
  GtkRoot *root = gtk_widget_get_root (parent);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, action, NULL, NULL);
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->parent = parent;
  wanted->func = func;
  wanted->data = data;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (did_respond), wanted, free_wanted, 0);
  g_object_set_data_full (G_OBJECT (parent), KEPT, dialog, g_object_unref);
  return GTK_FILE_CHOOSER (dialog);
}

void
file_dialog_open (GtkWidget *parent, const char *title, const char *kind, const char *patterns,
                  FileDialogFunc func, gpointer data)
{
  GtkFileChooser *dialog = show (parent, title, GTK_FILE_CHOOSER_ACTION_OPEN, func, data);
  g_auto (GStrv) parts = g_strsplit (patterns ? patterns : "", ";", -1);
  g_autoptr (GtkFileFilter) wanted = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  for (char **part = parts; kind != NULL && *part != NULL; part++)
    gtk_file_filter_add_pattern (wanted, *part);
  gtk_file_filter_set_name (wanted, kind);
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_filter_set_name (all, _ ("All files"));
  if (kind != NULL)
    gtk_file_chooser_add_filter (dialog, wanted);
  gtk_file_chooser_add_filter (dialog, all);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
file_dialog_save (GtkWidget *parent, const char *title, const char *name, FileDialogFunc func,
                  gpointer data)
{
  GtkFileChooser *dialog = show (parent, title, GTK_FILE_CHOOSER_ACTION_SAVE, func, data);

  gtk_file_chooser_set_current_name (dialog, name);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
file_dialog_folder (GtkWidget *parent, const char *title, FileDialogFunc func, gpointer data)
{
  GtkFileChooser *dialog = show (parent, title, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, func, data);

  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
