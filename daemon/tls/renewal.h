/* One round of renewals: which certificates are due, ordered one after the other; what came out is
 * in their states (acme-state.h). Waits for the network and the disk: for a worker; one at a time.
 */
#pragma once
#include "net/dns.h"
#include <jansson.h>

typedef struct {
  const char *certificates, *folder; /* where certificates and states are */
  const char *hostname;
  const char *hook; /* see AcmeProofOptions */
  Dns *dns; /* NULL: every name is taken to lead here */
  const GPtrArray *domains; /* char * */
  gboolean is_asked; /* by a person: what is good is left alone, but no failure is waited for */
  const char *only; /* the certificate to renew even though it is good, or NULL; "*": all */
  gboolean
      has_new_key; /* else a certificate keeps its key, for which others may have a TLSA record */
  GCancellable *cancellable;
  void (*did_renew) (const char *name, gpointer data); /* it is on the disk: load it */
  /* How many certificates were looked at; or NULL. */
  void (*progress) (guint64 done, guint64 total, gpointer data);
  gpointer progress_data;
  gpointer data;
} RenewalOptions;

/* *RENEWED: how many. FALSE and ERROR: what failed first; the others were tried all the same. */
gboolean renewal_run (const RenewalOptions *options, guint *renewed, GError **error);

/* Of the account, outside of a round: another key (RFC 8555 §7.3.5), or what it is now. */
gboolean renewal_roll_over (const RenewalOptions *options, GError **error);
/* {"directory", "terms", "account": {…} or null}: asks the authority for its terms. */
json_t *renewal_describe_account (const RenewalOptions *options, GError **error);
/* The account is opened (made when there is none), and its contact is as the settings say. */
gboolean renewal_open_account (const RenewalOptions *options, GError **error);
/* Revokes the certificate NAME with REASON (see acme_revoke), which stays until another one comes.
 */
gboolean renewal_revoke (const RenewalOptions *options, const char *name, guint reason,
                         GError **error);
