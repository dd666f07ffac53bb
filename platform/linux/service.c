/* systemd: sd_notify, signals, sockets handed over (sd_listen_fds). Works without it as well. */
#include "platform/service.h"
#include <errno.h>
#include <glib/gi18n.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define FILES_WANTED 65536 /* as in hauspost.service */

typedef struct {
  char *address;
  int fd;
} HandedSocket;

static struct {
  const ServiceRequests *requests;
  gpointer data;
  guint sources[3];
  gboolean stopping;
} watch;

static GMutex sockets_lock;
static GArray *sockets; /* HandedSocket; NULL: not asked yet */

static gboolean
refuse (const char *sentence, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, sentence);
  return FALSE;
}

/* Each connection is a file, and whoever starts a program by hand mostly lets it have 1,024. */
static void
allow_files (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES_WANTED)
    return;
  limit.rlim_cur = MIN (limit.rlim_max, FILES_WANTED);
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_warning ("No more files can be open than the system allows by itself: %s",
               g_strerror (errno));
}

/* systemd starts a service as a person would. */
gboolean
service_run (gboolean managed, int (*program) (void), int *status, GError **error)
{
  if (managed)
    return refuse (_ ("--service is for Windows; systemd starts the daemon without it."), error);
  allow_files ();
  *status = program ();
  return TRUE;
}

gboolean
service_install (const char *configuration, const char *data, GError **error)
{
  return refuse (_ ("On this system that is systemd's work: systemctl enable --now hauspost."),
                 error);
}

gboolean
service_remove (GError **error)
{
  return refuse (_ ("On this system that is systemd's work: systemctl disable --now hauspost."),
                 error);
}

gboolean
service_start (GError **error)
{
  return refuse (_ ("On this system that is systemd's work: systemctl restart hauspost."), error);
}

static gboolean
did_ask_stop (gpointer data)
{
  if (watch.stopping)
    _exit (1); /* asked twice: whoever asks does not want to wait. The store survives it. */
  watch.stopping = TRUE;
  watch.requests->stop (watch.data);
  return G_SOURCE_CONTINUE;
}

/* In the main thread, where a signal may have been faster. */
static gboolean
stop_once (gpointer data)
{
  if (watch.requests != NULL && !watch.stopping)
    did_ask_stop (NULL);
  return G_SOURCE_REMOVE;
}

void
service_ask_stop (void)
{
  g_idle_add (stop_once, NULL);
}

static gboolean
did_ask_reload (gpointer data)
{
  watch.requests->reload (watch.data);
  return G_SOURCE_CONTINUE;
}

void
service_watch (const ServiceRequests *requests, gpointer data)
{
  signal (SIGPIPE, SIG_IGN);
  watch.requests = requests;
  watch.data = data;
  watch.stopping = FALSE;
  watch.sources[0] = g_unix_signal_add (SIGTERM, did_ask_stop, NULL);
  watch.sources[1] = g_unix_signal_add (SIGINT, did_ask_stop, NULL);
  watch.sources[2] = g_unix_signal_add (SIGHUP, did_ask_reload, NULL);
}

void
service_unwatch (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (watch.sources); i++)
    g_clear_handle_id (&watch.sources[i], g_source_remove);
  watch.requests = NULL;
}

/* sd_notify answers 0 when there is no service manager, and a failure harms nobody but its display:
 * both are no reason to stop serving mail. */
void
service_notify_ready (void)
{
  sd_notify (0, "READY=1");
}

void
service_notify_reloading (void)
{
  sd_notifyf (0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
}

void
service_notify_stopping (void)
{
  sd_notify (0, "STOPPING=1");
}

void
service_notify_status (const char *text)
{
  sd_notifyf (0, "STATUS=%s", text);
}

/* The local address of a socket in the form of the configuration, NULL when it is not a listening
 * TCP socket. */
static char *
socket_address_text (int fd)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  int copy = dup (fd); /* GSocket closes what it was given */

  if (copy < 0 || sd_is_socket (fd, 0, SOCK_STREAM, 1) <= 0) {
    if (copy >= 0)
      close (copy);
    return NULL;
  }
  socket = g_socket_new_from_fd (copy, NULL);
  if (socket == NULL) {
    close (copy);
    return NULL;
  }
  address = g_socket_get_local_address (socket, NULL);
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return NULL;
  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
}

/* "[::]:25" and "0.0.0.0:25" in one form for comparing, NULL when TEXT is no numeric address. */
static char *
canonical (const char *text)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (text, 0, NULL);

  if (parsed == NULL)
    return NULL;
  GNetworkAddress *name = G_NETWORK_ADDRESS (parsed);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (
      g_network_address_get_hostname (name), g_network_address_get_port (name));
  if (address == NULL)
    return NULL;
  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
}

static void
gather_sockets (void)
{
  if (sockets != NULL)
    return;
  sockets = g_array_new (FALSE, FALSE, sizeof (HandedSocket));

  int count = sd_listen_fds (TRUE);
  for (int i = 0; i < count; i++) {
    HandedSocket handed
        = { socket_address_text (SD_LISTEN_FDS_START + i), SD_LISTEN_FDS_START + i };
    g_array_append_val (sockets, handed);
  }
}

int
service_take_socket (const char *address)
{
  g_autofree char *wanted = canonical (address);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&sockets_lock);

  gather_sockets ();
  for (guint i = 0; wanted != NULL && i < sockets->len; i++) {
    HandedSocket *handed = &g_array_index (sockets, HandedSocket, i);
    if (g_strcmp0 (handed->address, wanted) == 0) {
      int fd = handed->fd;
      g_free (handed->address);
      g_array_remove_index_fast (sockets, i);
      return fd;
    }
  }
  return -1;
}

guint
service_close_sockets (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&sockets_lock);

  gather_sockets ();
  guint count = sockets->len;
  for (guint i = 0; i < count; i++) {
    HandedSocket *handed = &g_array_index (sockets, HandedSocket, i);
    close (handed->fd);
    g_free (handed->address);
  }
  g_array_set_size (sockets, 0);
  return count;
}
