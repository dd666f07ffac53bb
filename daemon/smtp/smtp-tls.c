/* What a sender says about TLS on the mail's further way (RFC 8689): REQUIRETLS with MAIL, or the
 * field "TLS-Required: No". */
#include "smtp/smtp-private.h"
#include "queue/queue.h"

gboolean
smtp_offers_require_tls (SmtpSession *self)
{
  return self->extended && channel_is_secure (self->channel);
}

gboolean
smtp_tls_read_mail (SmtpSession *self, const char *key, const char *value, const char **refusal)
{
  if (!self->extended || g_ascii_strcasecmp (key, "REQUIRETLS") != 0)
    return FALSE;
  if (!smtp_offers_require_tls (self))
    *refusal = "530 5.7.10 REQUIRETLS is for mail that comes with TLS: say STARTTLS first";
  else if (value)
    *refusal = "501 5.5.4 REQUIRETLS has no value";
  else
    *refusal = NULL;
  self->requires_tls = *refusal == NULL;
  return TRUE;
}

/* The parameter counts more than the field (§4.1). */
guint
smtp_tls_content (SmtpSession *self)
{
  if (self->requires_tls)
    return QUEUE_REQUIRE_TLS;
  return self->waives_tls ? QUEUE_WAIVE_TLS : 0;
}
