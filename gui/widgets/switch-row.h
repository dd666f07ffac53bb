/* A row with a switch. (libadwaita 1.4 has AdwSwitchRow.) Property "active"; title and subtitle
 * are AdwActionRow's. */
#pragma once
#include <adwaita.h>

#define PANEL_TYPE_SWITCH_ROW (switch_row_get_type ())
G_DECLARE_FINAL_TYPE (SwitchRow, switch_row, PANEL, SWITCH_ROW, AdwActionRow)

GtkWidget *switch_row_new (const char *title);
gboolean switch_row_get_active (SwitchRow *row);
/* Tells nobody but "notify::active". */
void switch_row_set_active (SwitchRow *row, gboolean active);
