/* The web server on [listen] http and https. It tells mail programs their settings (Thunderbird's
 * autoconfig, Outlook's Autodiscover, Apple's profiles), other servers our MTA-STS policy, and
 * people how to set up what does not set itself up; who signs in there changes the password and
 * makes app passwords. Port 80 answers certificate authorities and sends everybody else to https.
 * Lives in the main thread; the work of a request runs in a few workers. */
#pragma once
#include "accounts/accounts.h"
#include "configuration.h"
#include "tls/tls-context.h"

typedef struct _WebServer WebServer;

typedef struct {
  const Configuration *configuration;
  Store *store;
  Authenticator *authenticator;
  TlsContexts *tls;
  /* The user has a new password or may not go on: end the other protocols' sessions (main thread).
   * NULL: there are none. */
  void (*end_sessions) (const char *user, gpointer data);
  gpointer data;
} WebService;

/* SERVICE is copied, what it points to outlives the server. */
WebServer *web_server_new (const WebService *service);
/* Waits for the requests that run. */
void web_server_free (WebServer *server);
/* Listens where CONFIGURATION says, which must live as long as the server, and nowhere else. FALSE:
 * an address cannot be had; the others are open. */
gboolean web_server_update (WebServer *server, const Configuration *configuration, GError **error);
/* The certificates were loaded (anew). */
void web_server_did_load_certificates (WebServer *server);
/* The user may not go on: ends what he has signed in to here. */
void web_server_end_user (WebServer *server, const char *user);
/* Of the last address that was opened. */
guint16 web_server_http_port (WebServer *server);
guint16 web_server_https_port (WebServer *server);
