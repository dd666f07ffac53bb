/* A small dialog with a few rows to fill in: what it is for, the rows, one button that does it.
 *
 *     GtkWidget *dialog = form_dialog_new (parent, _("Ban an Address"), _("…"), _("_Ban"));
 *     form_dialog_add (dialog, row);
 *     form_dialog_run (dialog, check, func, data, destroy); */
#pragma once
#include <adwaita.h>

GtkWidget *form_dialog_new (GtkWidget *parent, const char *title, const char *text,
                            const char *button);
/* A row of a preferences group. Each change of an AdwEntryRow, AdwComboRow or FileRow asks CHECK again. */
void form_dialog_add (GtkWidget *dialog, GtkWidget *row);
/* CHECK (may be NULL): whether the button can be pressed. FUNC: it was pressed. The rows live until
 * FUNC has returned. */
void form_dialog_run (GtkWidget *dialog, gboolean (*check) (gpointer data),
                      void (*func) (gpointer data), gpointer data, GDestroyNotify destroy);

/* Nothing to fill in: ROW tells something, and the only button closes the dialog. */
void form_dialog_tell (GtkWidget *parent, const char *title, const char *text, GtkWidget *row);

/* What was typed; FROM as it was given, which may have left its window. */
typedef void (*FormDialogAnswer) (GtkWidget *from, const char *text);
/* A dialog with one entry, LABEL, that holds BEFORE; it takes no fewer than LEAST bytes. Returns
 * the entry's row. */
GtkWidget *form_dialog_ask (GtkWidget *from, const char *title, const char *text, const char *label,
                            const char *before, gsize least, FormDialogAnswer func);
