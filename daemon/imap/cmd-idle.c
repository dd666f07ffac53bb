/* IDLE (RFC 9051 §6.3.13): news at once, a sign of life for NAT boxes, until DONE. */
#include "imap/imap-commands.h"

#include <string.h>

#include "imap/imap-idle.h"
#include "imap/imap-notify.h"
#include "settings.h"

#define DONE_MAX 1024 /* bytes of a line that should be DONE */

static void bring_news (ImapSession *self);

static void
go_on (ImapSession *self, gpointer data)
{
  if (!self->open || !self->idling)
    return;
  imap_session_resume (self);
  /* What came while the news were read fired unseen: the watch is armed only by reading. */
  if ((self->selected && self->selected->stirred) || imap_notify_is_pending (self))
    bring_news (self);
}

/* Who does not read is told no more. */
static void
did_bring_news (ImapSession *self, gpointer data)
{
  imap_session_when_drained (self, go_on, NULL);
}

/* The input waits meanwhile, so DONE finds the session at rest. */
static void
bring_news (ImapSession *self)
{
  imap_session_pause (self);
  imap_notify_bring (self, TRUE, did_bring_news, NULL);
}

void
imap_idle_wake (ImapSession *self)
{
  if (self->idling && !self->paused)
    bring_news (self);
}

static void
wait_quietly (ImapSession *self)
{
  self->still_here = (guint)setting_number (SETTING_IMAP_STILL_HERE);
  channel_set_idle_timeout (self->channel, self->still_here);
}

void
imap_idle_timed_out (ImapSession *self)
{
  self->quiet += self->still_here;
  if (self->quiet > setting_number (SETTING_IDLE_TIMEOUT_IMAP)) {
    imap_session_bye (self, "Autologout; idle for too long");
    return;
  }
  channel_print (self->channel, "* OK Still here\r\n");
  wait_quietly (self);
}

static gboolean
is_done (const guint8 *line, gsize length)
{
  if (length > 0 && line[length - 1] == '\r')
    length--;
  return length == 4 && g_ascii_strncasecmp ((const char *)line, "DONE", 4) == 0;
}

/* Takes one line: iOS sends its next command in the same packet. */
static gsize
expect_done (ImapSession *self, const guint8 *bytes, gsize length)
{
  const guint8 *end = memchr (bytes, '\n', length);

  if (!end && length < DONE_MAX)
    return 0;
  if (!end) {
    imap_session_bye (self, "Expected DONE");
    return length;
  }
  self->idling = FALSE;
  imap_session_pause (self);
  imap_session_expect (self, NULL);
  imap_session_set_idle_timeout (self);
  if (is_done (bytes, (gsize)(end - bytes)))
    imap_session_finish (self, IMAP_OK, "Idle ended");
  else
    imap_session_finish (self, IMAP_BAD, "Expected DONE");
  return (gsize)(end - bytes) + 1;
}

void
imap_cmd_idle (ImapSession *self, ImapParser *arguments)
{
  self->idling = TRUE;
  self->quiet = 0;
  channel_print (self->channel, "+ idling\r\n");
  wait_quietly (self);
  imap_session_expect (self, expect_done);
  bring_news (self);
}
