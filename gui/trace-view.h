/* What became of a mail, found by its Message-ID or by an address. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_TRACE_VIEW (trace_view_get_type ())
G_DECLARE_FINAL_TYPE (TraceView, trace_view, PANEL, TRACE_VIEW, AdwBin)

GtkWidget *trace_view_new (Connection *connection);
/* ABOUT: a Message-ID, an address, or "" for the newest mails. */
void trace_view_look (TraceView *view, const char *about);
