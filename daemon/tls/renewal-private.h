/* What the files renewal*.c share. */
#pragma once
#include "tls/acme-account.h"
#include "tls/acme-proof.h"
#include "tls/renewal.h"

/* What the settings say when a round begins. */
typedef struct {
  char *directory, *authorities, *email, *eab_kid, *eab_key, *dns_server, *dns_key, *names;
  AcmeAccountOptions account;
  AcmeProofOptions proofs;
} RenewalSettings;
RenewalSettings *renewal_settings_new (const RenewalOptions *options);
void renewal_settings_free (RenewalSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RenewalSettings, renewal_settings_free)

/* A session that signs as the account; an account that the authority has lost is made anew. */
AcmeSession *renewal_session_new (const RenewalOptions *options, const RenewalSettings *settings,
                                  GError **error);
