/* The admin API: JSON over HTTPS for the command line, the control panel and scripts. Lives in the
 * main thread; the work of a request runs in a few workers.
 *
 * A caller shows the token of DATA/admin.token (Authorization: Bearer), or the password of an
 * administrator's account (Basic). Every answer is a JSON object; one that is refused has "error",
 * a sentence for a person. */
#pragma once
#include "admin/access.h"
#include "configuration.h"
#include "accounts/accounts.h"
#include "net/dns.h"
#include "net/sessions.h"
#include "policy/block-lists.h"
#include "queue/schedule.h"
#include "tls/renewer.h"

typedef struct _AdminServer AdminServer;

typedef struct {
  const Configuration *configuration;
  Store *store;
  Authenticator *authenticator;
  Schedule *schedule;
  /* Certificates have changed: load them (main thread). */
  gboolean (*reload) (gpointer data, GError **error);
  gpointer data;
  /* The user may not go on: end the sessions (main thread). NULL: there are none. */
  void (*end_sessions) (const char *user, gpointer data);
  Dns *dns; /* NULL: there is none */
  BlockLists *block_lists; /* NULL: there are none */
  Renewer *renewer; /* NULL: certificates do not renew themselves */
  /* Asks who is connected (net/sessions.h), ends a session (main thread). NULL: there are none. */
  void (*survey) (Survey *survey, gpointer data);
  void (*end_session) (const char *id, gpointer data);
} AdminService;

/* SERVICE is copied, what it points to outlives the server. */
AdminServer *admin_server_new (const AdminService *service, GError **error);
/* After a reload; the old one must live as long as the server. */
void admin_server_set_configuration (AdminServer *server, const Configuration *configuration);
/* Listens on ADDRESS ("127.0.0.1:8420", "[::1]:8420"; port 0: any). */
gboolean admin_server_listen (AdminServer *server, const char *address, GError **error);
/* Certificates have changed by themselves: whoever listens is told. */
void admin_server_tell_certificates (AdminServer *server);
/* The port of the last admin_server_listen. */
guint16 admin_server_port (AdminServer *server);
/* Waits for the requests that run. FALSE: a long check or backup still runs after WAIT seconds, and
 * uses the store; the process may end, but must not close the store. */
gboolean admin_server_free (AdminServer *server, guint wait);
