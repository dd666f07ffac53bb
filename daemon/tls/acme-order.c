/* The order's status says what is next; each step asks for it again. */
#include "tls/acme-order.h"
#include "tls/acme-error.h"
#include "tls/jws.h"
#include "tls/key.h"
#include <string.h>

#define AUTHORIZATIONS_MAX 100
#define DEADLINE (5 * 60) /* seconds for all proofs, and again for the certificate */
#define FIRST_PAUSE 100 /* ms */
#define LONGEST_PAUSE 10000
#define ASKED_PAUSE_MAX 60 /* seconds that an authority may ask for (RFC 8555 §7.5.1) */
#define STEPS_MAX 100 /* an authority that leads in a circle is left */

typedef struct {
  AcmeSession *session;
  AcmeOrder *order;
  GPtrArray *proofs; /* AcmeProof: laid out */
  GPtrArray *open; /* char *: authorizations that the authority looks at */
  gint64 deadline; /* monotonic */
  guint pause;
} Run;

static const char *
text_of (const json_t *object, const char *key)
{
  const char *text = json_string_value (json_object_get (object, key));

  return text ? text : "";
}

static gboolean
fail (GError **error, AcmeErrorCode code, const char *host, const char *detail)
{
  acme_error_set (error, code, host, detail, 0);
  return FALSE;
}

static json_t *
look_at (Run *self, const char *url, GError **error)
{
  return acme_session_call (self->session, url, NULL, NULL, NULL, error);
}

static void
begin_waiting (Run *self)
{
  self->deadline = g_get_monotonic_time () + DEADLINE * G_USEC_PER_SEC;
  self->pause = FIRST_PAUSE;
}

/* Longer and longer. */
static gboolean
pause_once (Run *self, const char *host, GError **error)
{
  if (g_get_monotonic_time () > self->deadline)
    return fail (error, ACME_ERROR_TIMEOUT, host, NULL);
  const guint pause = self->pause;
  self->pause = MIN (pause * 3 / 2, LONGEST_PAUSE);
  return acme_session_wait (
      self->session, MAX (pause, MIN (self->session->retry_after, ASKED_PAUSE_MAX) * 1000), error);
}

static json_t *
identifiers (const char *const *hosts)
{
  json_t *list = json_array ();

  for (guint i = 0; hosts[i]; i++)
    json_array_append_new (list, json_pack ("{s:s, s:s}", "type", "dns", "value", hosts[i]));
  return list;
}

static json_t *
order_payload (const AcmeOrder *order, gboolean replaces)
{
  json_t *payload = json_pack ("{s:o}", "identifiers", identifiers (order->hosts));

  if (replaces)
    json_object_set_new (payload, "replaces", json_string (order->replaces));
  return payload;
}

/* An authority that does not want to hear which certificate is replaced hears nothing of it (RFC
 * 9773 §5 lets it refuse one that was replaced already). */
static gboolean
make_order (Run *self, GError **error)
{
  AcmeOrder *order = self->order;
  const char *url = acme_session_url (self->session, "newOrder", error);
  g_autoptr (GError) cause = NULL;

  if (url == NULL)
    return FALSE;
  json_t *made
      = acme_session_call (self->session, url, order_payload (order, order->replaces != NULL), NULL,
                           &order->url, &cause);
  if (made == NULL && order->replaces
      && (g_error_matches (cause, ACME_ERROR, ACME_ERROR_ALREADY_REPLACED)
          || g_error_matches (cause, ACME_ERROR, ACME_ERROR_MALFORMED))) {
    g_clear_error (&cause);
    made = acme_session_call (self->session, url, order_payload (order, FALSE), NULL, &order->url,
                              &cause);
  }
  json_decref (made);
  if (cause)
    g_propagate_error (error, g_steal_pointer (&cause));
  return made && order->keep (order->url, order->data, error);
}

static const json_t *
find_challenge (const json_t *authorization, const char *type)
{
  const json_t *challenge;
  gsize i;

  json_array_foreach (json_object_get (authorization, "challenges"), i, challenge)
  {
    if (strcmp (text_of (challenge, "type"), type) == 0)
      return challenge;
  }
  return NULL;
}

static const char *
host_of (const json_t *authorization)
{
  return text_of (json_object_get (authorization, "identifier"), "value");
}

/* Nobody makes us write proofs for names that we did not ask for. */
static gboolean
is_ours (const AcmeOrder *order, const char *host)
{
  return g_strv_contains (order->hosts, host);
}

/* What was wrong stands at the challenge that was tried. */
static gboolean
fail_authorization (const json_t *authorization, GError **error)
{
  const json_t *challenge;
  gsize i;

  json_array_foreach (json_object_get (authorization, "challenges"), i, challenge)
  {
    const json_t *problem = json_object_get (challenge, "error");
    if (problem) {
      acme_error_set_json (error, problem, host_of (authorization), 0);
      return FALSE;
    }
  }
  return fail (error, ACME_ERROR_UNAUTHORIZED, host_of (authorization),
               text_of (authorization, "status"));
}

static gboolean
lay_out (Run *self, const char *url, const json_t *authorization, GError **error)
{
  const AcmeProofOptions *options = self->order->proofs;
  const char *host = host_of (authorization);
  const json_t *challenge
      = find_challenge (authorization, acme_challenge_name (options->challenge));

  if (!is_ours (self->order, host))
    return fail (error, ACME_ERROR_NOT_UNDERSTOOD, host, NULL);
  if (challenge == NULL)
    return fail (error, ACME_ERROR_NO_CHALLENGE, host, NULL);
  AcmeProof *proof = acme_proof_new (options, host, text_of (challenge, "token"),
                                     self->session->key, self->session->cancellable, error);
  if (proof == NULL)
    return FALSE;
  g_ptr_array_add (self->proofs, proof);
  g_ptr_array_add (self->open, g_strdup (url));
  return TRUE;
}

/* RFC 8555 §7.1.6: "valid" needs nothing, "pending" a proof. */
static gboolean
open_authorization (Run *self, const char *url, GError **error)
{
  json_t *authorization = look_at (self, url, error);
  const char *status = text_of (authorization, "status");
  const gboolean is_done = authorization
      && (strcmp (status, "valid") == 0
          || (strcmp (status, "pending") == 0 ? lay_out (self, url, authorization, error)
                                              : fail_authorization (authorization, error)));

  json_decref (authorization);
  return is_done;
}

/* Says that the proof is there. After a restart the authority may be looking already
 * ("processing"). */
static gboolean
ask_for_a_look (Run *self, const char *url, GError **error)
{
  json_t *authorization = look_at (self, url, error);
  const json_t *challenge
      = find_challenge (authorization, acme_challenge_name (self->order->proofs->challenge));
  gboolean asked = authorization != NULL;

  if (challenge && strcmp (text_of (challenge, "status"), "pending") == 0) {
    json_t *answer = acme_session_call (self->session, text_of (challenge, "url"), json_object (),
                                        host_of (authorization), NULL, error);
    asked = answer != NULL;
    json_decref (answer);
  }
  json_decref (authorization);
  return asked;
}

static gboolean
wait_for_authorization (Run *self, const char *url, GError **error)
{
  for (;;) {
    json_t *authorization = look_at (self, url, error);
    const char *status = text_of (authorization, "status");
    g_autofree char *host = g_strdup (host_of (authorization));
    const gboolean is_valid = strcmp (status, "valid") == 0;
    const gboolean is_open = strcmp (status, "pending") == 0;

    if (authorization && !is_valid && !is_open)
      fail_authorization (authorization, error);
    json_decref (authorization);
    if (authorization == NULL || !is_open)
      return is_valid;
    if (!pause_once (self, host, error))
      return FALSE;
  }
}

static gboolean
wait_for_zones (Run *self, GError **error)
{
  const AcmeProofOptions *options = self->order->proofs;

  return options->challenge != ACME_DNS_01 || self->open->len == 0
      || acme_session_wait (self->session, options->dns_wait * 1000, error);
}

/* All proofs are laid out before the authority is asked to look, so that one wait serves them all.
 */
static gboolean
prove (Run *self, const json_t *order, GError **error)
{
  const json_t *list = json_object_get (order, "authorizations");
  gboolean good = json_array_size (list) <= AUTHORIZATIONS_MAX
      || fail (error, ACME_ERROR_NOT_UNDERSTOOD, NULL, NULL);
  const json_t *url;
  gsize i;

  json_array_foreach (list, i, url)
  {
    const char *text = json_string_value (url);
    good = good && open_authorization (self, text ? text : "", error);
  }
  good = good && wait_for_zones (self, error);
  for (guint k = 0; good && k < self->open->len; k++)
    good = ask_for_a_look (self, self->open->pdata[k], error);
  begin_waiting (self);
  for (guint k = 0; good && k < self->open->len; k++)
    good = wait_for_authorization (self, self->open->pdata[k], error);
  g_ptr_array_set_size (self->proofs, 0);
  g_ptr_array_set_size (self->open, 0);
  return good;
}

static gboolean
finalize (Run *self, const json_t *order, GError **error)
{
  g_autoptr (GBytes) request = key_request (self->order->key, self->order->hosts, error);
  gsize length;

  if (request == NULL)
    return FALSE;
  const guint8 *der = g_bytes_get_data (request, &length);
  g_autofree char *text = base64url_encode (der, length);
  json_t *answer = acme_session_call (self->session, text_of (order, "finalize"),
                                      json_pack ("{s:s}", "csr", text), NULL, NULL, error);
  json_decref (answer);
  return answer != NULL;
}

static gboolean
fail_order (Run *self, const json_t *order, GError **error)
{
  const json_t *problem = json_object_get (order, "error");

  if (problem)
    acme_error_set_json (error, problem, NULL, 0);
  else
    fail (error, ACME_ERROR_REFUSED, NULL, text_of (order, "status"));
  return FALSE;
}

static char *
download (Run *self, const char *url, GError **error)
{
  g_autoptr (FetchAnswer) answer = acme_session_post (self->session, url, NULL, NULL, error);

  return answer ? g_strndup ((const char *)answer->body->data, answer->body->len) : NULL;
}

/* One step (RFC 8555 §7.1.6). *CHAIN is set when it was the last. */
static gboolean
step (Run *self, const json_t *order, char **chain, GError **error)
{
  const char *status = text_of (order, "status");

  if (strcmp (status, "pending") == 0)
    return prove (self, order, error) && pause_once (self, NULL, error);
  if (strcmp (status, "ready") == 0)
    return finalize (self, order, error) && pause_once (self, NULL, error);
  if (strcmp (status, "processing") == 0)
    return pause_once (self, NULL, error);
  if (strcmp (status, "valid") != 0)
    return fail_order (self, order, error);
  *chain = download (self, text_of (order, "certificate"), error);
  return *chain != NULL;
}

static char *
go_through (Run *self, GError **error)
{
  char *chain = NULL;

  if (self->order->url == NULL && !make_order (self, error))
    return NULL;
  begin_waiting (self);
  for (guint i = 0; chain == NULL; i++) {
    if (i == STEPS_MAX) {
      fail (error, ACME_ERROR_TIMEOUT, NULL, NULL);
      return NULL;
    }
    json_t *order = look_at (self, self->order->url, error);
    const gboolean good = order && step (self, order, &chain, error);
    json_decref (order);
    if (!good)
      return NULL;
  }
  return chain;
}

/* Whether the same order may do better at the next attempt. */
static gboolean
is_passing (const GError *error)
{
  static const AcmeErrorCode passing[] = { ACME_ERROR_BAD_NONCE,    ACME_ERROR_ORDER_NOT_READY,
                                           ACME_ERROR_RATE_LIMITED, ACME_ERROR_SERVER_INTERNAL,
                                           ACME_ERROR_UNREACHABLE,  ACME_ERROR_TIMEOUT,
                                           ACME_ERROR_DNS_UPDATE,   ACME_ERROR_HOOK,
                                           ACME_ERROR_SETTINGS,     ACME_ERROR_LOCAL };

  for (guint i = 0; i < G_N_ELEMENTS (passing); i++)
    if (g_error_matches (error, ACME_ERROR, (gint)passing[i]))
      return TRUE;
  return error->domain != ACME_ERROR;
}

char *
acme_order_run (AcmeSession *session, AcmeOrder *order, GError **error)
{
  Run self = { .session = session,
               .order = order,
               .proofs = g_ptr_array_new_with_free_func ((GDestroyNotify)acme_proof_free),
               .open = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (GError) cause = NULL;
  char *chain = go_through (&self, &cause);

  g_ptr_array_unref (self.proofs);
  g_ptr_array_unref (self.open);
  if (cause && !is_passing (cause))
    g_clear_pointer (&order->url, g_free);
  if (cause)
    g_propagate_error (error, g_steal_pointer (&cause));
  return chain;
}

gboolean
acme_revoke (AcmeSession *session, GBytes *certificate, guint reason, GError **error)
{
  const char *url = acme_session_url (session, "revokeCert", error);
  gsize length;
  const guint8 *der = g_bytes_get_data (certificate, &length);
  g_autofree char *text = base64url_encode (der, length);

  if (url == NULL)
    return FALSE;
  json_t *payload = json_pack ("{s:s, s:i}", "certificate", text, "reason", (int)reason);
  g_autoptr (FetchAnswer) answer = acme_session_post (session, url, payload, NULL, error);
  return answer != NULL;
}
