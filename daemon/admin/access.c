/* The token, the certificate, and the file that ties them together. */
#include "admin/access.h"
#include "language.h"
#include "platform/file.h"
#include "tls/certificate.h"
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <string.h>

#define CERTIFICATE "admin"
#define DAYS 3650
#define RENEW_SECONDS (30 * 86400)

void
access_free (Access *self)
{
  if (self == NULL)
    return;
  if (self->token != NULL)
    OPENSSL_cleanse (self->token, strlen (self->token));
  g_free (self->token);
  g_free (self->fingerprint);
  g_free (self);
}

char *
access_random_text (gsize length, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (length);

  if (RAND_bytes (bytes, (int)length) != 1) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "There are no random numbers.");
    return NULL;
  }
  char *text = g_base64_encode (bytes, length);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  OPENSSL_cleanse (bytes, length);
  return text;
}

static gboolean
is_current (const Certificate *certificate)
{
  return certificate != NULL
      && certificate->not_after - RENEW_SECONDS > g_get_real_time () / G_USEC_PER_SEC;
}

static Certificate *
make_certificate (const char *data, GError **error)
{
  static const char *const hosts[] = { "localhost", "127.0.0.1", "::1", NULL };
  g_autoptr (Certificate) certificate = certificate_load (data, CERTIFICATE, NULL);

  if (is_current (certificate))
    return g_steal_pointer (&certificate);
  if (!certificate_self_sign (data, CERTIFICATE, hosts, DAYS, error))
    return NULL;
  return certificate_load (data, CERTIFICATE, error);
}

static char *
token_path (const char *data)
{
  return g_build_filename (data, "admin.token", NULL);
}

Access *
access_load (const char *data, GError **error)
{
  g_autoptr (Access) self = g_new0 (Access, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = token_path (data);
  g_autoptr (GBytes) bytes = file_map (path, error);

  if (bytes == NULL)
    return NULL;
  if (g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, NULL)) {
    self->token = g_key_file_get_string (file, "admin", "token", NULL);
    self->fingerprint = g_key_file_get_string (file, "admin", "fingerprint", NULL);
  }
  if (self->token == NULL || strlen (self->token) < 32 || self->fingerprint == NULL
      || strlen (self->fingerprint) != 64) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("%s is damaged; remove it and restart the daemon, which makes it anew."), path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

Access *
access_make (const char *data, GError **error)
{
  g_autoptr (Certificate) certificate = make_certificate (data, error);
  g_autoptr (GError) cause = NULL;

  if (certificate == NULL)
    return NULL;
  g_autoptr (Access) self = access_load (data, &cause);
  if (self != NULL && strcmp (self->fingerprint, certificate->fingerprint) == 0)
    return g_steal_pointer (&self);
  if (self == NULL && !g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }

  g_autoptr (Access) made = g_new0 (Access, 1);
  made->token = access_random_text (32, error);
  made->fingerprint = g_strdup (certificate->fingerprint);
  if (made->token == NULL)
    return NULL;
  g_autofree char *path = token_path (data);
  char *text
      = g_strdup_printf ("[admin]\ntoken=%s\nfingerprint=%s\n", made->token, made->fingerprint);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));
  if (!file_replace (path, bytes, error))
    return NULL;
  return g_steal_pointer (&made);
}

gboolean
access_token_matches (const Access *self, const char *token)
{
  gsize length = strlen (self->token);

  return strlen (token) == length && CRYPTO_memcmp (self->token, token, length) == 0;
}

static gboolean
use_pem (SSL_CTX *context, GBytes *pem)
{
  BIO *bio = BIO_new_mem_buf (g_bytes_get_data (pem, NULL), (int)g_bytes_get_size (pem));
  EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL);
  X509 *certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
  gboolean used = key != NULL && certificate != NULL
      && SSL_CTX_use_certificate (context, certificate) == 1
      && SSL_CTX_use_PrivateKey (context, key) == 1;

  EVP_PKEY_free (key);
  X509_free (certificate);
  BIO_free (bio);
  return used;
}

SSL_CTX *
access_tls (const char *data, GError **error)
{
  g_autofree char *path = g_build_filename (data, CERTIFICATE ".pem", NULL);
  g_autoptr (GBytes) pem = file_map (path, error);

  if (pem == NULL)
    return NULL;
  SSL_CTX *context = SSL_CTX_new (TLS_server_method ());
  if (context != NULL && SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION) == 1
      && use_pem (context, pem))
    return context;
  SSL_CTX_free (context);
  ERR_clear_error ();
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s cannot be used for TLS.", path);
  return NULL;
}
