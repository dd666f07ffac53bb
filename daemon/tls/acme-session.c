/* Each post takes a nonce, and each answer brings the next one. */
#include "tls/acme-session.h"
#include "language.h"
#include "tls/acme-error.h"
#include "tls/jws.h"
#include <string.h>

#define ANSWER_MAX (1024 * 1024) /* bytes; a chain has some ten thousand */
#define SECONDS 60
#define ATTEMPTS 5 /* at a nonce; busy authorities refuse a few */
#define NONCE_MAX 1024
#define TICK 50 /* ms between two looks whether the server stops */

void
acme_session_free (AcmeSession *self)
{
  if (self == NULL)
    return;
  g_free (self->url);
  g_free (self->authorities);
  g_clear_object (&self->cancellable);
  json_decref (self->directory);
  g_free (self->nonce);
  EVP_PKEY_free (self->key);
  g_free (self->account);
  g_free (self);
}

/* RFC 8555 §6.5.1: a nonce that is no base64url is ignored. */
static void
keep_nonce (AcmeSession *self, const FetchAnswer *answer)
{
  const char *nonce = fetch_answer_field (answer, "replay-nonce");
  g_autoptr (GBytes) decoded
      = nonce && *nonce && strlen (nonce) <= NONCE_MAX ? base64url_decode (nonce) : NULL;

  g_clear_pointer (&self->nonce, g_free);
  if (decoded)
    self->nonce = g_strdup (nonce);
}

static guint
wait_of (const FetchAnswer *answer)
{
  return acme_retry_after (fetch_answer_field (answer, "retry-after"),
                           g_get_real_time () / G_USEC_PER_SEC);
}

static FetchAnswer *
request (AcmeSession *self, const FetchRequest *wanted, GError **error)
{
  const gboolean german = language_of_server () == LANGUAGE_GERMAN;
  g_autoptr (GError) cause = NULL;
  FetchRequest whole = *wanted;

  whole.authorities = self->authorities;
  whole.most = ANSWER_MAX;
  whole.seconds = SECONDS;
  whole.cancellable = self->cancellable;
  whole.language = german ? "de, en;q=0.5" : "en";
  FetchAnswer *answer = fetch (&whole, &cause);
  self->retry_after = answer ? wait_of (answer) : 0;
  if (answer)
    keep_nonce (self, answer);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    acme_error_set (error, ACME_ERROR_UNREACHABLE, NULL, cause->message, 0);
  return answer;
}

/* Frees what is no success. */
static FetchAnswer *
check_status (FetchAnswer *answer, const char *host, GError **error)
{
  if (answer == NULL || answer->status / 100 == 2)
    return answer;
  acme_error_set_problem (error, (const char *)answer->body->data, answer->body->len,
                          answer->status, host, wait_of (answer));
  fetch_answer_free (answer);
  return NULL;
}

json_t *
acme_answer_object (const FetchAnswer *answer, GError **error)
{
  json_t *object = json_loadb ((const char *)answer->body->data, answer->body->len,
                               JSON_REJECT_DUPLICATES, NULL);

  if (json_is_object (object))
    return object;
  json_decref (object);
  acme_error_set (error, ACME_ERROR_NOT_UNDERSTOOD, NULL, NULL, 0);
  return NULL;
}

FetchAnswer *
acme_session_get (AcmeSession *self, const char *url, GError **error)
{
  const FetchRequest get = { .url = url };

  return check_status (request (self, &get, error), NULL, error);
}

AcmeSession *
acme_session_new (const char *url, const char *authorities, GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (AcmeSession) self = g_new0 (AcmeSession, 1);

  self->url = g_strdup (url);
  self->authorities = g_strdup (authorities);
  g_set_object (&self->cancellable, cancellable);
  g_autoptr (FetchAnswer) answer = acme_session_get (self, url, error);
  if (answer == NULL || (self->directory = acme_answer_object (answer, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

const char *
acme_session_url (AcmeSession *self, const char *resource, GError **error)
{
  const char *url = json_string_value (json_object_get (self->directory, resource));

  if (url == NULL)
    acme_error_set (error, ACME_ERROR_NOT_UNDERSTOOD, NULL, resource, 0);
  return url;
}

const char *
acme_session_terms (const AcmeSession *self)
{
  const json_t *meta = json_object_get (self->directory, "meta");

  return json_string_value (json_object_get (meta, "termsOfService"));
}

static gboolean
have_nonce (AcmeSession *self, GError **error)
{
  FetchRequest head = { .method = "HEAD" };

  if (self->nonce)
    return TRUE;
  head.url = acme_session_url (self, "newNonce", error);
  g_autoptr (FetchAnswer) answer
      = head.url ? check_status (request (self, &head, error), NULL, error) : NULL;
  if (answer == NULL)
    return FALSE;
  if (self->nonce == NULL)
    acme_error_set (error, ACME_ERROR_NOT_UNDERSTOOD, NULL, "Replay-Nonce", 0);
  return self->nonce != NULL;
}

/* RFC 8555 §6.2: the account's URL, or the key itself before there is an account. */
static char *
sign (AcmeSession *self, const char *url, const char *payload)
{
  json_t *header = json_pack ("{s:s, s:s}", "nonce", self->nonce, "url", url);

  if (self->account)
    json_object_set_new (header, "kid", json_string (self->account));
  else
    json_object_set_new (header, "jwk", jwk_new (self->key));
  g_clear_pointer (&self->nonce, g_free);
  return jws_sign (self->key, header, payload);
}

static FetchAnswer *
post_once (AcmeSession *self, const char *url, const char *payload, const char *host,
           GError **error)
{
  if (!have_nonce (self, error))
    return NULL;
  g_autofree char *body = sign (self, url, payload);
  const FetchRequest post
      = { .url = url, .method = "POST", .type = "application/jose+json", .body = body };
  return check_status (request (self, &post, error), host, error);
}

FetchAnswer *
acme_session_post (AcmeSession *self, const char *url, json_t *payload, const char *host,
                   GError **error)
{
  char *text = payload ? json_dumps (payload, JSON_COMPACT) : NULL;
  FetchAnswer *answer = NULL;

  json_decref (payload);
  for (guint i = 0; answer == NULL && i < ATTEMPTS; i++) {
    g_autoptr (GError) cause = NULL;
    answer = post_once (self, url, text ? text : "", host, &cause);
    if (answer == NULL
        && (i == ATTEMPTS - 1 || !g_error_matches (cause, ACME_ERROR, ACME_ERROR_BAD_NONCE))) {
      g_propagate_error (error, g_steal_pointer (&cause));
      break;
    }
  }
  free (text);
  return answer;
}

json_t *
acme_session_call (AcmeSession *self, const char *url, json_t *payload, const char *host,
                   char **location, GError **error)
{
  g_autoptr (FetchAnswer) answer = acme_session_post (self, url, payload, host, error);
  json_t *object = answer ? acme_answer_object (answer, error) : NULL;
  const char *where = answer ? fetch_answer_field (answer, "location") : NULL;

  if (object && location && where)
    *location = g_strdup (where);
  else if (object && location) {
    acme_error_set (error, ACME_ERROR_NOT_UNDERSTOOD, host, "Location", 0);
    json_decref (g_steal_pointer (&object));
  }
  return object;
}

gboolean
acme_session_wait (AcmeSession *self, guint milliseconds, GError **error)
{
  const gint64 end = g_get_monotonic_time () + (gint64)milliseconds * 1000;

  while (g_get_monotonic_time () < end && !g_cancellable_is_cancelled (self->cancellable))
    g_usleep (TICK * 1000);
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}
