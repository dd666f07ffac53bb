/* A line across the page that says what is wrong, with a button. (libadwaita 1.3 has AdwBanner.)
 * Properties "title", "button-label", "revealed"; signal "button-clicked". */
#pragma once
#include <adwaita.h>

#define PANEL_TYPE_BANNER (banner_get_type ())
G_DECLARE_FINAL_TYPE (Banner, banner, PANEL, BANNER, AdwBin)

GtkWidget *banner_new (const char *title);
void banner_set_title (Banner *banner, const char *title);
void banner_set_button_label (Banner *banner, const char *label); /* NULL: none */
void banner_set_revealed (Banner *banner, gboolean revealed);
