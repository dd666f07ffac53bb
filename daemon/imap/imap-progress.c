/* Tells a client that its long command still runs. */
#include "imap/imap-progress.h"

#include <string.h>

#include "imap/imap-print.h"
#include "settings.h"

void
imap_progress_begin (ImapProgress *self)
{
  self->told = g_get_monotonic_time ();
}

/* A ']' in a tag would look like the end of the response code. */
static void
print_tag (GString *out, const char *tag)
{
  if (strchr (tag, ']'))
    g_string_append (out, "NIL");
  else
    imap_print_string (out, tag);
}

void
imap_progress_tell (ImapProgress *self, ImapSession *session, guint64 done, guint64 goal)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GString) out = NULL;

  if (now - self->told < setting_number (SETTING_IMAP_PROGRESS) * G_TIME_SPAN_SECOND)
    return;
  self->told = now;
  out = g_string_new ("* OK [INPROGRESS (");
  print_tag (out, session->running.tag);
  g_string_append_printf (out, " %" G_GUINT64_FORMAT " ", done);
  if (goal > done) /* it must be (RFC 9585 §4) */
    imap_print_number (out, goal);
  else
    g_string_append (out, "NIL");
  g_string_append (out, ")] Still at work\r\n");
  channel_write (session->channel, out->str, out->len);
}
