/* The reactor's events on Linux: one edge-triggered epoll descriptor. */
#include "platform/linux/reactor-events.h"
#include "platform/reactor-private.h"
#include <errno.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 128 };

gboolean
reactor_events_open (Reactor *self, GError **error)
{
  int fd = epoll_create1 (EPOLL_CLOEXEC);

  if (fd < 0) {
    int code = errno;
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot make an epoll: %s",
                 g_strerror (code));
    return FALSE;
  }
  self->poll = (GPollFD) { .fd = fd, .events = G_IO_IN };
  return TRUE;
}

gboolean
reactor_events_wait (Reactor *self)
{
  return FALSE; /* the poll tells all */
}

void
reactor_events_gather (Reactor *self)
{
  struct epoll_event events[EVENTS_AT_ONCE];
  int count = epoll_wait (self->poll.fd, events, EVENTS_AT_ONCE, 0);

  for (int i = 0; i < count; i++) {
    ReactorWatch *watch = events[i].data.ptr;
    watch->ready (watch, events[i].events);
  }
}

void
reactor_events_close (Reactor *self)
{
  close (self->poll.fd);
}

gboolean
reactor_add (Reactor *self, int fd, guint32 events, ReactorWatch *watch, GError **error)
{
  struct epoll_event event = { .events = events, .data.ptr = watch };

  if (epoll_ctl (self->poll.fd, EPOLL_CTL_ADD, fd, &event) == 0)
    return TRUE;
  int code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot watch a socket: %s",
               g_strerror (code));
  return FALSE;
}

void
reactor_remove (Reactor *self, int fd)
{
  /* Fails only for what was never added. */
  epoll_ctl (self->poll.fd, EPOLL_CTL_DEL, fd, NULL);
}
