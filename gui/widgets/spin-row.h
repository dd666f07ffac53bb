/* A row with a number. (libadwaita 1.4 has AdwSpinRow.) Property "value". */
#pragma once
#include <adwaita.h>

#define PANEL_TYPE_SPIN_ROW (spin_row_get_type ())
G_DECLARE_FINAL_TYPE (SpinRow, spin_row, PANEL, SPIN_ROW, AdwActionRow)

GtkWidget *spin_row_new (const char *title, double least, double most, double step);
void spin_row_set_range (SpinRow *row, double least, double most);
double spin_row_get_value (SpinRow *row);
void spin_row_set_value (SpinRow *row, double value);
/* The wheel scrolls the page below it, and never changes what SPIN says. */
void spin_button_leave_wheel (GtkSpinButton *spin);
