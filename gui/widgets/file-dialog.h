/* Asks for a file; the system's own dialog. (GTK 4.10 has GtkFileDialog, which can take its
 * place.) */
#pragma once
#include <gtk/gtk.h>

/* Never called when the person changed their mind. FILE is borrowed. */
typedef void (*FileDialogFunc) (GFile *file, gpointer data);

/* PATTERNS: "*.csv;*.txt" under the name KIND ("Tables"), or NULL. DATA must live as long as
 * PARENT; the dialog goes with PARENT. */
void file_dialog_open (GtkWidget *parent, const char *title, const char *kind, const char *patterns,
                       FileDialogFunc func, gpointer data);
void file_dialog_save (GtkWidget *parent, const char *title, const char *name, FileDialogFunc func,
                       gpointer data);
void file_dialog_folder (GtkWidget *parent, const char *title, FileDialogFunc func, gpointer data);
