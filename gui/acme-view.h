/* How certificates come and renew themselves: the authority, the terms, how names are proved, the
 * account. Stands above the page of the certificates. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_ACME_VIEW (acme_view_get_type ())
G_DECLARE_FINAL_TYPE (AcmeView, acme_view, PANEL, ACME_VIEW, AdwBin)

/* ORDER: the person wants what is missing or due, now. DATA lives as long as the view. */
GtkWidget *acme_view_new (Connection *connection, void (*order) (gpointer data), gpointer data);
