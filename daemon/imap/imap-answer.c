/* How a command ends: news first (RFC 9051 §7), then the tagged answer, then input again. */
#include "imap/imap-state.h"

#include "imap/imap-notify.h"
#include "imap/imap-sync.h"
#include "log.h"

#define ERRORS_MAX 20 /* BAD answers in a row before the session ends: it is no mail client */

static const char *const result_words[] = { "OK", "NO", "BAD" };

static const struct {
  int code; /* StoreError */
  const char *answer; /* NULL: the error's own message is for people */
  const char *response_code;
} store_failures[] = {
  { STORE_ERROR_FAILED, "The store failed; try again later", "UNAVAILABLE" },
  { STORE_ERROR_FULL, "The server's disk is full", "OVERQUOTA" },
  { STORE_ERROR_NOT_FOUND, NULL, "NONEXISTENT" },
  { STORE_ERROR_EXISTS, NULL, "ALREADYEXISTS" },
  { STORE_ERROR_QUOTA, NULL, "OVERQUOTA" },
  { STORE_ERROR_INVALID, NULL, "CANNOT" },
  { STORE_ERROR_DENIED, NULL, "NOPERM" },
  { STORE_ERROR_USE, NULL, "USEATTR" },
  { STORE_ERROR_CORRUPT, "The message is damaged on the server's disk", "UNAVAILABLE" },
};

gboolean
imap_session_may_announce_expunge (const ImapSession *self)
{
  const ImapCommand *info = self->running.info;

  return !info || !(info->flags & IMAP_NO_EXPUNGE)
      || (self->running.by_uid && !self->running.counted);
}

/* A client that keeps a MODSEQ is told which: it must lie below an expunge that was not told yet,
 * whatever the client saw (RFC 7162 §3.2, §3.2.7). */
static char *
print_highest (ImapSession *self, const char *text)
{
  guint64 modseq = self->selected->expunge_modseq;

  if (*text != '[')
    return g_strdup_printf ("[HIGHESTMODSEQ %" G_GUINT64_FORMAT "] %s", modseq, text);
  channel_print (self->channel, "* OK [HIGHESTMODSEQ %" G_GUINT64_FORMAT "] Highest\r\n", modseq);
  return g_strdup (text);
}

/* Expunges wait that this command's answers may not tell: NOOP brings them (RFC 9051 §7.1). */
static gboolean
hides_expunges (const ImapSession *self)
{
  return self->running.result == IMAP_OK && self->selected && *self->running.text != '['
      && self->selected->expunge_modseq < self->selected->modseq;
}

static char *
print_text (ImapSession *self)
{
  const char *text = self->running.text;

  if (self->running.removed && self->running.result == IMAP_OK && self->selected
      && self->enabled & IMAP_ENABLED_QRESYNC)
    return print_highest (self, text);
  return hides_expunges (self) ? g_strconcat ("[EXPUNGEISSUED] ", text, NULL) : g_strdup (text);
}

static void
answer (ImapSession *self, gpointer data)
{
  g_autofree char *text = self->open ? print_text (self) : NULL;
  ImapRunning running = self->running;
  g_autofree char *tag = running.tag;

  g_free (running.text);
  g_clear_pointer (&running.own_modseqs, g_array_unref);
  g_clear_pointer (&running.own_foreign, g_array_unref);
  g_clear_pointer (&running.own_uids, g_array_unref);
  g_free (running.supplied);
  self->running = (ImapRunning) { 0 };
  if (!self->open)
    return;
  channel_print (self->channel, "%s %s %s\r\n", tag, result_words[running.result], text);
  self->errors = running.result == IMAP_BAD ? self->errors + 1 : 0;
  if (self->errors >= ERRORS_MAX)
    imap_session_bye (self, "Too many errors");
  else
    imap_session_when_drained (self, imap_notify_rest, NULL);
}

static gboolean
has_news (ImapSession *self)
{
  const ImapCommand *info = self->running.info;
  gboolean fired;

  if (!self->selected || !self->open)
    return FALSE;
  fired = watch_rearm (self->selected->watch);
  return fired || (info && info->flags & IMAP_NEWS)
      || (self->selected->expunge_modseq < self->selected->modseq
          && imap_session_may_announce_expunge (self));
}

void
imap_session_finish (ImapSession *self, ImapResult result, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  self->running.result = result;
  g_free (self->running.text);
  self->running.text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (has_news (self))
    imap_sync (self, imap_session_may_announce_expunge (self), answer, NULL);
  else
    answer (self, NULL);
}

void
imap_session_finish_at_once (ImapSession *self, ImapResult result, const char *text)
{
  self->running.result = result;
  g_free (self->running.text);
  self->running.text = g_strdup (text);
  answer (self, NULL);
}

void
imap_session_fail (ImapSession *self, const GError *error)
{
  for (gsize i = 0; error->domain == STORE_ERROR && i < G_N_ELEMENTS (store_failures); i++) {
    if (error->code != store_failures[i].code)
      continue;
    if (store_failures[i].answer)
      log_event (LOG_WARNING, "IMAP command failed", "session", channel_id (self->channel), "user",
                 self->user, "error", error->message, NULL);
    imap_session_finish (self, IMAP_NO, "[%s] %s", store_failures[i].response_code,
                         store_failures[i].answer ? store_failures[i].answer : error->message);
    return;
  }
  log_event (LOG_WARNING, "IMAP command failed", "session", channel_id (self->channel), "user",
             self->user, "error", error->message, NULL);
  imap_session_finish (self, IMAP_NO, "[UNAVAILABLE] The server failed; try again later");
}

void
imap_session_refuse (ImapSession *self)
{
  imap_session_finish (self, IMAP_BAD, "Expected: %s", self->running.info->usage);
}

gboolean
imap_session_goes_on (ImapSession *self, gboolean done, const GError *error)
{
  if (!self->open)
    return FALSE;
  if (!done)
    imap_session_fail (self, error);
  return done;
}
