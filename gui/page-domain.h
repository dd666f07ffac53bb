/* One domain: the DNS records that it needs and has, its keys, where mail for nobody goes. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_DOMAIN (page_domain_get_type ())
G_DECLARE_FINAL_TYPE (PageDomain, page_domain, PANEL, PAGE_DOMAIN, AdwBin)

/* For window_push. */
GtkWidget *page_domain_new (Connection *connection, const char *domain);
