/* A socket that connects, with a time limit, until it is a channel. */
#include "net/dial.h"
#include "net/channel-private.h"

struct _Dial {
  IoThread *thread;
  Socket *socket;
  GInetAddress *address;
  Channel *channel; /* connected, about to be ready */
  Timer timer;
  ReactorTask task; /* an error that came at once is told later */
  GError *error;
  DialedFunc dialed;
  gpointer data;
};

static void
dial_free (Dial *self)
{
  timers_clear (self->thread->timers, &self->timer);
  reactor_forget (self->thread->reactor, &self->task);
  g_clear_pointer (&self->socket, socket_free);
  g_clear_error (&self->error);
  g_object_unref (self->address);
  g_free (self);
}

static void
fail (Dial *self, const GError *error)
{
  const DialedFunc dialed = self->dialed;
  const gpointer data = self->data;
  g_autoptr (GError) kept = g_error_copy (error);

  dial_free (self);
  dialed (NULL, kept, data);
}

static void
channel_ready (Channel *channel, gpointer data)
{
  g_autofree Dial *self = data;

  channel->owner_data = NULL; /* no `gone` for us */
  if (self->dialed)
    self->dialed (channel, NULL, self->data);
}

/* Only a channel that ended before it was ready still knows its Dial. */
static void
channel_gone (Channel *channel, gpointer data)
{
  g_autofree Dial *self = data;
  g_autoptr (GError) error
      = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The server is stopping");

  if (self != NULL && self->dialed != NULL)
    self->dialed (NULL, error, self->data);
}

static const ChannelOwner owner = { channel_ready, channel_gone };

static void
did_connect (Socket *socket, const GError *error, gpointer data)
{
  Dial *self = data;

  if (error) {
    fail (self, error);
    return;
  }
  timers_clear (self->thread->timers, &self->timer);
  self->channel = channel_new_on (self->thread, g_steal_pointer (&self->socket),
                                  g_steal_pointer (&self->address), 0, NULL, &owner, self);
  channel_begin (self->channel, NULL);
}

static void
did_time_out (Timer *timer)
{
  Dial *self = (Dial *)((guint8 *)timer - G_STRUCT_OFFSET (Dial, timer));
  g_autoptr (GError) error
      = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The server does not answer");

  fail (self, error);
}

static void
did_fail_at_once (ReactorTask *task)
{
  Dial *self = (Dial *)((guint8 *)task - G_STRUCT_OFFSET (Dial, task));

  fail (self, self->error);
}

Dial *
dial_start (IoThread *thread, GInetAddress *address, guint16 port, GInetAddress *from,
            guint seconds, DialedFunc dialed, gpointer data)
{
  Dial *self = g_new0 (Dial, 1);

  self->thread = thread;
  self->address = g_object_ref (address);
  self->dialed = dialed;
  self->data = data;
  self->timer.run = did_time_out;
  self->task.run = did_fail_at_once;
  self->socket
      = socket_connect (thread->reactor, address, port, from, did_connect, self, &self->error);
  if (self->socket)
    timers_set (thread->timers, &self->timer, timers_now () + seconds);
  else
    reactor_defer (thread->reactor, &self->task);
  return self;
}

void
dial_cancel (Dial *self)
{
  if (self->channel == NULL) {
    dial_free (self);
    return;
  }
  self->dialed = NULL;
  channel_abort (self->channel);
}
