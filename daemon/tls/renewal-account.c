/* The settings of ACME, and what is done with the account alone. */
#include "settings.h"
#include "tls/acme-error.h"
#include "tls/acme-order.h"
#include "tls/certificate.h"
#include "tls/renewal-private.h"

RenewalSettings *
renewal_settings_new (const RenewalOptions *options)
{
  RenewalSettings *self = g_new0 (RenewalSettings, 1);

  self->directory = setting_text (SETTING_ACME_DIRECTORY);
  self->authorities = setting_text (SETTING_ACME_CA_FILE);
  self->email = setting_text (SETTING_ACME_EMAIL);
  self->eab_kid = setting_text (SETTING_ACME_EAB_KID);
  self->eab_key = setting_text (SETTING_ACME_EAB_KEY);
  self->dns_server = setting_text (SETTING_ACME_DNS_SERVER);
  self->dns_key = setting_text (SETTING_ACME_DNS_KEY);
  self->names = setting_text (SETTING_ACME_NAMES);
  self->account = (AcmeAccountOptions) { .folder = options->folder,
                                         .email = self->email,
                                         .agrees = setting_number (SETTING_ACME_AGREE) != 0,
                                         .eab_kid = self->eab_kid,
                                         .eab_key = self->eab_key };
  self->proofs
      = (AcmeProofOptions) { .challenge = (AcmeChallenge)setting_number (SETTING_ACME_CHALLENGE),
                             .dns_server = self->dns_server,
                             .dns_key = self->dns_key,
                             .hook = options->hook,
                             .dns_wait = (guint)setting_number (SETTING_ACME_DNS_WAIT) };
  return self;
}

void
renewal_settings_free (RenewalSettings *self)
{
  if (self == NULL)
    return;
  g_free (self->directory);
  g_free (self->authorities);
  g_free (self->email);
  g_free (self->eab_kid);
  g_free (self->eab_key);
  g_free (self->dns_server);
  g_free (self->dns_key);
  g_free (self->names);
  g_free (self);
}

static AcmeSession *
open_session (const RenewalOptions *options, const RenewalSettings *settings, GError **error)
{
  g_autoptr (AcmeSession) session
      = acme_session_new (settings->directory, settings->authorities, options->cancellable, error);

  if (session && acme_account_open (session, &settings->account, error))
    return g_steal_pointer (&session);
  return NULL;
}

AcmeSession *
renewal_session_new (const RenewalOptions *options, const RenewalSettings *settings, GError **error)
{
  g_autoptr (GError) cause = NULL;
  AcmeSession *session = open_session (options, settings, &cause);

  if (session == NULL && g_error_matches (cause, ACME_ERROR, ACME_ERROR_ACCOUNT_DOES_NOT_EXIST)
      && acme_account_forget (options->folder, settings->directory, error))
    return open_session (options, settings, error);
  if (cause)
    g_propagate_error (error, g_steal_pointer (&cause));
  return session;
}

gboolean
renewal_open_account (const RenewalOptions *options, GError **error)
{
  g_autoptr (RenewalSettings) settings = renewal_settings_new (options);
  g_autoptr (AcmeSession) session = renewal_session_new (options, settings, error);

  return session != NULL;
}

gboolean
renewal_roll_over (const RenewalOptions *options, GError **error)
{
  g_autoptr (RenewalSettings) settings = renewal_settings_new (options);
  g_autoptr (AcmeSession) session = renewal_session_new (options, settings, error);

  return session && acme_account_roll_over (session, options->folder, error);
}

json_t *
renewal_describe_account (const RenewalOptions *options, GError **error)
{
  g_autoptr (RenewalSettings) settings = renewal_settings_new (options);
  g_autoptr (AcmeSession) session
      = acme_session_new (settings->directory, settings->authorities, options->cancellable, error);

  if (session == NULL)
    return NULL;
  json_t *account = acme_account_describe (options->folder, settings->directory);
  return json_pack ("{s:s, s:s*, s:o}", "directory", settings->directory, "terms",
                    acme_session_terms (session), "account", account ? account : json_null ());
}

gboolean
renewal_revoke (const RenewalOptions *options, const char *name, guint reason, GError **error)
{
  g_autoptr (GBytes) der = certificate_load_der (options->certificates, name, error);
  g_autoptr (RenewalSettings) settings = der ? renewal_settings_new (options) : NULL;
  g_autoptr (AcmeSession) session
      = settings ? renewal_session_new (options, settings, error) : NULL;

  return session && acme_revoke (session, der, reason, error);
}
