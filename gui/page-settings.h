/* Every setting of the server's table, in groups, with search. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_SETTINGS (page_settings_get_type ())
G_DECLARE_FINAL_TYPE (PageSettings, page_settings, PANEL, PAGE_SETTINGS, AdwBin)

GtkWidget *page_settings_new (Connection *connection);
