/* Each kind of challenge is a line of the table: lay out, take away. */
#include "tls/acme-proof.h"
#include "log.h"
#include "net/dns-update.h"
#include "platform/run.h"
#include "tls/acme-alpn.h"
#include "tls/acme-challenges.h"
#include "tls/acme-error.h"
#include "tls/jws.h"
#include "language.h"
#include <openssl/sha.h>
#include <string.h>

#define TOKEN_LEAST 22 /* digits of 128 bits */
#define TOKEN_MOST 128
#define HOOK_SECONDS 120

struct _AcmeProof {
  AcmeChallenge challenge;
  char *host, *token, *authorization;
  char *dns_server, *dns_key, *hook;
  GCancellable *cancellable;
};

gboolean
acme_token_is_valid (const char *token)
{
  const gsize length = strlen (token);

  return length >= TOKEN_LEAST && length <= TOKEN_MOST
      && strspn (token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
      == length;
}

char *
acme_dns_value (const char *authorization)
{
  guint8 digest[SHA256_DIGEST_LENGTH];

  SHA256 ((const guint8 *)authorization, strlen (authorization), digest);
  return base64url_encode (digest, sizeof digest);
}

static gboolean
add_http (AcmeProof *self, GError **error)
{
  acme_challenges_add_http (self->token, self->authorization);
  return TRUE;
}

static gboolean
remove_http (AcmeProof *self, GError **error)
{
  acme_challenges_remove_http (self->token);
  return TRUE;
}

static gboolean
add_tls (AcmeProof *self, GError **error)
{
  SSL_CTX *context = acme_alpn_context (self->host, self->authorization);

  if (context)
    acme_challenges_add_tls (self->host, context);
  else
    acme_error_set (error, ACME_ERROR_LOCAL, self->host, NULL, 0);
  SSL_CTX_free (context);
  return context != NULL;
}

static gboolean
remove_tls (AcmeProof *self, GError **error)
{
  acme_challenges_remove_tls (self->host);
  return TRUE;
}

static gboolean
update_dns (AcmeProof *self, const char *name, const char *value, DnsUpdateKind kind,
            GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (TsigKey) key = tsig_key_parse (self->dns_key, &cause);

  if (key && dns_update_txt (self->dns_server, key, kind, name, value, self->cancellable, &cause))
    return TRUE;
  acme_error_set (error, ACME_ERROR_DNS_UPDATE, self->host, cause->message, 0);
  return FALSE;
}

static gboolean
run_hook (AcmeProof *self, const char *name, const char *value, DnsUpdateKind kind, GError **error)
{
  const char *const arguments[] = { kind == DNS_UPDATE_ADD ? "add" : "remove", name, value, NULL };
  g_autoptr (GError) cause = NULL;

  if (program_run (self->hook, arguments, HOOK_SECONDS, self->cancellable, &cause))
    return TRUE;
  acme_error_set (error, ACME_ERROR_HOOK, self->host, cause->message, 0);
  return FALSE;
}

static gboolean
change_dns (AcmeProof *self, DnsUpdateKind kind, GError **error)
{
  g_autofree char *name = g_strconcat ("_acme-challenge.", self->host, NULL);
  g_autofree char *value = acme_dns_value (self->authorization);

  if (*self->dns_server)
    return update_dns (self, name, value, kind, error);
  if (self->hook)
    return run_hook (self, name, value, kind, error);
  acme_error_set (error, ACME_ERROR_SETTINGS, NULL,
                  _ ("With acme.challenge dns-01, say with acme.dns-server and acme.dns-key where "
                     "records are entered, or with acme-hook in the configuration by which "
                     "program."),
                  0);
  return FALSE;
}

static gboolean
add_dns (AcmeProof *self, GError **error)
{
  return change_dns (self, DNS_UPDATE_ADD, error);
}

static gboolean
remove_dns (AcmeProof *self, GError **error)
{
  return change_dns (self, DNS_UPDATE_REMOVE, error);
}

static const struct {
  const char *name;
  gboolean (*add) (AcmeProof *self, GError **error);
  gboolean (*remove) (AcmeProof *self, GError **error);
} table[ACME_CHALLENGE_COUNT] = {
  [ACME_HTTP_01] = { "http-01", add_http, remove_http },
  [ACME_TLS_ALPN_01] = { "tls-alpn-01", add_tls, remove_tls },
  [ACME_DNS_01] = { "dns-01", add_dns, remove_dns },
};

const char *
acme_challenge_name (AcmeChallenge challenge)
{
  return table[challenge].name;
}

static void
proof_clear (AcmeProof *self)
{
  g_free (self->host);
  g_free (self->token);
  g_free (self->authorization);
  g_free (self->dns_server);
  g_free (self->dns_key);
  g_free (self->hook);
  g_clear_object (&self->cancellable);
  g_free (self);
}

AcmeProof *
acme_proof_new (const AcmeProofOptions *options, const char *host, const char *token, EVP_PKEY *key,
                GCancellable *cancellable, GError **error)
{
  g_autofree char *thumbprint = jwk_thumbprint (key);
  AcmeProof *self;

  if (!acme_token_is_valid (token)) {
    acme_error_set (error, ACME_ERROR_NOT_UNDERSTOOD, host, "token", 0);
    return NULL;
  }
  self = g_new0 (AcmeProof, 1);
  self->challenge = options->challenge;
  self->host = g_strdup (host);
  self->token = g_strdup (token);
  self->authorization = g_strconcat (token, ".", thumbprint, NULL);
  self->dns_server = g_strdup (options->dns_server);
  self->dns_key = g_strdup (options->dns_key);
  self->hook = g_strdup (options->hook);
  g_set_object (&self->cancellable, cancellable);
  if (table[self->challenge].add (self, error))
    return self;
  proof_clear (self);
  return NULL;
}

void
acme_proof_free (AcmeProof *self)
{
  g_autoptr (GError) error = NULL;

  if (self == NULL)
    return;
  if (!table[self->challenge].remove (self, &error))
    log_event (LOG_WARNING, "What proved a name is still in the DNS", "host", self->host, "error",
               error->message, NULL);
  proof_clear (self);
}
