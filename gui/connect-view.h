/* The servers a person can administer: the one of this computer, and others. */
#pragma once
#include "window.h"

#define PANEL_TYPE_CONNECT_VIEW (connect_view_get_type ())
G_DECLARE_FINAL_TYPE (ConnectView, connect_view, PANEL, CONNECT_VIEW, AdwBin)

/* CONFIGURATION: of the daemon of this computer, NULL as the command line finds it. */
GtkWidget *connect_view_new (const char *configuration);

/* Opens the server that WINDOW had last, or the one of this computer; where that does not work
 * without a person, shows the servers. PAGE (or NULL) is shown first. */
void connect_view_begin (Window *window, const char *configuration, const char *page);
