/* The first lines of defence where other servers come in: who talks before the greeting, who stands
 * on a block list, and who does not come again. The office's own networks are not looked at. */
#include "smtp/smtp-private.h"
#include "log.h"
#include "metrics.h"
#include "net/network.h"
#include "settings.h"
#include <string.h>

/* RFC 5321 §4.5.1, RFC 2142: whoever is refused may ask why. */
static gboolean
is_open_to_all (const char *address)
{
  static const char *const names[] = { "postmaster", "abuse" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const gsize length = strlen (names[i]);

    if (g_ascii_strncasecmp (address, names[i], length) == 0
        && (address[length] == '@' || address[length] == '\0'))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_defended (SmtpSession *self)
{
  g_autoptr (Networks) networks = networks_new (SETTING_AUTHENTICATION_EXEMPT_NETWORKS);

  return self->service->kind == SMTP_MX
      && !networks_contain (networks, channel_peer (self->channel));
}

static gboolean
is_known (SmtpSession *self)
{
  return self->service->known_clients == NULL
      || known_clients_know (self->service->known_clients, channel_peer (self->channel));
}

/* What waited for the block lists goes on, or is let go. */
static void
go_on (SmtpSession *self)
{
  const SmtpGoOn next = self->waiting;
  gpointer data = g_steal_pointer (&self->waiting_data);

  self->waiting = NULL;
  if (next)
    next (self, data);
}

static void
did_ask_lists (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;

  g_clear_object (&self->asking);
  self->listing = block_listing_ask_finish (result, NULL);
  go_on (self);
}

static void
ask_lists (SmtpSession *self)
{
  BlockLists *lists = self->service->block_lists;

  if (lists == NULL || !block_lists_are_there (lists))
    return;
  self->asking = g_cancellable_new ();
  block_listing_ask_async (lists, channel_peer (self->channel), self->asking, did_ask_lists,
                           smtp_session_ref (self));
}

gboolean
smtp_defence_begin (SmtpSession *self)
{
  const gint64 delay = setting_number (SETTING_SMTP_GREET_DELAY);

  self->is_defended = is_defended (self);
  if (!self->is_defended)
    return FALSE;
  ask_lists (self);
  if (delay == 0 || channel_peer_is_loopback (self->channel) || is_known (self))
    return FALSE;
  self->expect = smtp_expect_silence;
  /* At least: the second that runs already is not a whole one. */
  channel_set_idle_timeout (self->channel, (guint)delay + 1);
  return TRUE;
}

void
smtp_defence_end (SmtpSession *self)
{
  if (self->asking)
    g_cancellable_cancel (self->asking);
}

/* A server waits for the greeting (RFC 5321 §3.1); what pours out its commands does not. */
gsize
smtp_expect_silence (SmtpSession *self, const guint8 *bytes, gsize length)
{
  metric_add (METRIC_SMTP_EARLY_TALKERS, 1);
  log_event (LOG_NOTICE, "A client talked before the greeting", "session",
             channel_id (self->channel), "address", channel_peer_text (self->channel), NULL);
  smtp_reply (self, "554 5.5.1 %s You talked before the greeting, which no mail server does",
              self->service->hostname);
  channel_close (self->channel);
  return length;
}

void
smtp_defence_wait (SmtpSession *self, SmtpGoOn next, gpointer data)
{
  if (self->asking == NULL) {
    next (self, data);
    return;
  }
  self->waiting = next;
  self->waiting_data = data;
}

GreylistMail *
smtp_defence_greylist (SmtpSession *self, const char *recipient)
{
  if (!self->is_defended || setting_number (SETTING_SMTP_GREYLIST) == 0 || is_known (self)
      || is_open_to_all (recipient))
    return NULL;
  return greylist_mail_new (known_clients_network (channel_peer (self->channel)), self->sender,
                            recipient);
}

static gboolean
add_to_greylist (StoreTransaction *transaction, gpointer data, GError **error)
{
  return greylist_add (transaction, data, error);
}

/* A mail that is not remembered is asked to come again twice. */
static void
did_add (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (self->service->store, result, &error))
    log_event (LOG_WARNING, "The greylist was not written", "session", channel_id (self->channel),
               "error", error->message, NULL);
}

static char *
refuse_listed (SmtpSession *self)
{
  const BlockListing *listing = self->listing;

  metric_add (METRIC_SMTP_BLOCKED, 1);
  return g_strdup_printf ("554 5.7.1 %s is on the block list %s (%s%s%s); ask there to be removed",
                          channel_peer_text (self->channel), listing->list, listing->address,
                          listing->reason ? ": " : "", listing->reason ? listing->reason : "");
}

/* MAIL was offered at FIRST, or (0) is new. */
static char *
put_off (SmtpSession *self, GreylistMail *mail, gint64 first)
{
  const gint64 wait = setting_number (SETTING_SMTP_GREYLIST);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const gint64 left = first == 0 ? wait : first + wait - now;

  if (left <= 0) {
    known_clients_welcome (self->service->known_clients, channel_peer (self->channel));
    greylist_mail_free (mail);
    return NULL;
  }
  metric_add (METRIC_SMTP_GREYLISTED, 1);
  if (first == 0)
    store_write_async (self->service->store, add_to_greylist, mail,
                       (GDestroyNotify)greylist_mail_free, NULL, did_add, smtp_session_ref (self));
  else
    greylist_mail_free (mail);
  return g_strdup_printf ("451 4.7.1 This server does not know yours yet: come again in %d seconds",
                          (int)left);
}

char *
smtp_defence_refuse (SmtpSession *self, const char *recipient, GreylistMail *mail, gint64 first)
{
  char *refusal = NULL;

  if (self->listing && !is_open_to_all (recipient))
    refusal = refuse_listed (self);
  if (refusal) {
    g_clear_pointer (&mail, greylist_mail_free);
    return refusal;
  }
  return mail ? put_off (self, mail, first) : NULL;
}

void
smtp_defence_welcome (SmtpSession *self)
{
  if (self->is_defended && self->service->known_clients && !self->is_junk)
    known_clients_welcome (self->service->known_clients, channel_peer (self->channel));
}
