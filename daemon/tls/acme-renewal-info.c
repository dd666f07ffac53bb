/* One resource, one window. */
#include "tls/acme-renewal-info.h"
#include "tls/acme-error.h"
#include "tls/jws.h"
#include <openssl/x509v3.h>
#include <string.h>

#define AGAIN_USUAL (6 * 3600) /* §4.3.2: what most will say */
#define AGAIN_LEAST 60
#define AGAIN_MOST 86400
#define EXPLANATION_MAX 2000

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

void
acme_renewal_info_free (AcmeRenewalInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->explanation);
  g_free (info);
}

/* The content of the DER encoding, with the leading zero of a number whose first bit is set (§4.1).
 */
static char *
encode_number (const ASN1_INTEGER *number)
{
  guint8 *der = NULL;
  const int length = i2d_ASN1_INTEGER (number, &der);
  const gsize head = length > 1 && der[1] < 0x80 ? 2 : (gsize)length; /* at most 20 bytes follow */
  char *text = length > 2 ? base64url_encode (der + head, (gsize)length - head) : NULL;

  OPENSSL_free (der);
  return text;
}

char *
acme_certificate_id (GBytes *certificate)
{
  gsize length;
  const guint8 *der = g_bytes_get_data (certificate, &length);
  g_autoptr (X509) x509 = d2i_X509 (NULL, &der, (long)length);
  const ASN1_OCTET_STRING *key = x509 ? X509_get0_authority_key_id (x509) : NULL;

  if (key == NULL)
    return NULL;
  g_autofree char *authority
      = base64url_encode (ASN1_STRING_get0_data (key), (gsize)ASN1_STRING_length (key));
  g_autofree char *number = encode_number (X509_get0_serialNumber (x509));
  return number ? g_strconcat (authority, ".", number, NULL) : NULL;
}

/* RFC 3339. */
static gboolean
read_time (const json_t *window, const char *key, gint64 *seconds)
{
  const char *text = json_string_value (json_object_get (window, key));
  g_autoptr (GDateTime) time = text ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (time)
    *seconds = g_date_time_to_unix (time);
  return time != NULL;
}

/* It goes into a log and onto a page: an address, or nothing. */
static char *
read_explanation (const json_t *object)
{
  const char *text = json_string_value (json_object_get (object, "explanationURL"));

  if (text == NULL || !g_str_has_prefix (text, "https://") || strlen (text) > EXPLANATION_MAX)
    return NULL;
  for (const char *at = text; *at; at++)
    if (!g_ascii_isgraph (*at) || strchr ("<>\"'`", *at))
      return NULL;
  return g_strdup (text);
}

AcmeRenewalInfo *
acme_renewal_info_parse (const char *text, gsize length, guint retry_after, GError **error)
{
  g_autoptr (AcmeRenewalInfo) info = g_new0 (AcmeRenewalInfo, 1);
  json_t *object = json_loadb (text, length, JSON_REJECT_DUPLICATES, NULL);
  const json_t *window = json_object_get (object, "suggestedWindow");
  const gboolean is_window = read_time (window, "start", &info->start)
      && read_time (window, "end", &info->end) && info->start < info->end;

  info->explanation = read_explanation (object);
  info->again = CLAMP (retry_after ? retry_after : AGAIN_USUAL, AGAIN_LEAST, AGAIN_MOST);
  json_decref (object);
  if (is_window)
    return g_steal_pointer (&info);
  acme_error_set (error, ACME_ERROR_NOT_UNDERSTOOD, NULL, "suggestedWindow", 0);
  return NULL;
}

gint64
acme_renewal_info_choose (const AcmeRenewalInfo *info, double fraction, gint64 now)
{
  const gint64 chosen
      = info->start + (gint64)((double)(info->end - info->start) * CLAMP (fraction, 0, 1));

  return MAX (chosen, now);
}

AcmeRenewalInfo *
acme_renewal_info_fetch (AcmeSession *session, const char *id, GError **error)
{
  const char *base = json_string_value (json_object_get (session->directory, "renewalInfo"));

  if (base == NULL)
    return NULL;
  g_autofree char *url = g_strconcat (base, g_str_has_suffix (base, "/") ? "" : "/", id, NULL);
  g_autoptr (FetchAnswer) answer = acme_session_get (session, url, error);
  if (answer == NULL)
    return NULL;
  const guint retry = acme_retry_after (fetch_answer_field (answer, "retry-after"),
                                        g_get_real_time () / G_USEC_PER_SEC);
  return acme_renewal_info_parse ((const char *)answer->body->data, answer->body->len, retry,
                                  error);
}
