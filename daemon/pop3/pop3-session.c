/* The life of a POP3 connection: greeting, input, answers, its end. */
#include "pop3/pop3-private.h"

#include "log.h"
#include "metrics.h"
#include "pop3/pop3-parser.h"
#include "settings.h"

#include <stdarg.h>

Pop3Session *
pop3_session_ref (Pop3Session *self)
{
  self->references++;
  return self;
}

void
pop3_session_unref (Pop3Session *self)
{
  if (--self->references > 0)
    return;
  g_clear_pointer (&self->maildrop, pop3_maildrop_free);
  g_free (self->login);
  g_free (self->user);
  channel_unref (self->channel);
  g_free (self);
}

void
pop3_ok (Pop3Session *self, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  channel_print (self->channel, "+OK %s\r\n", text);
}

void
pop3_fail (Pop3Session *self, const char *text)
{
  channel_print (self->channel, "-ERR %s\r\n", text);
}

void
pop3_wrong (Pop3Session *self, const char *text)
{
  pop3_fail (self, text);
  if (++self->errors >= POP3_ERRORS_MAX)
    channel_close (self->channel);
}

void
pop3_fail_temporarily (Pop3Session *self, const GError *error)
{
  log_event (LOG_WARNING, "A POP3 client is told to come again", "session",
             channel_id (self->channel), "user", self->user, "error", error->message, NULL);
  pop3_fail (self, "[SYS/TEMP] This server cannot do it now; try again later");
}

void
pop3_pause (Pop3Session *self)
{
  if (!self->paused)
    channel_pause (self->channel);
  self->paused = TRUE;
}

void
pop3_resume (Pop3Session *self)
{
  if (self->paused)
    channel_resume (self->channel);
  self->paused = FALSE;
}

void
pop3_session_leave (Pop3Session *self)
{
  if (self->is_inside)
    pop3_door_leave (self->service->door, self->maildrop->account);
  self->is_inside = FALSE;
}

void
pop3_when_drained (Pop3Session *self, Pop3Continuation next, gpointer data)
{
  g_assert (self->drained == NULL);
  if (!self->open || !channel_is_full (self->channel)) {
    next (self, data);
    return;
  }
  self->drained = next;
  self->drained_data = data;
}

static void
go_on_drained (Pop3Session *self)
{
  Pop3Continuation next = g_steal_pointer (&self->drained);

  if (next)
    next (self, g_steal_pointer (&self->drained_data));
}

static gsize
did_receive (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  Pop3Session *self = data;

  return self->expect (self, bytes, length);
}

static void
did_drain (Channel *channel, gpointer data)
{
  g_autoptr (Pop3Session) self = pop3_session_ref (data);

  go_on_drained (self);
}

/* What was said in the clear is forgotten (RFC 2595 §4). */
static void
did_secure (Channel *channel, gpointer data)
{
  Pop3Session *self = data;

  g_clear_pointer (&self->login, g_free);
}

/* Nothing is removed, and no answer is sent (RFC 1939 §3). */
static void
did_time_out (Channel *channel, gpointer data)
{
  channel_close (channel);
}

static void
will_stop (Channel *channel, gpointer data)
{
  pop3_fail (data, "[SYS/TEMP] The server is stopping");
  channel_close (channel);
}

static void
log_end (Pop3Session *self, const GError *reason)
{
  g_autofree char *retrieved = g_strdup_printf ("%u", self->retrieved);

  log_event (LOG_INFO, "POP3 session ended", "session", channel_id (self->channel), "user",
             self->user, "retrieved", retrieved, "error", reason ? reason->message : NULL, NULL);
}

static void
did_close (Channel *channel, const GError *reason, gpointer data)
{
  g_autoptr (Pop3Session) self = data;

  self->open = FALSE;
  g_clear_pointer (&self->sign_on, sign_on_unref);
  metric_add (METRIC_POP3_SESSIONS, -1);
  if (self->state != POP3_UPDATE) /* else once the deletions are done */
    pop3_session_leave (self);
  if (self->user)
    log_end (self, reason);
  go_on_drained (self);
}

static const ChannelEvents events = {
  .received = did_receive,
  .drained = did_drain,
  .secured = did_secure,
  .timed_out = did_time_out,
  .closed = did_close,
  .stopping = will_stop,
};

void
pop3_accepted (Channel *channel, gpointer data)
{
  Pop3Session *self = g_new0 (Pop3Session, 1);

  self->references = 1;
  self->open = TRUE;
  self->service = data;
  self->channel = channel_ref (channel);
  self->state = POP3_AUTHORIZATION;
  self->expect = pop3_expect_command;
  metric_add (METRIC_POP3_SESSIONS, 1);
  channel_set_input_limit (channel, POP3_AUTH_LINE_MAX);
  /* Not the idle timeout alone: a stranger who sends a byte now and then has no more time. */
  channel_set_total_timeout (channel, (guint)setting_number (SETTING_LOGIN_TIMEOUT));
  channel_set_idle_timeout (channel, (guint)setting_number (SETTING_LOGIN_TIMEOUT));
  channel_set_events (channel, &events, self);
  pop3_ok (self, "%s POP3 ready", self->service->hostname);
}
