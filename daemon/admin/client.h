/* Speaks the admin API: used by the command line and the control panel. Every call waits: the panel
 * makes them in a worker. One thread at a time. */
#pragma once
#include "configuration.h"
#include <jansson.h>

typedef struct _AdminClient AdminClient;

/* To the daemon of CONFIGURATION on this machine, with the token of its data folder. The token is
 * sent only to the holder of the certificate that the data folder names. */
AdminClient *admin_client_new_local (const Configuration *configuration, GError **error);
/* To ADDRESS ("mail.example.com:8420") as the administrator USER. FINGERPRINT: SHA-256 of the
 * server's certificate in hexadecimal; NULL: the certificate must be good for the address and
 * signed by an authority this system trusts. */
AdminClient *admin_client_new_remote (const char *address, const char *fingerprint,
                                      const char *user, const char *password, GError **error);
void admin_client_free (AdminClient *client);
/* HOST:PORT, as it is reached from here. */
const char *admin_client_address (const AdminClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AdminClient, admin_client_free)

/* PATH begins with '/'; BODY may be NULL and stays the caller's. A new JSON object; or NULL:
 * G_IO_ERROR_CONNECTION_REFUSED: nobody answers there; G_IO_ERROR_PERMISSION_DENIED: not the server
 * we know, or it does not let us in; _NOT_FOUND, _EXISTS, _BUSY, _INVALID_ARGUMENT, _FAILED: with
 * the server's sentence. */
json_t *admin_client_call (AdminClient *client, const char *method, const char *path,
                           const json_t *body, GError **error);
/* The language of the server's sentences ("de"); without it, English. */
void admin_client_set_language (AdminClient *client, const char *language);
/* How many SECONDS the calls from now on may take; 0: as long as at first, which is enough for long work. */
void admin_client_set_patience (AdminClient *client, guint seconds);

typedef struct {
  const char *method;
  const char *path;
  const json_t *body; /* or NULL */
  const char *if_match; /* an ETag: only if it is still as it was; or NULL */
  const char *if_none_match; /* "*": only if there is none yet; or NULL */
} AdminRequest;

/* What came, also with a refusal. */
typedef struct {
  guint status; /* 0: nothing came */
  json_t *object; /* or NULL */
  char *etag; /* or NULL */
} AdminReply;
void admin_reply_clear (AdminReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AdminReply, admin_reply_clear)

/* As admin_client_call, and REPLY is filled in whatever comes. Beyond its errors:
 * G_IO_ERROR_WRONG_ETAG, REPLY's "current" is how it is now; _TIMED_OUT, _HOST_NOT_FOUND, _CONNECTION_CLOSED: the network. */
gboolean admin_client_exchange (AdminClient *client, const AdminRequest *request, AdminReply *reply,
                                GError **error);

/* NAME and DATA of a server-sent event end with the call. */
typedef void (*AdminEventFunc) (const char *name, const char *data, gpointer user_data);
/* Stays until the server ends the stream (TRUE), it breaks, or CANCELLABLE is cancelled (both
 * FALSE). FUNC runs in this thread. */
gboolean admin_client_listen (AdminClient *client, const char *path, GCancellable *cancellable,
                              AdminEventFunc func, gpointer user_data, GError **error);

/* The same for an answer in plain text; free with g_free. */
char *admin_client_text (AdminClient *client, const char *path, GError **error);
/* FOLDER and NAME, escaped: "/v1/users/", "anna@example.com"; free with g_free. */
char *admin_path (const char *folder, const char *name);
