/* Listening sockets on Linux. */
#include "platform/linux/reactor-events.h"
#include "platform/linux/socket-private.h"
#include "platform/reactor-retry.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum {
  BACKLOG = 1024,
  ACCEPTS_AT_ONCE = 64,
};

struct _SocketListener {
  ReactorWatch watch;
  ReactorTask task;
  Reactor *reactor;
  int fd;
  ReactorRetry retry; /* descriptors ran out, and no edge comes for what waits already */
  SocketAcceptedFunc accepted;
  gpointer data;
};

/* A peer that vanished without a word is found by keepalive after 120 + 4 × 30 seconds. The figures
 * keep NAT entries alive too. What is no TCP socket (tests) refuses the options: no harm. */
static const struct {
  int level, name, value;
} tcp_options[] = {
  { SOL_SOCKET, SO_KEEPALIVE, 1 },    { IPPROTO_TCP, TCP_KEEPIDLE, 120 },
  { IPPROTO_TCP, TCP_KEEPINTVL, 30 }, { IPPROTO_TCP, TCP_KEEPCNT, 4 },
  { IPPROTO_TCP, TCP_NODELAY, 1 }, /* output is gathered before it is written */
};

void
socket_tune (int fd)
{
  for (guint i = 0; i < G_N_ELEMENTS (tcp_options); i++)
    setsockopt (fd, tcp_options[i].level, tcp_options[i].name, &tcp_options[i].value, sizeof (int));
}

/* systemd.socket(5): low ports are opened for us, and what is not asked of systemd is not ours. */
static const char *
remedy (int code, guint16 port)
{
  if (code != EACCES || port >= 1024 || g_getenv ("INVOCATION_ID") == NULL)
    return "";
  return " (systemd opens low ports for the service; after a change of the configuration it needs "
         "systemctl daemon-reload)";
}

static void
set_listen_error (GError **error, const char *what, GInetAddress *address, guint16 port)
{
  int code = errno;
  g_autofree char *text = g_inet_address_to_string (address);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot %s %s port %u: %s%s", what,
               text, port, g_strerror (code), remedy (code, port));
}

static gboolean
bind_to (int fd, GInetAddress *address, guint16 port, GError **error)
{
  struct sockaddr_storage native;
  socklen_t size = socket_address_to_native (address, port, &native);
  int on = 1;

  /* Without SO_REUSEADDR a restart would have to wait for old connections in TIME_WAIT. */
  gboolean done = setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    done = done && setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0;
  done = done && bind (fd, (struct sockaddr *)&native, size) == 0 && listen (fd, BACKLOG) == 0;
  if (!done)
    set_listen_error (error, "listen on", address, port);
  return done;
}

SocketHandle
socket_bind (GInetAddress *address, guint16 port, GError **error)
{
  int fd
      = socket (g_inet_address_get_family (address), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0) {
    set_listen_error (error, "make a socket for", address, port);
    return SOCKET_HANDLE_NONE;
  }
  if (bind_to (fd, address, port, error))
    return fd;
  close (fd);
  return SOCKET_HANDLE_NONE;
}

static gboolean
is_about_one_connection (int code)
{
  static const int codes[] = { ECONNABORTED, EINTR,        EPROTO,     ENETDOWN,    ENOPROTOOPT,
                               EHOSTDOWN,    EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH, EPERM };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i] == code)
      return TRUE;
  return FALSE;
}

static void
listener_run (ReactorTask *task)
{
  SocketListener *self
      = (SocketListener *)((guint8 *)task - G_STRUCT_OFFSET (SocketListener, task));

  for (guint i = 0; i < ACCEPTS_AT_ONCE; i++) {
    struct sockaddr_storage native;
    socklen_t size = sizeof native;
    int fd = accept4 (self->fd, (struct sockaddr *)&native, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && is_about_one_connection (errno))
      continue;
    if (fd < 0 && errno == EAGAIN)
      return;
    if (fd < 0) {
      reactor_retry_later (&self->retry, self->reactor, &self->task);
      return;
    }
    GInetAddress *peer = socket_address_from_native ((struct sockaddr *)&native);
    if (peer == NULL)
      close (fd); /* gone before accept returned: there is no address any more */
    else
      self->accepted (fd, peer, self->data);
  }
  reactor_defer (self->reactor, &self->task);
}

static void
listener_ready (ReactorWatch *watch, guint32 events)
{
  SocketListener *self = (SocketListener *)watch;

  reactor_defer (self->reactor, &self->task);
}

SocketListener *
socket_listen_on (Reactor *reactor, SocketHandle handle, SocketAcceptedFunc accepted, gpointer data,
                  GError **error)
{
  SocketListener *self = g_new0 (SocketListener, 1);
  int flags = fcntl ((int)handle, F_GETFL);

  self->watch.ready = listener_ready;
  self->task.run = listener_run;
  self->reactor = reactor;
  self->fd = (int)handle;
  self->accepted = accepted;
  self->data = data;
  socket_tune (self->fd);
  if (fcntl (self->fd, F_SETFL, flags | O_NONBLOCK) == 0
      && reactor_add (reactor, self->fd, EPOLLIN | EPOLLET, &self->watch, error))
    return self;
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot listen: no such socket");
  close (self->fd);
  g_free (self);
  return NULL;
}

void
socket_listener_free (SocketListener *self)
{
  reactor_forget (self->reactor, &self->task);
  reactor_retry_cancel (&self->retry);
  reactor_remove (self->reactor, self->fd);
  close (self->fd);
  g_free (self);
}
