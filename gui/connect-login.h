/* The page on which a person sees whom the server says it is, and logs in. It stands in the
 * window, above the servers. */
#pragma once
#include "admin/server-certificate.h"
#include "saved-servers.h"
#include <adwaita.h>

#define PANEL_TYPE_CONNECT_LOGIN (connect_login_get_type ())
G_DECLARE_FINAL_TYPE (ConnectLogin, connect_login, PANEL, CONNECT_LOGIN, AdwBin)

/* KNOWN: the server as it was saved, or NULL. When its certificate was another one, the page warns.
 * REASON (or NULL): why a person is asked again. All are copied. */
GtkWidget *connect_login_new (const char *address, const ServerCertificate *certificate,
                              const SavedServer *known, const char *reason);
