/* The table of problems and its sentences. */
#include "tls/acme-error.h"
#include "mail/date.h"
#include "language.h"
#include <string.h>

#define URN "urn:ietf:params:acme:error:"
#define WAIT_MAX (7 * 86400)
#define HOSTS_MAX 100

static const struct {
  const char *type; /* behind URN; ours have a colon in front */
  const char *sentence;
} table[ACME_ERROR_COUNT] = {
  [ACME_ERROR_ACCOUNT_DOES_NOT_EXIST]
  = { "accountDoesNotExist",
      N_ ("The certificate authority does not know this server's account. A new one is made at the "
          "next attempt.") },
  [ACME_ERROR_ALREADY_REVOKED]
  = { "alreadyRevoked", N_ ("The certificate is revoked already: nothing is left to do.") },
  [ACME_ERROR_BAD_CSR]
  = { "badCSR",
      N_ ("The certificate authority does not accept this kind of key or these names. Try another "
          "key with: hauspost set acme.key rsa") },
  [ACME_ERROR_BAD_NONCE] = { "badNonce",
                             N_ ("The certificate authority keeps asking to repeat the request. It "
                                 "is tried again later.") },
  [ACME_ERROR_BAD_PUBLIC_KEY]
  = { "badPublicKey",
      N_ ("The certificate authority does not accept the key. Make another one with: hauspost "
          "certificate acme order --new-key") },
  [ACME_ERROR_BAD_REVOCATION_REASON]
  = { "badRevocationReason",
      N_ ("The certificate authority does not accept this reason for a revocation: give another "
          "one.") },
  [ACME_ERROR_BAD_SIGNATURE_ALGORITHM] = { "badSignatureAlgorithm",
                                           N_ ("The certificate authority does not accept "
                                               "signatures by ES256, so that this server cannot "
                                               "use it: choose another one with acme.directory.") },
  [ACME_ERROR_CAA] = { "caa",
                       N_ ("A CAA record in the DNS forbids this certificate authority to issue "
                           "certificates for the "
                           "domain: add the authority to it, or remove the record.") },
  [ACME_ERROR_COMPOUND]
  = { "compound", N_ ("The certificate authority refuses several of the names.") },
  [ACME_ERROR_CONNECTION]
  = { "connection",
      N_ ("The certificate authority cannot reach this server under that name. Open port 80 (with "
          "the challenge tls-alpn-01: 443) in router and firewall, for IPv6 as well if the name "
          "has "
          "an IPv6 address; or use acme.challenge dns-01, which needs no port.") },
  [ACME_ERROR_DNS]
  = { "dns",
      N_ ("The certificate authority cannot find the name in the DNS. Look at its records with: "
          "hauspost dns DOMAIN --check") },
  [ACME_ERROR_EXTERNAL_ACCOUNT_REQUIRED]
  = { "externalAccountRequired",
      N_ ("The certificate authority takes only its customers. Enter what it has given you: "
          "hauspost "
          "set acme.eab-kid …, hauspost set acme.eab-key …") },
  [ACME_ERROR_INCORRECT_RESPONSE]
  = { "incorrectResponse",
      N_ ("Something else than this server has answered the certificate authority. Make sure that "
          "the name leads here and nothing stands in between, such as a proxy or another web "
          "server.") },
  [ACME_ERROR_INVALID_CONTACT]
  = { "invalidContact",
      N_ ("The certificate authority does not accept the address in acme.email: correct it.") },
  [ACME_ERROR_MALFORMED] = { "malformed", N_ ("The certificate authority refuses the request.") },
  [ACME_ERROR_ORDER_NOT_READY]
  = { "orderNotReady",
      N_ ("The certificate authority is not ready yet. It is tried again later.") },
  [ACME_ERROR_RATE_LIMITED]
  = { "rateLimited",
      N_ ("Too many certificates were ordered lately, so that the certificate authority wants a "
          "pause. It is tried again when the pause is over; the certificate that is there goes on "
          "working.") },
  [ACME_ERROR_REJECTED_IDENTIFIER] = { "rejectedIdentifier",
                                       N_ ("The certificate authority issues no certificates for "
                                           "this name: it must be a name of the "
                                           "public DNS.") },
  [ACME_ERROR_SERVER_INTERNAL]
  = { "serverInternal",
      N_ ("The certificate authority has trouble of its own. It is tried again later.") },
  [ACME_ERROR_TLS] = { "tls",
                       N_ ("The certificate authority cannot speak TLS with this server. Make sure "
                           "that port 443 leads "
                           "here and no other program answers there.") },
  [ACME_ERROR_UNAUTHORIZED]
  = { "unauthorized",
      N_ ("The certificate authority does not believe that the name belongs to this server. Make "
          "sure "
          "that it leads here and nothing stands in between, such as a proxy or another web "
          "server.") },
  [ACME_ERROR_UNSUPPORTED_CONTACT]
  = { "unsupportedContact",
      N_ ("The certificate authority wants another kind of contact than the address in "
          "acme.email.") },
  [ACME_ERROR_UNSUPPORTED_IDENTIFIER]
  = { "unsupportedIdentifier",
      N_ ("The certificate authority issues no certificates for such names: take the name out of "
          "acme.names.") },
  [ACME_ERROR_USER_ACTION_REQUIRED] = { "userActionRequired",
                                        N_ ("The certificate authority has new terms of service. "
                                            "Read them (hauspost certificate acme "
                                            "show), and agree to them at its web site.") },
  [ACME_ERROR_ALREADY_REPLACED]
  = { "alreadyReplaced", N_ ("The certificate has been renewed already.") },
  [ACME_ERROR_REFUSED] = { ":refused", N_ ("The certificate authority refuses the request.") },
  [ACME_ERROR_UNREACHABLE]
  = { ":unreachable",
      N_ ("The certificate authority cannot be reached. See whether this server has a way into the "
          "Internet, and whether acme.directory is right.") },
  [ACME_ERROR_NOT_UNDERSTOOD] = { ":notUnderstood",
                                  N_ ("The certificate authority gives an answer that makes no "
                                      "sense. See whether acme.directory "
                                      "is the address of an ACME directory.") },
  [ACME_ERROR_TERMS]
  = { ":terms",
      N_ ("The certificate authority wants you to agree to its terms of service. Read them, then "
          "say: hauspost set acme.agree-to-terms yes") },
  [ACME_ERROR_NO_CHALLENGE]
  = { ":noChallenge",
      N_ ("The certificate authority does not offer the way in which names are to be proved here: "
          "choose another one with acme.challenge.") },
  [ACME_ERROR_DNS_UPDATE]
  = { ":dnsUpdate",
      N_ ("The record that proves the name could not be written into the DNS: see whether "
          "acme.dns-server and acme.dns-key are right, and whether the DNS server lets this key "
          "change TXT records there.") },
  [ACME_ERROR_HOOK] = { ":hook",
                        N_ ("The program that writes into the DNS (acme-hook in the configuration) "
                            "has failed: run it "
                            "by hand to see why.") },
  [ACME_ERROR_TIMEOUT]
  = { ":timeout",
      N_ ("The certificate authority has not finished in time. It is tried again later.") },
  [ACME_ERROR_SETTINGS] = { ":settings", N_ ("A setting is missing or wrong.") },
  [ACME_ERROR_LOCAL] = { ":local", N_ ("This server could not keep what it needs.") },
  [ACME_ERROR_NO_NAMES]
  = { ":noNames",
      N_ ("None of the names leads to this server yet. Enter them in the DNS: hauspost dns "
          "DOMAIN") },
};

typedef struct {
  char *host, *detail;
  char **hosts;
  guint wait;
} AcmeErrorPrivate;

static void
acme_error_private_init (AcmeErrorPrivate *self)
{
}

static void
acme_error_private_copy (const AcmeErrorPrivate *from, AcmeErrorPrivate *to)
{
  to->host = g_strdup (from->host);
  to->detail = g_strdup (from->detail);
  to->hosts = g_strdupv (from->hosts);
  to->wait = from->wait;
}

static void
acme_error_private_clear (AcmeErrorPrivate *self)
{
  g_free (self->host);
  g_free (self->detail);
  g_strfreev (self->hosts);
}

G_DEFINE_EXTENDED_ERROR (AcmeError, acme_error)

/* What others say goes into logs and onto terminals: one line, UTF-8, bounded. */
static char *
clean (const char *text)
{
  g_autofree char *valid = text ? g_utf8_make_valid (text, -1) : NULL;
  GString *out = g_string_new (NULL);
  guint length = 0;

  for (const char *at = valid; at && *at && length < ACME_DETAIL_MAX; at = g_utf8_next_char (at)) {
    const gunichar character = g_utf8_get_char (at);
    g_string_append_unichar (out, g_unichar_isprint (character) ? character : ' ');
    length++;
  }
  g_strstrip (out->str);
  return g_string_free (out, *out->str == '\0');
}

static char *
compose (AcmeErrorCode code, const char *host, const char *detail)
{
  GString *text = g_string_new (NULL);

  if (host)
    g_string_append_printf (text, "%s: ", host);
  g_string_append (text, _ (table[code].sentence));
  if (detail) {
    g_string_append_c (text, ' ');
    g_string_append_printf (text, _ ("(What was said: “%s”)"), detail);
  }
  return g_string_free (text, FALSE);
}

void
acme_error_set (GError **error, AcmeErrorCode code, const char *host, const char *detail,
                guint wait)
{
  g_autofree char *said = clean (detail);
  g_autofree char *message = compose (code, host, said);

  if (error == NULL)
    return;
  g_set_error_literal (error, ACME_ERROR, (gint)code, message);
  AcmeErrorPrivate *private = acme_error_get_private (*error);
  private->host = g_strdup (host);
  private->detail = g_steal_pointer (&said);
  private->wait = MIN (wait, WAIT_MAX);
}

static AcmeErrorCode
find_code (const char *type)
{
  const char *name = type && g_str_has_prefix (type, URN) ? type + strlen (URN) : type;

  for (guint i = 0; name && i < ACME_ERROR_COUNT; i++)
    if (strcmp (table[i].type, name) == 0)
      return i;
  return ACME_ERROR_REFUSED;
}

static const char *
text_of (const json_t *object, const char *key)
{
  return json_string_value (json_object_get (object, key));
}

/* The subproblems' names, of which the first stands for all when nobody said one. */
static char **
list_hosts (const json_t *problem)
{
  GPtrArray *hosts = g_ptr_array_new ();
  const json_t *sub;
  gsize i;

  json_array_foreach (json_object_get (problem, "subproblems"), i, sub)
  {
    const char *host = text_of (json_object_get (sub, "identifier"), "value");
    if (host && hosts->len < HOSTS_MAX)
      g_ptr_array_add (hosts, clean (host));
  }
  g_ptr_array_add (hosts, NULL);
  return (char **)g_ptr_array_free (hosts, FALSE);
}

/* A problem that says only "see below" is told by the first one below. */
static const json_t *
choose_problem (const json_t *problem)
{
  const json_t *first = json_array_get (json_object_get (problem, "subproblems"), 0);

  return first && text_of (first, "type") ? first : problem;
}

void
acme_error_set_json (GError **error, const json_t *problem, const char *host, guint wait)
{
  const json_t *chosen = choose_problem (problem);
  const char *detail = text_of (chosen, "detail");
  g_auto (GStrv) hosts = list_hosts (problem);

  acme_error_set (error, find_code (text_of (chosen, "type")), hosts[0] ? hosts[0] : host,
                  detail ? detail : text_of (problem, "detail"), wait);
  if (error && hosts[0])
    acme_error_get_private (*error)->hosts = g_steal_pointer (&hosts);
}

void
acme_error_set_problem (GError **error, const char *text, gsize length, guint status,
                        const char *host, guint wait)
{
  json_t *problem = json_loadb (text, length, JSON_REJECT_DUPLICATES, NULL);
  g_autofree char *said = g_strdup_printf ("HTTP %u", status);

  if (json_is_object (problem) && text_of (problem, "type"))
    acme_error_set_json (error, problem, host, wait);
  else
    acme_error_set (error,
                    status == 429           ? ACME_ERROR_RATE_LIMITED
                        : status / 100 == 5 ? ACME_ERROR_SERVER_INTERNAL
                                            : ACME_ERROR_NOT_UNDERSTOOD,
                    host, said, wait);
  json_decref (problem);
}

const char *
acme_error_host (const GError *error)
{
  return acme_error_get_private (error)->host;
}

guint
acme_error_wait (const GError *error)
{
  return acme_error_get_private (error)->wait;
}

const char *const *
acme_error_hosts (const GError *error)
{
  static const char *const none[] = { NULL };
  char **hosts = acme_error_get_private (error)->hosts;

  return hosts ? (const char *const *)hosts : none;
}

json_t *
acme_error_describe (const GError *error)
{
  if (error->domain != ACME_ERROR)
    return json_pack ("{s:s, s:s}", "type", table[ACME_ERROR_LOCAL].type, "detail", error->message);
  const AcmeErrorPrivate *private = acme_error_get_private (error);
  return json_pack ("{s:s, s:s*, s:s*}", "type", table[error->code].type, "host", private->host,
                    "detail", private->detail);
}

char *
acme_error_sentence (const json_t *described)
{
  return compose (find_code (text_of (described, "type")), text_of (described, "host"),
                  text_of (described, "detail"));
}

guint
acme_retry_after (const char *value, gint64 now)
{
  gint64 seconds = 0;
  gint16 zone;

  if (value == NULL)
    return 0;
  if (g_ascii_isdigit (*value))
    seconds = (gint64)MIN (g_ascii_strtoull (value, NULL, 10), WAIT_MAX);
  else if (date_parse (value, &seconds, &zone))
    seconds -= now;
  return (guint)CLAMP (seconds, 0, WAIT_MAX);
}
