/* A row whose text can be copied by a button. Properties "label" (what it is) and "value". */
#pragma once
#include <adwaita.h>

#define PANEL_TYPE_COPY_ROW (copy_row_get_type ())
G_DECLARE_FINAL_TYPE (CopyRow, copy_row, PANEL, COPY_ROW, AdwActionRow)

GtkWidget *copy_row_new (const char *label, const char *value);
void copy_row_set_value (CopyRow *row, const char *value);
/* A flat button that copies TEXT and says so; NAME is what it copies, for a screen reader. */
GtkWidget *copy_button_new (const char *name, const char *text);
void copy_button_set_text (GtkWidget *button, const char *text);
