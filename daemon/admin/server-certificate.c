/* A TLS handshake by libcurl, whose verification notes the certificate instead of judging it. */
#include "admin/server-certificate.h"
#include <curl/curl.h>
#include <glib/gi18n.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

#define LOOK_SECONDS 15L
#define DIGITS 64 /* of SHA-256 in hexadecimal */
#define NAMES_MOST 20 /* names shown; a certificate may have thousands */

void
server_certificate_free (ServerCertificate *self)
{
  if (self == NULL)
    return;
  g_free (self->fingerprint);
  g_free (self->names);
  g_free (self);
}

char *
fingerprint_print (const char *text)
{
  g_autofree char *digits = fingerprint_parse (text);
  GString *print;

  if (digits == NULL)
    return NULL;
  print = g_string_new (NULL);
  for (guint i = 0; i < DIGITS; i++) {
    if (i > 0 && i % 4 == 0)
      g_string_append_c (print, i % 16 == 0 ? '\n' : ' ');
    g_string_append_c (print, g_ascii_toupper (digits[i]));
  }
  return g_string_free (print, FALSE);
}

char *
fingerprint_parse (const char *typed)
{
  GString *digits = g_string_new (NULL);

  for (; *typed != '\0' && digits->len <= DIGITS; typed++) {
    if (g_ascii_isxdigit (*typed))
      g_string_append_c (digits, g_ascii_tolower (*typed));
    else if (!g_ascii_isspace (*typed) && *typed != ':' && *typed != '-')
      break;
  }
  const gboolean good = *typed == '\0' && digits->len == DIGITS;
  return g_string_free (digits, !good);
}

static char *
print_digest (X509 *certificate)
{
  guint8 digest[32];
  GString *hex;

  if (X509_digest (certificate, EVP_sha256 (), digest, NULL) != 1)
    return NULL;
  hex = g_string_new (NULL);
  for (guint i = 0; i < sizeof digest; i++)
    g_string_append_printf (hex, "%02x", digest[i]);
  return g_string_free (hex, FALSE);
}

/* DNS names alone; what is not plain text is a stranger's, and is not shown. */
static void
append_name (GString *names, const GENERAL_NAME *name)
{
  const ASN1_IA5STRING *text = name->type == GEN_DNS ? name->d.dNSName : NULL;
  const char *bytes = text != NULL ? (const char *)ASN1_STRING_get0_data (text) : NULL;
  const int length = text != NULL ? ASN1_STRING_length (text) : 0;

  for (int i = 0; i < length; i++)
    if (!g_ascii_isgraph (bytes[i]))
      return;
  if (length == 0 || length > 253)
    return;
  if (names->len > 0)
    g_string_append (names, ", ");
  g_string_append_len (names, bytes, length);
}

static char *
print_names (X509 *certificate)
{
  GENERAL_NAMES *all = X509_get_ext_d2i (certificate, NID_subject_alt_name, NULL, NULL);
  GString *names = g_string_new (NULL);

  for (int i = 0; i < sk_GENERAL_NAME_num (all) && i < NAMES_MOST; i++)
    append_name (names, sk_GENERAL_NAME_value (all, i));
  GENERAL_NAMES_free (all);
  return g_string_free (names, FALSE);
}

static gint64
seconds_of (const ASN1_TIME *time)
{
  ASN1_TIME *epoch = ASN1_TIME_set (NULL, 0);
  int days = 0, seconds = 0;

  if (epoch == NULL || !ASN1_TIME_diff (&days, &seconds, epoch, time))
    days = seconds = 0;
  ASN1_TIME_free (epoch);
  return (gint64)days * 86400 + seconds;
}

/* Runs in the handshake. What is shown is noted; whether it is to be trusted a person says later,
 * and then it is another connection, which must show the same. */
static int
note_certificate (X509_STORE_CTX *context, void *data)
{
  ServerCertificate *self = data;
  X509 *certificate = X509_STORE_CTX_get0_cert (context);

  if (certificate == NULL)
    return 0;
  g_free (self->fingerprint);
  g_free (self->names);
  self->fingerprint = print_digest (certificate);
  self->names = print_names (certificate);
  self->not_before = seconds_of (X509_get0_notBefore (certificate));
  self->not_after = seconds_of (X509_get0_notAfter (certificate));
  self->is_expired = X509_cmp_current_time (X509_get0_notAfter (certificate)) < 0;
  X509_STORE_CTX_set_error (context, X509_V_OK);
  return self->fingerprint != NULL;
}

static CURLcode
prepare_tls (CURL *curl, void *context, void *data)
{
  SSL_CTX_set_cert_verify_callback (context, note_certificate, data);
  return CURLE_OK;
}

/* CURLOPT_CONNECT_ONLY ends after the handshake: no request goes out. */
static CURLcode
shake_hands (const char *address, ServerCertificate *self, char *message)
{
  g_autofree char *url = g_strconcat ("https://", address, "/", NULL);
  CURL *curl = curl_easy_init ();

  if (curl == NULL)
    return CURLE_FAILED_INIT;
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, LOOK_SECONDS);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, message);
  curl_easy_setopt (curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt (curl, CURLOPT_SSL_CTX_FUNCTION, prepare_tls);
  curl_easy_setopt (curl, CURLOPT_SSL_CTX_DATA, self);
  const CURLcode code = curl_easy_perform (curl);
  curl_easy_cleanup (curl);
  return code;
}

ServerCertificate *
server_certificate_look (const char *address, GError **error)
{
  g_autoptr (ServerCertificate) self = g_new0 (ServerCertificate, 1);
  char message[CURL_ERROR_SIZE] = "";
  const CURLcode code = shake_hands (address, self, message);

  if (code == CURLE_OK && self->fingerprint != NULL)
    return g_steal_pointer (&self);
  if (code == CURLE_COULDNT_RESOLVE_HOST)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 _ ("There is no computer called %s. Is the name spelt right?"), address);
  else if (code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                 _ ("Nobody answers at %s. Does the server's admin API listen there (admin under "
                    "[listen] in its configuration), and does the firewall let it through?"),
                 address);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 _ ("What answers at %s is not the admin API of Hauspost: %s"), address,
                 *message ? message : curl_easy_strerror (code));
  return NULL;
}
