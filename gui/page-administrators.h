/* Who may administer this server, and what they have done. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_ADMINISTRATORS (page_administrators_get_type ())
G_DECLARE_FINAL_TYPE (PageAdministrators, page_administrators, PANEL, PAGE_ADMINISTRATORS, AdwBin)

GtkWidget *page_administrators_new (Connection *connection);
