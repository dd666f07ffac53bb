/* The set of certificates: read whole, replaced whole. */
#include "tls/tls-context.h"
#include "platform/file.h"
#include "settings.h"
#include "tls/acme-alpn.h"
#include "tls/certificate-private.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* Forward secrecy and AEAD only (RFC 9325 §4.2); TLS 1.3 has nothing else. */
static const char ciphers_of_tls12[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

typedef struct {
  gatomicrefcount refs;
  GPtrArray *contexts; /* of SSL_CTX, the default first */
  GPtrArray *certificates; /* Certificate, as they were loaded */
  GHashTable *names; /* lower-case name or "*.name" to SSL_CTX (not owned) */
  GHashTable *chosen; /* the same to Certificate (not owned) */
} TlsSet;

struct _TlsContexts {
  gatomicrefcount refs;
  GMutex lock;
  TlsSet *set;
};

static void
tls_set_unref (TlsSet *set)
{
  if (!g_atomic_ref_count_dec (&set->refs))
    return;
  g_ptr_array_unref (set->contexts);
  g_ptr_array_unref (set->certificates);
  g_hash_table_unref (set->names);
  g_hash_table_unref (set->chosen);
  g_free (set);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsSet, tls_set_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SSL_CTX, SSL_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GENERAL_NAMES, GENERAL_NAMES_free)

static TlsSet *
tls_set_new (void)
{
  TlsSet *set = g_new0 (TlsSet, 1);

  g_atomic_ref_count_init (&set->refs);
  set->contexts = g_ptr_array_new_with_free_func ((GDestroyNotify)SSL_CTX_free);
  set->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify)certificate_free);
  set->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  set->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return set;
}

/* The certificate for NAME: itself, or a wildcard for its first label (RFC 9525 §6.3). */
static SSL_CTX *
find_context (TlsSet *set, const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  const char *dot = strchr (lower, '.');
  SSL_CTX *found = g_hash_table_lookup (set->names, lower);

  if (found != NULL || dot == NULL)
    return found;
  g_autofree char *wildcard = g_strconcat ("*", dot, NULL);
  return g_hash_table_lookup (set->names, wildcard);
}

/* The set belongs to the default context's SSL objects: see tls_set_index. */
static int
choose_by_name (SSL *ssl, int *alert, void *data)
{
  const char *name = SSL_get_servername (ssl, TLSEXT_NAMETYPE_host_name);
  SSL_CTX *found = name != NULL ? find_context (data, name) : NULL;

  if (found != NULL)
    SSL_set_SSL_CTX (ssl, found);
  /* An unknown name gets the default certificate: many clients send what the user typed. */
  return SSL_TLSEXT_ERR_OK;
}

static void
set_tls_error (GError **error, const char *what, const char *name)
{
  const char *reason = ERR_reason_error_string (ERR_peek_last_error ());

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s %s: %s", what, name,
               reason != NULL ? reason : "not usable");
}

/* OpenSSL has seen that the client holds the key; whose certificate it is, and whether it is valid,
 * is asked where somebody signs on with it. A mail program with a foreign one must still get in. */
static int
take_any_certificate (X509_STORE_CTX *chain, void *data)
{
  return 1;
}

static SSL_CTX *
new_context (void)
{
  static const guint8 session_id[] = "hauspost";
  SSL_CTX *context = SSL_CTX_new (TLS_server_method ());

  SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
  SSL_CTX_set_options (context,
                       SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION
                           | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA
                           | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode (context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_cipher_list (context, ciphers_of_tls12);
  /* Resumption by ticket costs no memory here; one ticket is enough for clients that reconnect. */
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets (context, 1);
  SSL_CTX_set_cert_verify_callback (context, take_any_certificate, NULL);
  SSL_CTX_set_session_id_context (context, session_id, sizeof session_id - 1);
  return context;
}

/* Nobody is there to type a passphrase. */
static int
no_passphrase (char *buffer, int size, int writing, void *data)
{
  return -1;
}

/* The private key may lie before, between or after the certificates. */
static gboolean
use_key (SSL_CTX *context, GBytes *pem)
{
  gsize length;
  const void *bytes = g_bytes_get_data (pem, &length);
  g_autoptr (BIO) bio = BIO_new_mem_buf (bytes, length);
  g_autoptr (EVP_PKEY) key = PEM_read_bio_PrivateKey (bio, NULL, no_passphrase, NULL);

  return key != NULL && SSL_CTX_use_PrivateKey (context, key) == 1;
}

/* The first certificate is the server's, the others are its chain. */
static gboolean
use_certificates (SSL_CTX *context, GBytes *pem)
{
  gsize length;
  const void *bytes = g_bytes_get_data (pem, &length);
  g_autoptr (BIO) bio = BIO_new_mem_buf (bytes, length);
  g_autoptr (X509) own = PEM_read_bio_X509 (bio, NULL, no_passphrase, NULL);

  if (own == NULL || SSL_CTX_use_certificate (context, own) != 1)
    return FALSE;
  for (;;) {
    g_autoptr (X509) next = PEM_read_bio_X509 (bio, NULL, no_passphrase, NULL);
    if (next == NULL)
      break;
    if (SSL_CTX_add1_chain_cert (context, next) != 1)
      return FALSE;
  }
  gboolean is_end = ERR_GET_REASON (ERR_peek_last_error ()) == PEM_R_NO_START_LINE;
  if (is_end)
    ERR_clear_error ();
  return is_end;
}

/* Of several certificates for a name the best one is shown: a new one beside the self-signed of the
 * first day, or beside one that has expired. */
static void
add_name (TlsSet *set, SSL_CTX *context, const guint8 *name, gsize length)
{
  Certificate *certificate = set->certificates->pdata[set->certificates->len - 1];

  /* A NUL inside a name is a known trick; such a name matches nothing. */
  if (length == 0 || memchr (name, '\0', length))
    return;
  g_autofree char *lower = g_ascii_strdown ((const char *)name, length);
  const Certificate *other = g_hash_table_lookup (set->chosen, lower);
  if (other && !certificate_is_better (certificate, other))
    return;
  g_hash_table_insert (set->names, g_strdup (lower), context);
  g_hash_table_insert (set->chosen, g_steal_pointer (&lower), certificate);
}

/* The DNS names of the certificate; its common name only when there are none. */
static void
add_names (TlsSet *set, SSL_CTX *context)
{
  X509 *certificate = SSL_CTX_get0_certificate (context);
  g_autoptr (GENERAL_NAMES) names
      = X509_get_ext_d2i (certificate, NID_subject_alt_name, NULL, NULL);
  char common[256];

  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value (names, i);
    if (name->type == GEN_DNS)
      add_name (set, context, ASN1_STRING_get0_data (name->d.dNSName),
                ASN1_STRING_length (name->d.dNSName));
  }
  if (names == NULL
      && X509_NAME_get_text_by_NID (X509_get_subject_name (certificate), NID_commonName, common,
                                    sizeof common)
          > 0)
    add_name (set, context, (const guint8 *)common, strlen (common));
}

static gboolean
load_file (TlsSet *set, const char *path, GError **error)
{
  g_autoptr (GBytes) pem = file_map (path, error);
  g_autoptr (SSL_CTX) context = NULL;

  if (pem == NULL)
    return FALSE;
  ERR_clear_error ();
  context = new_context ();
  if (!use_certificates (context, pem)) {
    set_tls_error (error, "Cannot use the certificate in", path);
    return FALSE;
  }
  if (!use_key (context, pem) || SSL_CTX_check_private_key (context) != 1) {
    set_tls_error (error, "Cannot use the private key in", path);
    return FALSE;
  }
  SSL_CTX_set_client_hello_cb (context, acme_alpn_look, NULL);
  SSL_CTX_set_tlsext_servername_callback (context, choose_by_name);
  SSL_CTX_set_tlsext_servername_arg (context, set);
  g_ptr_array_add (set->certificates,
                   certificate_describe ("", SSL_CTX_get0_certificate (context)));
  add_names (set, context);
  g_ptr_array_add (set->contexts, g_steal_pointer (&context));
  return TRUE;
}

static TlsSet *
load_folder (const char *folder, GError **error)
{
  g_autoptr (TlsSet) set = tls_set_new ();
  g_autoptr (GPtrArray) names = file_list (folder, error);

  if (names == NULL)
    return NULL;
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
    if (g_str_has_suffix (path, ".pem") && !load_file (set, path, error))
      return NULL;
  }
  if (set->contexts->len > 0)
    return g_steal_pointer (&set);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no certificate in %s", folder);
  return NULL;
}

/* Clients without SNI (Outlook 2013) ask for the mail host. */
static void
put_default_first (TlsSet *set, const char *hostname)
{
  SSL_CTX *found = hostname != NULL ? find_context (set, hostname) : NULL;
  guint index;

  if (found == NULL || !g_ptr_array_find (set->contexts, found, &index))
    return;
  set->contexts->pdata[index] = set->contexts->pdata[0];
  set->contexts->pdata[0] = found;
}

TlsContexts *
tls_contexts_new (void)
{
  TlsContexts *self = g_new0 (TlsContexts, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  return self;
}

TlsContexts *
tls_contexts_ref (TlsContexts *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
tls_contexts_unref (TlsContexts *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->set, tls_set_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
tls_contexts_load (TlsContexts *self, const char *folder, const char *hostname, GError **error)
{
  g_autoptr (TlsSet) set = load_folder (folder, error);
  TlsSet *old;

  if (set == NULL)
    return FALSE;
  put_default_first (set, hostname);
  g_mutex_lock (&self->lock);
  old = self->set;
  self->set = g_steal_pointer (&set);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&old, tls_set_unref);
  return TRUE;
}

static void
release_set (void *parent, void *pointer, CRYPTO_EX_DATA *data, int index, long number,
             void *argument)
{
  g_clear_pointer ((TlsSet **)&pointer, tls_set_unref);
}

/* An SSL keeps the set it began with, so that a reload during its handshake harms nothing. */
static int
tls_set_index (void)
{
  static gsize index_plus_one;

  if (g_once_init_enter (&index_plus_one))
    g_once_init_leave (&index_plus_one,
                       SSL_get_ex_new_index (0, NULL, NULL, NULL, release_set) + 1);
  return (int)index_plus_one - 1;
}

SSL *
tls_contexts_accept (TlsContexts *self)
{
  TlsSet *set;

  g_mutex_lock (&self->lock);
  set = self->set;
  if (set != NULL)
    g_atomic_ref_count_inc (&set->refs);
  g_mutex_unlock (&self->lock);
  if (set == NULL)
    return NULL;

  SSL *ssl = SSL_new (set->contexts->pdata[0]);
  if (ssl == NULL || SSL_set_ex_data (ssl, tls_set_index (), set) != 1) {
    tls_set_unref (set);
    SSL_free (ssl);
    return NULL;
  }
  if (setting_number (SETTING_CLIENT_CERTIFICATES))
    SSL_set_verify (ssl, SSL_VERIFY_PEER, NULL);
  SSL_set_accept_state (ssl);
  return ssl;
}
