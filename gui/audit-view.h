/* Who changed what, when, and from where. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_AUDIT_VIEW (audit_view_get_type ())
G_DECLARE_FINAL_TYPE (AuditView, audit_view, PANEL, AUDIT_VIEW, AdwBin)

GtkWidget *audit_view_new (Connection *connection);
