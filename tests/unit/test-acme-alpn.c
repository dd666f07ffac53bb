/* Whole handshakes in memory: who asks for a challenge gets its certificate, and nobody else does.
 */
#include "tls/acme-alpn.h"
#include "tls/acme-challenges.h"
#include "tls/certificate.h"
#include "tls/tls-context.h"
#include "platform/file.h"
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <string.h>

static const struct {
  const char *bytes;
  gsize length;
  gboolean asked;
} offers[] = {
  { "\x00\x0b\x0a"
    "acme-tls/1",
    13, TRUE },
  { "\x00\x0b\x0a"
    "acme-tls/1x",
    14, FALSE },
  { "\x00\x0b\x0a"
    "acme-tls/",
    12, FALSE },
  { "\x00\x14\x0a"
    "acme-tls/1\x08"
    "http/1.1",
    22, FALSE },
  { "\x00\x09\x08http/1.1", 11, FALSE },
  { "", 0, FALSE },
  { "\x00", 1, FALSE },
};

static const struct {
  const char *bytes;
  gsize length;
  const char *host;
} names[] = {
  { "\x00\x0c\x00\x00\x09"
    "a.example",
    14, "a.example" },
  { "\x00\x0c\x01\x00\x09"
    "a.example",
    14, NULL },
  { "\x00\x0c\x00\x00\x0a"
    "a.example",
    14, NULL },
  { "\x00\x0d\x00\x00\x09"
    "a.example",
    14, NULL },
  { "\x00\x0c\x00\x00\x09"
    "a.\0xample",
    14, NULL },
  { "\x00\x03\x00\x00\x00", 5, "" },
  { "\x00\x03\x00\x00", 4, NULL },
  { "", 0, NULL },
};

static void
test_extensions (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    g_assert_cmpint (acme_alpn_is_asked ((const guint8 *)offers[i].bytes, offers[i].length), ==,
                     offers[i].asked);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *host = acme_alpn_host ((const guint8 *)names[i].bytes, names[i].length);
    g_assert_cmpstr (host, ==, names[i].host);
  }
}

typedef struct {
  char *folder;
  TlsContexts *contexts;
  SSL_CTX *client;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *const hosts[] = { "a.example", NULL };

  self->folder = g_dir_make_tmp ("hauspost-acme-alpn-XXXXXX", NULL);
  g_assert_true (certificate_self_sign (self->folder, "x", hosts, 10, NULL));
  self->contexts = tls_contexts_new ();
  g_assert_true (tls_contexts_load (self->contexts, self->folder, "a.example", NULL));
  self->client = SSL_CTX_new (TLS_client_method ());
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (certificate_remove (self->folder, "x", NULL));
  g_assert_true (file_remove_folder (self->folder, NULL));
  g_free (self->folder);
  tls_contexts_unref (self->contexts);
  SSL_CTX_free (self->client);
}

/* The client after a handshake, and whether it succeeded; the server's side is freed. */
static SSL *
shake (Fixture *self, const char *host, const char *protocols, gboolean *done,
       gboolean *is_challenge)
{
  SSL *client = SSL_new (self->client), *server = tls_contexts_accept (self->contexts);
  BIO *here, *there;

  BIO_new_bio_pair (&here, 0, &there, 0);
  SSL_set_bio (client, here, here);
  SSL_set_bio (server, there, there);
  SSL_set_connect_state (client);
  SSL_set_tlsext_host_name (client, host);
  if (protocols)
    SSL_set_alpn_protos (client, (const guint8 *)protocols, (unsigned int)strlen (protocols));
  int c = 0, s = 0;
  for (guint i = 0; i < 20 && !(c == 1 && s == 1); i++) {
    c = SSL_do_handshake (client);
    s = SSL_do_handshake (server);
  }
  *done = c == 1 && s == 1;
  *is_challenge = acme_alpn_is_challenge (server);
  SSL_free (server);
  return client;
}

static void
assert_identifier (X509 *certificate, const char *authorization)
{
  ASN1_OBJECT *object = OBJ_txt2obj ("1.3.6.1.5.5.7.1.31", 1);
  X509_EXTENSION *extension
      = X509_get_ext (certificate, X509_get_ext_by_OBJ (certificate, object, -1));
  const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data (extension);
  guint8 expected[34] = { 4, 32 };

  SHA256 ((const guint8 *)authorization, strlen (authorization), expected + 2);
  g_assert_cmpint (X509_EXTENSION_get_critical (extension), ==, 1);
  g_assert_cmpmem (ASN1_STRING_get0_data (value), (gsize)ASN1_STRING_length (value), expected,
                   sizeof expected);
  ASN1_OBJECT_free (object);
}

static void
test_handshake (Fixture *self, gconstpointer data)
{
  const char *acme = "\x0a"
                     "acme-tls/1";
  SSL_CTX *context = acme_alpn_context ("a.example", "token.thumbprint");
  gboolean done, is_challenge;
  SSL *client;

  SSL_free (shake (self, "a.example", acme, &done, &is_challenge));
  g_assert_false (done); /* nothing is open */
  acme_challenges_add_tls ("a.example", context);
  SSL_CTX_free (context);

  client = shake (self, "A.Example", acme, &done, &is_challenge);
  g_assert_true (done && is_challenge);
  g_assert_true (acme_alpn_is_challenge (client));
  X509 *shown = SSL_get1_peer_certificate (client);
  g_assert_cmpint (X509_check_host (shown, "a.example", 0, 0, NULL), ==, 1);
  assert_identifier (shown, "token.thumbprint");
  X509_free (shown);
  SSL_free (client);

  SSL_free (shake (self, "b.example", acme, &done, &is_challenge));
  g_assert_false (done);
  client = shake (self, "a.example", NULL, &done, &is_challenge);
  g_assert_true (done && !is_challenge); /* mail programs see nothing of it */
  SSL_free (client);
  client = shake (self, "a.example",
                  "\x08http/1.1\x0a"
                  "acme-tls/1",
                  &done, &is_challenge);
  g_assert_true (done && !is_challenge);
  SSL_free (client);
  acme_challenges_remove_tls ("a.example");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acme-alpn/extensions", test_extensions);
  g_test_add ("/acme-alpn/handshake", Fixture, NULL, set_up, test_handshake, tear_down);
  return g_test_run ();
}
