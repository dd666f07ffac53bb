/* The rows of a preferences group, made of a JSON array. Only those are made anew that have
 * changed, and not while a person presses one of them: nobody loses the row that has the focus, or
 * a click. An expander row that was opened stays open: it is known by its title, and by its name
 * (gtk_widget_set_name) where titles may be alike.
 */
#pragma once
#include "json.h"
#include <adwaita.h>

/* A new row for ITEM, which stays ROW_LIST's. */
typedef GtkWidget *(*RowListFunc) (json_t *item, gpointer data);

/* EMPTY: what stands in a row of its own when there is nothing. */
void row_list_fill (AdwPreferencesGroup *group, json_t *array, const char *empty, RowListFunc func,
                    gpointer data);
/* A flat button with an icon at the end of a row. NAME is its tooltip and what a screen reader
 * says. */
GtkWidget *row_button_new (const char *icon, const char *name);
/* The label of BUTTON takes several lines where there is little room, and everywhere when it is
 * longer than MOST letters (-1: however long). */
void button_wrap (GtkButton *button, int most);
/* A row with TITLE and SUBTITLE, which may hold anything (no markup). */
GtkWidget *text_row_new (const char *title, const char *subtitle);
/* A symbol in front of an AdwActionRow or AdwExpanderRow; CLASS: "success", "warning", "error",
 * "dim-label". NAME says it to who does not see it. */
void text_row_set_sign (GtkWidget *row, const char *icon, const char *class, const char *name);
