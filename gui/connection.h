/* A server's admin API for the panel: around daemon/admin/client.h, whose calls wait and so are
 * made by workers. No function here ever blocks; callbacks and signals come in the main thread.
 *
 * Signals:
 *   "changed" (const char *what, const char *name)   "users", "queue" …; NAME may be "" (several);
 *                                    WHAT "" is everything. Also after our own changes.
 *   "metrics" (gpointer json_t *)    each second while somebody listens
 *   "log"     (gpointer json_t *)    a line of the log
 *   "job"     (gpointer json_t *)    progress of long work
 *   "notify::state"                  connected, lost …
 * The json_t * of a signal is borrowed: json_incref what is kept. */
#pragma once
#include <gio/gio.h>
#include <jansson.h>

typedef enum {
  CONNECTION_CLOSED, /* nothing was asked yet */
  CONNECTION_CONNECTING,
  CONNECTION_CONNECTED,
  CONNECTION_LOST, /* connection_get_trouble says why; it is tried again by itself */
  CONNECTION_REFUSED, /* it answers, but does not let us in, or is not the server we know */
} ConnectionState;

#define PANEL_TYPE_CONNECTION (connection_get_type ())
G_DECLARE_FINAL_TYPE (Connection, connection, PANEL, CONNECTION, GObject)

/* The daemon of this machine; CONFIGURATION: a path, NULL: as the command line finds it. */
Connection *connection_new_local (const char *configuration);
/* As admin_client_new_remote; FINGERPRINT may be NULL. */
Connection *connection_new_remote (const char *address, const char *fingerprint, const char *user,
                                   const char *password);
/* Asks who we are (GET /v1/whoami), then listens to events. Also after the connection was lost. */
void connection_open (Connection *connection);
/* "log" comes from now on, for the lines of LEVEL and above that hold TEXT (NULL: all). LEVEL NULL:
 * no more. */
void connection_follow_log (Connection *connection, const char *level, const char *text);
/* No call goes out any more. Of those under way nobody hears; what changes something is made to its
 * end, and the application waits for that. */
void connection_close (Connection *connection);

ConnectionState connection_get_state (Connection *connection);
/* A sentence for a person that says what to do; NULL while connected. */
const char *connection_get_trouble (Connection *connection);
/* "this computer", or the address of the server. */
const char *connection_get_name (Connection *connection);
gboolean connection_is_local (Connection *connection);
/* The answer of /v1/whoami, borrowed; NULL before it came. */
json_t *connection_get_whoami (Connection *connection);
/* FALSE for who may only read. */
gboolean connection_may_change (Connection *connection);

/* Instead of an ETag: only what is not there yet (If-None-Match: *). */
#define ETAG_NEW "new"

/* One call. BODY may be NULL and stays the caller's. ETAG: sent as If-Match, or NULL. A call is
 * cancelled by CANCELLABLE only as to its callback: what was sent, was sent. */
void connection_call_async (Connection *connection, const char *method, const char *path,
                            const json_t *body, const char *etag, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);
/* The answer, to be released with json_decref. ETAG (may be NULL) is freed with g_free. Errors as
 * admin_client_exchange's; G_IO_ERROR_WRONG_ETAG: it was changed meanwhile by somebody else;
 * G_IO_ERROR_NOT_FOUND for a list: this server does not know the resource. */
json_t *connection_call_finish (Connection *connection, GAsyncResult *result, char **etag,
                                GError **error);
/* After G_IO_ERROR_WRONG_ETAG: how the object is now; borrowed from RESULT, or NULL. *ETAG (may be
 * NULL) is the tag that goes with it, borrowed. */
json_t *connection_call_current (GAsyncResult *result, const char **etag);

/* GET. */
void connection_get_async (Connection *connection, const char *path, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data);
