/* Starts a child and talks with it, from both sides. */
#include "platform/child-private.h"
#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct _Child {
  GPid process;
  int socket; /* the child's standard input and output; not blocking */
  gint64 end; /* of patience; monotonic */
};

static gboolean
fail (GError **error, const char *text)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, (int)g_io_error_from_errno (code), "%s: %s", text,
               g_strerror (code));
  return FALSE;
}

static gboolean
spawn (Child *self, const char *program, const char *option, int end, GError **error)
{
  /* The kernel's name for what runs: also when an upgrade has taken the file away. */
  const char *arguments[] = { program != NULL ? program : "/proc/self/exe", option, NULL };

  return g_spawn_async_with_fds (NULL, (char **)arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                 NULL, &self->process, end, end, -1, error);
}

Child *
child_start (const char *program, const char *option, GError **error)
{
  g_autoptr (Child) self = g_new0 (Child, 1);
  gboolean started;
  int ends[2];

  self->socket = -1;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    fail (error, "socketpair");
    return NULL;
  }
  self->socket = ends[0];
  started = spawn (self, program, option, ends[1], error);
  close (ends[1]); /* the child has it; nothing was written */
  if (!started || !g_unix_set_fd_nonblocking (self->socket, TRUE, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
child_free (Child *self)
{
  if (self->socket >= 0)
    close (self->socket); /* nothing is buffered behind it */
  if (self->process != 0) {
    kill (self->process, SIGKILL); /* fails only for one that is dead, and it is reaped below */
    while (waitpid (self->process, NULL, 0) < 0 && errno == EINTR)
      continue;
  }
  g_free (self);
}

/* Until the socket can go on, or the end of patience. */
static gboolean
wait_for (Child *self, short events, GError **error)
{
  gint64 left = (self->end - g_get_monotonic_time ()) / 1000;
  struct pollfd asked = { self->socket, events, 0 };
  int ready = left > 0 ? poll (&asked, 1, (int)left) : 0;

  if (ready > 0 || (ready < 0 && errno == EINTR))
    return TRUE;
  if (ready < 0)
    return fail (error, "poll");
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The child does not answer");
  return FALSE;
}

void
child_hurry (Child *self, guint patience)
{
  self->end = g_get_monotonic_time () + patience * G_TIME_SPAN_MILLISECOND;
}

gboolean
child_send (Child *self, const guint8 *bytes, gsize length, GError **error)
{
  while (length > 0) {
    ssize_t sent = send (self->socket, bytes, length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
      return fail (error, "The child is gone");
    if (sent < 0 && !wait_for (self, POLLOUT, error))
      return FALSE;
    bytes += MAX (sent, 0);
    length -= (gsize)MAX (sent, 0);
  }
  return TRUE;
}

gboolean
child_receive (Child *self, guint8 *bytes, gsize length, GError **error)
{
  while (length > 0) {
    ssize_t received = recv (self->socket, bytes, length, 0);
    if (received == 0) {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The child has died");
      return FALSE;
    }
    if (received < 0 && errno != EAGAIN && errno != EINTR)
      return fail (error, "The child's answer cannot be read");
    if (received < 0 && !wait_for (self, POLLIN, error))
      return FALSE;
    bytes += MAX (received, 0);
    length -= (gsize)MAX (received, 0);
  }
  return TRUE;
}

/* The child's own end blocks. */
void
child_input (guint8 *bytes, gsize length)
{
  while (length > 0) {
    ssize_t received = read (STDIN_FILENO, bytes, length);
    if (received == 0 || (received < 0 && errno != EINTR))
      _exit (0);
    bytes += MAX (received, 0);
    length -= (gsize)MAX (received, 0);
  }
}

void
child_output (const guint8 *bytes, gsize length)
{
  while (length > 0) {
    ssize_t sent = write (STDOUT_FILENO, bytes, length);
    if (sent < 0 && errno != EINTR)
      _exit (0);
    bytes += MAX (sent, 0);
    length -= (gsize)MAX (sent, 0);
  }
}

void
child_end (int status)
{
  _exit (status);
}

/* The parent kills a child that takes too long, unless it has been killed itself. */
void
child_set_working (gboolean working)
{
  alarm (working ? CHILD_SECONDS_MAX : 0);
}
