/* How the server is, what needs attention and the button that mends it, and what goes on. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_OVERVIEW (page_overview_get_type ())
G_DECLARE_FINAL_TYPE (PageOverview, page_overview, PANEL, PAGE_OVERVIEW, AdwBin)

GtkWidget *page_overview_new (Connection *connection);
