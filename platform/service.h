/* The service manager: what it asks of us, and what we tell it (systemd; the Service Control
 * Manager on Windows). Everything here belongs to the main thread, except service_take_socket. */
#pragma once
#include <glib.h>

/* Runs PROGRAM the way the system starts services and returns its exit status. On Linux this is a
 * plain call; on Windows, with --service, the control dispatcher calls it in a thread of its own.
 */
int service_run (int argc, char **argv, int (*program) (int argc, char **argv));

typedef struct {
  void (*stop) (gpointer data); /* SIGTERM, SIGINT; a second one ends the process at once */
  void (*reload) (gpointer data); /* SIGHUP */
} ServiceRequests;

/* From now on requests run as callbacks on the default main context. REQUESTS lives for ever.
 * Also makes a write to a closed connection an error instead of the end (SIGPIPE). */
void service_watch (const ServiceRequests *requests, gpointer data);
void service_unwatch (void);

void service_notify_ready (void);
void service_notify_reloading (void); /* ended by service_notify_ready */
void service_notify_stopping (void);
/* One line that the service manager shows. */
void service_notify_status (const char *text);

/* The listening socket that the service manager opened for ADDRESS ("192.0.2.1:25", "[::]:25") and
 * handed over, to be closed by the caller; each one is given once. -1: none, open one yourself. */
int service_take_socket (const char *address);
/* Closes what was handed over and nobody took; returns how many there were. */
guint service_close_sockets (void);
