/* The service manager: what it asks of us, and what we tell it (systemd; the Service Control
 * Manager on Windows). Everything here belongs to the main thread, unless it says otherwise. */
#pragma once
#include <gio/gio.h>

/* Runs PROGRAM in the foreground, or MANAGED: as a service that the service manager has started,
 * where the system makes a difference (Windows: its control dispatcher calls PROGRAM in a thread of
 * its own). *STATUS is the exit status. FALSE and ERROR: PROGRAM did not run. */
gboolean service_run (gboolean managed, int (*program) (void), int *status, GError **error);

typedef struct {
  void (*stop) (gpointer data); /* SIGTERM, SIGINT; the manager's stop, Ctrl-C, the system's end */
  void (*reload) (gpointer data); /* SIGHUP; the manager's PARAMCHANGE */
} ServiceRequests;

/* From now on requests run as callbacks on the default main context. REQUESTS lives for ever. The
 * first stop is told; a person who asks again ends the process at once. Also makes a write to a
 * closed connection an error instead of the end (SIGPIPE). */
void service_watch (const ServiceRequests *requests, gpointer data);
void service_unwatch (void);
/* Asks ourselves to stop, as the service manager would. Any thread. */
void service_ask_stop (void);

void service_notify_ready (void);
void service_notify_reloading (void); /* ended by service_notify_ready */
void service_notify_stopping (void);
/* One line that the service manager shows. */
void service_notify_status (const char *text);

/* The listening socket that the service manager opened for ADDRESS ("192.0.2.1:25", "[::]:25") and
 * handed over, to be closed by the caller; each one is given once. -1: none, open one yourself. Any
 * thread. */
int service_take_socket (const char *address);
/* Closes what was handed over and nobody took; returns how many there were. */
guint service_close_sockets (void);

/* Makes the service known to the service manager, or brings it up to date: it starts with the
 * system and is restarted after a failure. CONFIGURATION: NULL for the system's place. DATA is
 * closed to everybody but the service and the administrators. G_IO_ERROR_NOT_SUPPORTED where
 * packages do this. */
gboolean service_install (const char *configuration, const char *data, GError **error);
/* Stops it and undoes all this but for the data; nothing to do is no error, nor is a service that
 * another program than this one has taken over: it stays. */
gboolean service_remove (GError **error);
/* Starts it (anew, when an older program runs as it) and waits until it says that it is ready. */
gboolean service_start (GError **error);

/* What an administrator types to start the service that reads the configuration at the system's
 * place. NULL: no service manager knows it, the daemon is started by hand. */
const char *service_start_command (void);
