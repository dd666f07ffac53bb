/* The domains that this server takes mail for. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_DOMAINS (page_domains_get_type ())
G_DECLARE_FINAL_TYPE (PageDomains, page_domains, PANEL, PAGE_DOMAINS, AdwBin)

GtkWidget *page_domains_new (Connection *connection);
