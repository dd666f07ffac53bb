/* Mail from other servers is held against SPF, DKIM, ARC and DMARC while it comes in (RFC 9989
 * §5.3). */
#include "smtp/smtp-private.h"
#include "smtp/smtp-trace.h"
#include "log.h"
#include "metrics.h"
#include "net/network.h"
#include "policy/look-up.h"
#include "settings.h"
#include <string.h>

#define EARLY_MAX (64 * 1024) /* bytes of the header that are kept to ask for its keys early */

static gboolean
is_exempt (SmtpSession *self)
{
  g_autoptr (Networks) networks = networks_new (SETTING_AUTHENTICATION_EXEMPT_NETWORKS);

  return networks_contain (networks, channel_peer (self->channel));
}

void
smtp_check_begin (SmtpSession *self)
{
  g_autofree char *trusted = setting_text (SETTING_AUTHENTICATION_SEALERS);
  AuthenticationPeer peer = { .hostname = self->service->hostname,
                              .client = channel_peer (self->channel),
                              .helo = self->helo,
                              .sender = self->sender,
                              .trusted = trusted,
                              .seconds = AUTHENTICATION_SECONDS,
                              .ask = look_up_ask,
                              .data = self->service->dns };

  if (self->service->kind != SMTP_MX || self->service->dns == NULL
      || !setting_number (SETTING_AUTHENTICATION) || is_exempt (self))
    return;
  self->authentication = authentication_new (&peer);
  self->early = g_byte_array_new ();
}

/* The end of the header, or that it is too long, ends the gathering. */
void
smtp_check_gather (SmtpSession *self, const guint8 *bytes, gsize length)
{
  const gsize before = self->early ? self->early->len : 0;
  const gsize from = before > 3 ? before - 3 : 0;
  g_autoptr (GBytes) header = NULL;

  if (self->early == NULL)
    return;
  g_byte_array_append (self->early, bytes, MIN (length, EARLY_MAX - before));
  if (self->early->len < EARLY_MAX
      && g_strstr_len ((const char *)self->early->data + from, self->early->len - from, "\r\n\r\n")
          == NULL)
    return;
  header = g_byte_array_free_to_bytes (g_steal_pointer (&self->early));
  authentication_read_header (self->authentication, header);
}

void
smtp_check_end (SmtpSession *self)
{
  if (self->authentication)
    authentication_cancel (self->authentication);
  g_clear_pointer (&self->authentication, authentication_unref);
  g_clear_pointer (&self->early, g_byte_array_unref);
  g_clear_pointer (&self->findings, g_free);
  g_clear_pointer (&self->sealing_keys, g_ptr_array_unref);
  self->is_junk = self->sender_is_proved = FALSE;
}

/* A mail that waits for its verdict. */
typedef struct {
  SmtpSession *session;
  GBytes *bytes;
  SmtpHeader *header;
} Waiting;

static void
waiting_free (Waiting *self)
{
  smtp_session_unref (self->session);
  g_bytes_unref (self->bytes);
  g_clear_pointer (&self->header, smtp_header_free);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Waiting, waiting_free)

/* The domain came through domain_normalize: it may stand in a reply. RFC 7372 has the code. */
static char *
find_refusal (const AuthenticationVerdict *verdict, AuthenticationPolicy policy)
{
  if (policy != AUTHENTICATION_REJECT)
    return NULL;
  if (verdict->authors == DMARC_AUTHORS_OF_SEVERAL_FIELDS)
    return g_strdup ("550 5.7.1 The mail has more than one From field");
  if (verdict->policy != DMARC_POLICY_REJECT)
    return NULL;
  return g_strdup_printf ("550 5.7.26 %s says that this mail is not from there: neither SPF nor "
                          "DKIM agree (DMARC)",
                          verdict->author);
}

static void
apply (SmtpSession *self, AuthenticationVerdict *verdict, Waiting *waiting)
{
  const AuthenticationPolicy policy = setting_number (SETTING_AUTHENTICATION_POLICY);
  g_autofree char *refusal = find_refusal (verdict, policy);

  log_event (LOG_INFO, "Mail checked", "session", channel_id (self->channel), "sender",
             self->sender, "spf", verdict->spf, "dmarc", verdict->dmarc, "author", verdict->author,
             NULL);
  if (refusal) {
    metric_add (METRIC_SMTP_FORGED, 1);
    smtp_refuse_mail (self, refusal);
    return;
  }
  self->findings = g_steal_pointer (&verdict->field);
  self->chain = verdict->chain;
  self->chain_is_uncertain = verdict->chain_is_uncertain;
  self->sender_is_proved = g_strcmp0 (verdict->spf, "pass") == 0;
  self->is_junk = policy != AUTHENTICATION_NOTE
      && (verdict->policy >= DMARC_POLICY_QUARANTINE
          || verdict->authors >= DMARC_AUTHORS_OF_SEVERAL_DOMAINS);
  smtp_seal (self, waiting->bytes, g_steal_pointer (&waiting->header));
}

static void
did_check (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Waiting) waiting = data;
  g_autoptr (AuthenticationVerdict) verdict = authentication_finish_finish (result, NULL);

  if (verdict && !waiting->session->closed) /* none: the session went away */
    apply (waiting->session, verdict, waiting);
}

void
smtp_check (SmtpSession *self, GBytes *bytes, SmtpHeader *header)
{
  Waiting *waiting;

  if (self->authentication == NULL) {
    smtp_keep (self, bytes, header);
    smtp_header_free (header);
    return;
  }
  waiting = g_new0 (Waiting, 1);
  waiting->session = smtp_session_ref (self);
  waiting->bytes = g_bytes_ref (bytes);
  waiting->header = header;
  authentication_finish_async (self->authentication, bytes, did_check, waiting);
}
