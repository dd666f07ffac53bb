/* The server's log as it is written, with filters. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_LOG_VIEW (log_view_get_type ())
G_DECLARE_FINAL_TYPE (LogView, log_view, PANEL, LOG_VIEW, AdwBin)

GtkWidget *log_view_new (Connection *connection);
