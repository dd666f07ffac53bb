/* The daemon of this computer, as far as the person at the screen may know it, and the ways to it.
 * Nothing here blocks. */
#pragma once
#include <gio/gio.h>

typedef enum {
  LOCAL_SERVER_NOT_INSTALLED,
  LOCAL_SERVER_NOT_MADE, /* there is no configuration yet: the first-run assistant's work */
  LOCAL_SERVER_OFF, /* its admin API is switched off, or its configuration has a fault */
  LOCAL_SERVER_STOPPED, /* it does not answer */
  LOCAL_SERVER_CLOSED, /* it may run, but this person may not read its token */
  LOCAL_SERVER_READY,
} LocalServerState;

typedef struct {
  LocalServerState state;
  char *explanation; /* for LOCAL_SERVER_OFF, else NULL */
  char *command; /* what to type instead of the button; NULL: nothing */
} LocalServer;
void local_server_free (LocalServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LocalServer, local_server_free)

/* CONFIGURATION: NULL as the command line finds it. */
void local_server_look_async (const char *configuration, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
LocalServer *local_server_look_finish (GAsyncResult *result, GError **error);

/* What to make when there is no server yet. */
typedef struct {
  const char *hostname, *domain;
  const char *data; /* NULL: the system's place */
  guint base; /* 0: the usual ports; else on loopback only (hauspost init --base) */
} LocalServerPlan;

/* A login of the panel's own, as the administrator allowed it. */
typedef struct {
  char *address, *fingerprint, *user, *password;
  char *start; /* else: the server is made, and this command starts it by hand */
} LocalAccess;
void local_access_free (LocalAccess *access); /* wipes the password */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LocalAccess, local_access_free)

/* hauspost panel access, as the administrator: the system asks the person. PLAN: NULL when the
 * server is there. Errors as elevate_run's. */
void local_server_enter_async (const char *configuration, const LocalServerPlan *plan,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer data);
LocalAccess *local_server_enter_finish (GAsyncResult *result, GError **error);
/* "Control panel of anna on pc1": as what the login is listed; free with g_free. */
char *local_server_device (void);
