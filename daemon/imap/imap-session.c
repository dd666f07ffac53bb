/* An IMAP session's life: greeting, input, pauses, timeouts, its end. */
#include "imap/imap-state.h"

#include <string.h>

#include "imap/imap-append.h"
#include "imap/imap-idle.h"
#include "imap/imap-notify.h"
#include "log.h"
#include "metrics.h"
#include "settings.h"

/* Literals of one command together: names and search texts are short, and strangers get less. */
#define LITERALS_MAX_STRANGER 4096
#define LITERALS_MAX (256 * 1024)

ImapSession *
imap_session_ref (ImapSession *self)
{
  self->references++;
  return self;
}

void
imap_selected_free (ImapSelected *selected)
{
  watch_free (selected->watch);
  g_clear_pointer (&selected->sequence, imap_sequence_free);
  g_free (selected);
}

static void
clear_running (ImapSession *self)
{
  g_free (self->running.tag);
  g_free (self->running.text);
  g_free (self->running.supplied);
  g_clear_pointer (&self->running.own_modseqs, g_array_unref);
  g_clear_pointer (&self->running.own_foreign, g_array_unref);
  g_clear_pointer (&self->running.own_uids, g_array_unref);
  self->running = (ImapRunning) { 0 };
}

void
imap_session_unref (ImapSession *self)
{
  if (--self->references > 0)
    return;
  clear_running (self);
  g_clear_pointer (&self->input, imap_input_free);
  g_clear_pointer (&self->saved, g_array_unref);
  g_clear_pointer (&self->notify, imap_notify_free);
  g_free (self->user);
  g_strfreev (self->hidden);
  channel_unref (self->channel);
  g_free (self);
}

void
imap_session_pause (ImapSession *self)
{
  if (!self->paused)
    channel_pause (self->channel);
  self->paused = TRUE;
}

void
imap_session_resume (ImapSession *self)
{
  if (self->paused)
    channel_resume (self->channel);
  self->paused = FALSE;
}

void
imap_session_set_idle_timeout (ImapSession *self)
{
  gint64 seconds = setting_number (
      self->state == IMAP_NOT_AUTHENTICATED ? SETTING_LOGIN_TIMEOUT : SETTING_IDLE_TIMEOUT_IMAP);

  channel_set_idle_timeout (self->channel, (guint)seconds);
}

/* Not the idle timeout alone: a stranger who sends a byte now and then has no more time. */
void
imap_session_await_login (ImapSession *self)
{
  channel_set_total_timeout (self->channel, (guint)setting_number (SETTING_LOGIN_TIMEOUT));
  imap_session_set_idle_timeout (self);
}

void
imap_session_save (ImapSession *self, GArray *uids)
{
  g_clear_pointer (&self->saved, g_array_unref);
  self->saved = uids;
}

void
imap_session_did_change (ImapSession *self, const MailboxNumbers *before,
                         const MailboxNumbers *after)
{
  if (self->notify && before->id != 0 && after->id == before->id)
    imap_known_did_change (self->notify->known, before, after);
}

void
imap_session_did_add (ImapSession *self, const GArray *uids, const MailboxNumbers *before,
                      const MailboxNumbers *after)
{
  g_autoptr (GArray) copy = NULL;

  if (!self->notify)
    return;
  if (self->selected && self->selected->mailbox == before->id && !self->running.own_uids) {
    copy = g_array_copy ((GArray *)uids);
    self->running.own_uids = imap_set_of_uids (copy);
  }
  imap_session_did_change (self, before, after);
}

void
imap_session_deselect (ImapSession *self)
{
  imap_session_save (self, NULL);
  if (!self->selected)
    return;
  g_clear_pointer (&self->selected, imap_selected_free);
  self->state = IMAP_AUTHENTICATED;
}

void
imap_session_bye (ImapSession *self, const char *text)
{
  channel_print (self->channel, "* BYE %s\r\n", text);
  channel_close (self->channel);
}

void
imap_session_when_drained (ImapSession *self, ImapContinuation next, gpointer data)
{
  g_assert (!self->drained);
  if (!self->open || !channel_is_full (self->channel)) {
    next (self, data);
    return;
  }
  self->drained = next;
  self->drained_data = data;
}

static void
go_on_drained (ImapSession *self)
{
  ImapContinuation next = g_steal_pointer (&self->drained);

  if (next)
    next (self, g_steal_pointer (&self->drained_data));
}

/* A synchronizing literal that does not fit: the client waits, so the command ends here. */
static void
refuse_literal (ImapSession *self)
{
  gsize length;
  const guint8 *text = imap_input_text (self->input, &length);
  ImapParser parser = imap_parser (text, length);
  g_autofree char *tag = imap_parser_tag (&parser);

  channel_print (self->channel, "%s BAD [TOOBIG] Literal too long\r\n", tag ? tag : "*");
  g_clear_pointer (&self->input, imap_input_free);
}

static void
run_command (ImapSession *self)
{
  g_autoptr (ImapInput) input = g_steal_pointer (&self->input);
  gsize length;
  const guint8 *text = imap_input_text (input, &length);

  imap_session_pause (self);
  imap_session_run (self, text, length);
}

static gsize
expect_command (ImapSession *self, const guint8 *bytes, gsize length)
{
  gsize literals = self->state == IMAP_NOT_AUTHENTICATED ? LITERALS_MAX_STRANGER : LITERALS_MAX;
  ImapInputEvent event;
  gsize taken;

  if (!self->input)
    self->input = imap_input_new ();
  taken = imap_input_feed (self->input, bytes, length, literals, &event);
  switch (event) {
  case IMAP_INPUT_MORE:
    break;
  case IMAP_INPUT_COMMAND:
    run_command (self);
    break;
  case IMAP_INPUT_CONTINUE:
    channel_print (self->channel, "+ Go ahead\r\n");
    break;
  case IMAP_INPUT_MESSAGE:
    imap_append_begin (self);
    break;
  case IMAP_INPUT_REFUSED:
    refuse_literal (self);
    break;
  case IMAP_INPUT_OVERFLOW:
    imap_session_bye (self, "Command too long");
    break;
  }
  return taken;
}

void
imap_session_expect (ImapSession *self, ImapExpect expect)
{
  self->expect = expect ? expect : expect_command;
}

static gsize
received (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  ImapSession *self = data;

  return self->expect (self, bytes, length);
}

static void
drained (Channel *channel, gpointer data)
{
  g_autoptr (ImapSession) self = imap_session_ref (data);

  go_on_drained (self);
}

static void
secured (Channel *channel, gpointer data)
{
  /* STARTTLS is done: the client speaks next. */
}

static void
timed_out (Channel *channel, gpointer data)
{
  ImapSession *self = data;

  if (self->idling)
    imap_idle_timed_out (self);
  else if (self->state == IMAP_NOT_AUTHENTICATED)
    imap_session_bye (self, "Waited too long for a login");
  else
    imap_session_bye (self, "Autologout; idle for too long");
}

static void
stopping (Channel *channel, gpointer data)
{
  imap_session_bye (data, "The server is stopping");
}

static void
closed (Channel *channel, const GError *reason, gpointer data)
{
  g_autoptr (ImapSession) self = data;

  self->open = FALSE;
  imap_notify_stop (self->notify);
  g_clear_pointer (&self->selected, imap_selected_free);
  g_clear_pointer (&self->sign_on, sign_on_unref);
  g_clear_pointer (&self->append, imap_append_free);
  metric_add (METRIC_IMAP_SESSIONS, -1);
  if (self->user)
    log_event (LOG_INFO, "IMAP session ended", "session", channel_id (channel), "user", self->user,
               "error", reason ? reason->message : NULL, NULL);
  go_on_drained (self);
}

static const ChannelEvents events = {
  .received = received,
  .drained = drained,
  .secured = secured,
  .timed_out = timed_out,
  .stopping = stopping,
  .closed = closed,
};

void
imap_accepted (Channel *channel, gpointer data)
{
  static gsize sessions; /* atomic */
  ImapSession *self = g_new0 (ImapSession, 1);
  g_autoptr (GString) greeting = g_string_new ("* OK [CAPABILITY ");

  self->references = 1;
  self->number = g_atomic_pointer_add (&sessions, 1) + 1;
  self->open = TRUE;
  self->service = data;
  self->channel = channel_ref (channel);
  self->state = IMAP_NOT_AUTHENTICATED;
  self->expect = expect_command;
  metric_add (METRIC_IMAP_SESSIONS, 1);
  channel_set_events (channel, &events, self);
  imap_session_await_login (self);
  imap_capabilities_print (self, greeting);
  g_string_append_printf (greeting, "] %s ready\r\n", self->service->hostname);
  channel_write (channel, greeting->str, greeting->len);
}
