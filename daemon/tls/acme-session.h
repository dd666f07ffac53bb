/* Requests to a certificate authority (RFC 8555 §6): its directory, nonces, signed posts. Belongs
 * to one worker, as every request waits for the network. */
#pragma once
#include "net/fetch.h"
#include <jansson.h>
#include <openssl/evp.h>

typedef struct {
  char *url; /* of the directory */
  char *authorities; /* see FetchRequest; NULL: the system's alone */
  GCancellable *cancellable; /* or NULL */
  json_t *directory;
  char *nonce; /* for the next post, or NULL */
  guint retry_after; /* what the last answer said, in seconds; 0: nothing */
  EVP_PKEY *key; /* the account's, once it is known */
  char *account; /* its URL, which is its "kid"; NULL: signed with the key in it */
} AcmeSession;

/* Fetches the directory of URL. CANCELLABLE ends every request and every wait. */
AcmeSession *acme_session_new (const char *url, const char *authorities, GCancellable *cancellable,
                               GError **error);
void acme_session_free (AcmeSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcmeSession, acme_session_free)

/* "newOrder" …: NULL and ERROR when the directory has none. */
const char *acme_session_url (AcmeSession *session, const char *resource, GError **error);
/* NULL: the directory does not say ("termsOfService"). */
const char *acme_session_terms (const AcmeSession *session);

/* Posts PAYLOAD (given away; NULL: POST-as-GET, RFC 8555 §6.3) to URL. A bad nonce is repeated
 * (§6.5). The answer's status is 2xx; everything else is an ERROR of ACME_ERROR, about HOST (or
 * NULL). */
FetchAnswer *acme_session_post (AcmeSession *session, const char *url, json_t *payload,
                                const char *host, GError **error);
/* The same, of which the answer is an object; free with json_decref. LOCATION (or NULL) becomes the
 * URL of what was made. */
json_t *acme_session_call (AcmeSession *session, const char *url, json_t *payload, const char *host,
                           char **location, GError **error);
/* A plain GET, as ARI wants it (RFC 9773 §4.1). */
FetchAnswer *acme_session_get (AcmeSession *session, const char *url, GError **error);

/* The body as an object; free with json_decref. */
json_t *acme_answer_object (const FetchAnswer *answer, GError **error);
/* Sleeps. FALSE and ERROR: the server stops. */
gboolean acme_session_wait (AcmeSession *session, guint milliseconds, GError **error);
