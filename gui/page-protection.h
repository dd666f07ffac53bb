/* What keeps the server and its users out of trouble: the brake, bans, limits, checks. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_PROTECTION (page_protection_get_type ())
G_DECLARE_FINAL_TYPE (PageProtection, page_protection, PANEL, PAGE_PROTECTION, AdwBin)

GtkWidget *page_protection_new (Connection *connection);
