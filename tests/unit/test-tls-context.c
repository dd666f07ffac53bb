/* Which certificate is shown to whom, before, during and after a reload. */
#include "tests/unit/net-fixture.h"

typedef struct {
  SSL *server, *client;
} Pair;

static SSL *
new_client (BIO *bio, const char *name, int least, int most)
{
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
  SSL *client;

  SSL_CTX_set_min_proto_version (context, least);
  SSL_CTX_set_max_proto_version (context, most);
  SSL_CTX_set_security_level (context, 0);
  client = SSL_new (context);
  SSL_CTX_free (context);
  SSL_set_connect_state (client);
  SSL_set_bio (client, bio, bio);
  if (name != NULL)
    SSL_set_tlsext_host_name (client, name);
  return client;
}

static Pair
start_pair (TlsContexts *contexts, const char *name, int least, int most)
{
  BIO *one, *other;
  Pair pair;

  BIO_new_bio_pair (&one, 0, &other, 0);
  pair.server = tls_contexts_accept (contexts);
  g_assert_nonnull (pair.server);
  SSL_set_bio (pair.server, other, other);
  pair.client = new_client (one, name, least, most);
  return pair;
}

static gboolean
shake (Pair *pair)
{
  for (guint i = 0; i < 10; i++) {
    int client = SSL_do_handshake (pair->client);
    int server = SSL_do_handshake (pair->server);
    if (client == 1 && server == 1)
      return TRUE;
  }
  return FALSE;
}

static void
end_pair (Pair *pair)
{
  SSL_free (pair->client);
  SSL_free (pair->server);
}

static char *
common_name (SSL *client)
{
  X509 *certificate = SSL_get1_peer_certificate (client);
  char name[256] = "";

  X509_NAME_get_text_by_NID (X509_get_subject_name (certificate), NID_commonName, name,
                             sizeof name);
  X509_free (certificate);
  return g_strdup (name);
}

static const struct {
  const char *path, *sni, *wanted;
} choices[] = {
  { "none", NULL, "mail.example.com" },
  { "default", "mail.example.com", "mail.example.com" },
  { "other", "imap.example.net", "imap.example.net" },
  { "upper-case", "IMAP.Example.NET", "imap.example.net" },
  { "wildcard", "anything.example.org", "*.example.org" },
  { "wildcard-is-one-label", "a.b.example.org", "mail.example.com" },
  { "wildcard-needs-a-label", "example.org", "mail.example.com" },
  { "unknown", "elsewhere.example", "mail.example.com" },
};

static char *folder;

static TlsContexts *
load (void)
{
  g_autoptr (GError) error = NULL;
  TlsContexts *contexts = tls_contexts_new ();

  tls_contexts_load (contexts, folder, "mail.example.com", &error);
  g_assert_no_error (error);
  return contexts;
}

static void
test_choice (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (TlsContexts) contexts = load ();
  const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

  for (guint k = 0; k < G_N_ELEMENTS (versions); k++) {
    Pair pair = start_pair (contexts, choices[i].sni, versions[k], versions[k]);
    g_assert_true (shake (&pair));
    g_autofree char *name = common_name (pair.client);
    g_assert_cmpstr (name, ==, choices[i].wanted);
    g_assert_null (SSL_get_current_compression (pair.client));
    end_pair (&pair);
  }
}

static void
test_old_versions (void)
{
  g_autoptr (TlsContexts) contexts = load ();
  Pair pair = start_pair (contexts, NULL, TLS1_VERSION, TLS1_1_VERSION);

  g_assert_false (shake (&pair));
  end_pair (&pair);
}

static void
test_alpn_is_ignored (void)
{
  static const guint8 protocols[] = "\004imap\002h2";
  g_autoptr (TlsContexts) contexts = load ();
  Pair pair = start_pair (contexts, NULL, TLS1_2_VERSION, TLS1_3_VERSION);

  SSL_set_alpn_protos (pair.client, protocols, sizeof protocols - 1);
  g_assert_true (shake (&pair));
  end_pair (&pair);
}

static void
test_renegotiation (void)
{
  g_autoptr (TlsContexts) contexts = load ();
  Pair pair = start_pair (contexts, NULL, TLS1_2_VERSION, TLS1_2_VERSION);
  char byte;

  g_assert_true (shake (&pair));
  g_assert_cmpint (SSL_renegotiate (pair.client), ==, 1);
  for (guint i = 0; i < 5; i++) {
    SSL_do_handshake (pair.client);
    SSL_read (pair.server, &byte, 1);
  }
  g_assert_cmpint (SSL_do_handshake (pair.client), !=, 1);
  end_pair (&pair);
}

/* One client is in the middle of its handshake and one is talking while the certificate goes. */
static void
test_reload (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TlsContexts) contexts = load ();
  g_autofree char *other = g_dir_make_tmp ("tls-XXXXXX", NULL);
  Pair talking = start_pair (contexts, NULL, TLS1_3_VERSION, TLS1_3_VERSION);
  Pair middle = start_pair (contexts, "imap.example.net", TLS1_3_VERSION, TLS1_3_VERSION);
  char byte;

  g_assert_true (shake (&talking));
  net_certificate (other, "new", "new.example.com");
  g_assert_true (tls_contexts_load (contexts, other, "mail.example.com", &error));
  g_assert_no_error (error);
  g_assert_true (shake (&middle));
  g_autofree char *name = common_name (middle.client);
  g_assert_cmpstr (name, ==, "imap.example.net");
  g_assert_cmpint (SSL_write (talking.client, "x", 1), ==, 1);
  g_assert_cmpint (SSL_read (talking.server, &byte, 1), ==, 1);
  Pair later = start_pair (contexts, "imap.example.net", TLS1_3_VERSION, TLS1_3_VERSION);
  g_assert_true (shake (&later));
  g_autofree char *new_name = common_name (later.client);
  g_assert_cmpstr (new_name, ==, "new.example.com");
  end_pair (&talking);
  end_pair (&middle);
  end_pair (&later);
  net_remove_folder (other);
}

static const struct {
  const char *name, *pem; /* NULL: no file at all */
} broken[] = {
  { "no-file", NULL },
  { "empty", "" },
  { "text", "this is no certificate\n" },
  { "damaged", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
};

static void
test_broken (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (TlsContexts) contexts = load ();
  g_autofree char *other = g_dir_make_tmp ("tls-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (other, "bad.pem", NULL);

  if (broken[i].pem != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (broken[i].pem, strlen (broken[i].pem));
    g_assert_true (file_replace (path, bytes, NULL));
    net_certificate (other, "good", "good.example.com");
  }
  g_assert_false (tls_contexts_load (contexts, other, "mail.example.com", &error));
  g_assert_nonnull (error);
  Pair pair = start_pair (contexts, NULL, TLS1_3_VERSION, TLS1_3_VERSION);
  g_assert_true (shake (&pair)); /* the old set stays */
  end_pair (&pair);
  net_remove_folder (other);
}

static void
test_nothing_loaded (void)
{
  g_autoptr (TlsContexts) contexts = tls_contexts_new ();

  g_assert_null (tls_contexts_accept (contexts));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("tls-XXXXXX", NULL);
  net_certificate (folder, "a-other", "imap.example.net");
  net_certificate (folder, "b-mail", "mail.example.com");
  net_certificate (folder, "c-wildcard", "*.example.org");
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
    g_autofree char *path = g_strconcat ("/tls-context/choice/", choices[i].path, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_choice);
  }
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autofree char *path = g_strconcat ("/tls-context/broken/", broken[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_broken);
  }
  g_test_add_func ("/tls-context/old-versions", test_old_versions);
  g_test_add_func ("/tls-context/alpn", test_alpn_is_ignored);
  g_test_add_func ("/tls-context/renegotiation", test_renegotiation);
  g_test_add_func ("/tls-context/reload", test_reload);
  g_test_add_func ("/tls-context/nothing-loaded", test_nothing_loaded);
  int status = g_test_run ();
  net_remove_folder (folder);
  g_free (folder);
  return status;
}
