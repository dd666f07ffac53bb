/* FUTURERELEASE (RFC 4865): a user says in MAIL when a mail is to be sent. On submission alone, as
 * the extension is none for servers among themselves; until then the mail waits in the queue, also
 * for people here. */
#include "smtp/smtp-private.h"
#include "settings.h"
#include "smtp/future-release.h"

/* A second that has begun counts as over, so that nothing leaves too early. */
static gint64
now_seconds (void)
{
  return (g_get_real_time () + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
}

static gboolean
is_offered (SmtpSession *self)
{
  return self->service->kind == SMTP_SUBMISSION && self->service->schedule
      && setting_number (SETTING_FUTURE_RELEASE) > 0;
}

char *
smtp_future_advertise (SmtpSession *self)
{
  const gint64 most = setting_number (SETTING_FUTURE_RELEASE);
  g_autofree char *latest = future_release_print (now_seconds () + most);

  return is_offered (self)
      ? g_strdup_printf ("250-FUTURERELEASE %" G_GINT64_FORMAT " %s\r\n", most, latest)
      : g_strdup ("");
}

/* Takes TIME, or says why not. */
static const char *
take (SmtpSession *self, gint64 time, const char *kind, const char *value)
{
  const gint64 now = now_seconds ();

  if (self->future)
    return "501 5.5.4 HOLDFOR or HOLDUNTIL, and that once";
  if (time < now)
    return "501 5.5.4 That time is over: leave HOLDUNTIL out to send the mail now";
  if (time - now > setting_number (SETTING_FUTURE_RELEASE))
    return "501 5.5.4 That is further ahead than this server keeps mail: see EHLO";
  self->future = g_strconcat (kind, ";", value, NULL);
  self->released = time;
  return NULL;
}

gboolean
smtp_future_read_mail (SmtpSession *self, const char *key, const char *value, const char **refusal)
{
  gint64 seconds;

  if (!is_offered (self))
    return FALSE;
  if (g_ascii_strcasecmp (key, "HOLDFOR") == 0)
    *refusal = value && future_release_parse_interval (value, &seconds)
        ? take (self, now_seconds () + seconds, "for", value)
        : "501 5.5.4 HOLDFOR wants a number of seconds";
  else if (g_ascii_strcasecmp (key, "HOLDUNTIL") == 0)
    *refusal = value && future_release_parse_time (value, &seconds)
        ? take (self, seconds, "until", value)
        : "501 5.5.4 HOLDUNTIL wants a time such as 2026-12-24T16:00:00Z";
  else
    return FALSE;
  return TRUE;
}
