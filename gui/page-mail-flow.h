/* Mail on its way: what waits, what became of it, what the server is doing right now. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_MAIL_FLOW (page_mail_flow_get_type ())
G_DECLARE_FINAL_TYPE (PageMailFlow, page_mail_flow, PANEL, PAGE_MAIL_FLOW, AdwBin)

GtkWidget *page_mail_flow_new (Connection *connection);
