/* The first-run assistant: from nothing to a server that sends and receives, a step at a time. It
 * stands in the window above the pages, and can be left and taken up again. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_ASSISTANT (assistant_get_type ())
G_DECLARE_FINAL_TYPE (Assistant, assistant, PANEL, ASSISTANT, AdwBin)

/* CONNECTION: NULL when there is no server yet, which it makes then. CONFIGURATION: where that is,
 * NULL for the system's place. */
GtkWidget *assistant_new (Connection *connection, const char *configuration);
