/* What can go wrong with a certificate authority, as sentences that say what to do next. The
 * problem documents of RFC 8555 §6.7 and what we see ourselves are one table. */
#pragma once
#include <gio/gio.h>
#include <jansson.h>

typedef enum {
  /* Of RFC 8555 §6.7; the names follow the table in acme-error.c. */
  ACME_ERROR_ACCOUNT_DOES_NOT_EXIST,
  ACME_ERROR_ALREADY_REVOKED,
  ACME_ERROR_BAD_CSR,
  ACME_ERROR_BAD_NONCE,
  ACME_ERROR_BAD_PUBLIC_KEY,
  ACME_ERROR_BAD_REVOCATION_REASON,
  ACME_ERROR_BAD_SIGNATURE_ALGORITHM,
  ACME_ERROR_CAA,
  ACME_ERROR_COMPOUND,
  ACME_ERROR_CONNECTION,
  ACME_ERROR_DNS,
  ACME_ERROR_EXTERNAL_ACCOUNT_REQUIRED,
  ACME_ERROR_INCORRECT_RESPONSE,
  ACME_ERROR_INVALID_CONTACT,
  ACME_ERROR_MALFORMED,
  ACME_ERROR_ORDER_NOT_READY,
  ACME_ERROR_RATE_LIMITED,
  ACME_ERROR_REJECTED_IDENTIFIER,
  ACME_ERROR_SERVER_INTERNAL,
  ACME_ERROR_TLS,
  ACME_ERROR_UNAUTHORIZED,
  ACME_ERROR_UNSUPPORTED_CONTACT,
  ACME_ERROR_UNSUPPORTED_IDENTIFIER,
  ACME_ERROR_USER_ACTION_REQUIRED,
  ACME_ERROR_ALREADY_REPLACED, /* RFC 9773 §7.4 */
  /* Ours. */
  ACME_ERROR_REFUSED, /* a problem whose type nobody knows */
  ACME_ERROR_UNREACHABLE, /* the authority */
  ACME_ERROR_NOT_UNDERSTOOD, /* its answer */
  ACME_ERROR_TERMS,
  ACME_ERROR_NO_CHALLENGE, /* it does not offer ours */
  ACME_ERROR_DNS_UPDATE,
  ACME_ERROR_HOOK,
  ACME_ERROR_TIMEOUT,
  ACME_ERROR_SETTINGS,
  ACME_ERROR_LOCAL, /* the disk, memory */
  ACME_ERROR_NO_NAMES, /* none of ours leads here */
  ACME_ERROR_COUNT,
} AcmeErrorCode;

#define ACME_ERROR (acme_error_quark ())
GQuark acme_error_quark (void);

#define ACME_DETAIL_MAX 500 /* characters of what an authority says */

/* HOST: which name it is about, or NULL; DETAIL: what the authority or the system said, or NULL;
 * WAIT: seconds until it may be tried again, 0: nobody said. */
void acme_error_set (GError **error, AcmeErrorCode code, const char *host, const char *detail,
                     guint wait);
/* ERROR from a problem document (or whatever came with STATUS instead of one). */
void acme_error_set_problem (GError **error, const char *text, gsize length, guint status,
                             const char *host, guint wait);
/* The same of the "error" of a challenge or an order. */
void acme_error_set_json (GError **error, const json_t *problem, const char *host, guint wait);

/* Of the parts of ERROR, which is one of ACME_ERROR. */
const char *acme_error_host (const GError *error);
guint acme_error_wait (const GError *error);
/* The names that the problem is about (RFC 8555 §6.7.1), NULL-terminated; belongs to ERROR. */
const char *const *acme_error_hosts (const GError *error);

/* {"type", "host", "detail"}, for a file: whatever ERROR is. */
json_t *acme_error_describe (const GError *error);
/* The sentence for such an object; free with g_free. */
char *acme_error_sentence (const json_t *described);

/* Retry-After (RFC 9110 §10.2.3): seconds from NOW, or a date; 0: neither. At most a week. */
guint acme_retry_after (const char *value, gint64 now);
