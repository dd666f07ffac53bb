/* This server's account at a certificate authority (RFC 8555 §7.3). FOLDER keeps a key and what is
 * known of the account for each directory, so that another authority can be tried and left again.
 */
#pragma once
#include "tls/acme-session.h"

typedef struct {
  const char *folder;
  const char *email; /* "": none */
  gboolean agrees; /* to the terms of service */
  const char *eab_kid, *eab_key; /* external account binding (§7.3.4), "": none; KEY in base64url */
} AcmeAccountOptions;

/* SESSION signs as the account from now on. It is made when there is none, and its contact is what
 * OPTIONS say (§7.3.2). */
gboolean acme_account_open (AcmeSession *session, const AcmeAccountOptions *options,
                            GError **error);
/* Another key for the account (§7.3.5). After a power cut in between, acme_account_open finds out
 * which of the two the authority knows. */
gboolean acme_account_roll_over (AcmeSession *session, const char *folder, GError **error);
/* The authority does not know it any more: the next acme_account_open makes it anew. */
gboolean acme_account_forget (const char *folder, const char *directory, GError **error);
/* {"url", "email", "directory", "thumbprint"} of the account for DIRECTORY, or NULL: there is none.
 */
json_t *acme_account_describe (const char *folder, const char *directory);
