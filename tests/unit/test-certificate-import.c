/* Imports with everything that can be wrong, as PEM and as PKCS#12. */
#include "tls/certificate.h"
#include "platform/file.h"
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

typedef struct {
  char *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  self->folder = g_dir_make_tmp ("hauspost-import-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) files = file_list (self->folder, NULL);
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *path = g_build_filename (self->folder, files->pdata[i], NULL);
    g_assert_true (file_remove (path, NULL));
  }
  g_assert_true (file_remove_folder (self->folder, NULL));
  g_free (self->folder);
}

static char *
read_pem (Fixture *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strconcat (name, ".pem", NULL);
  g_autofree char *path = g_build_filename (self->folder, file, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
make (Fixture *self, const char *name, const char *host, guint days)
{
  const char *const hosts[] = { host, "127.0.0.1", NULL };
  g_autoptr (GError) error = NULL;

  certificate_self_sign (self->folder, name, hosts, days, &error);
  g_assert_no_error (error);
}

static void
test_import (Fixture *self, gconstpointer data)
{
  make (self, "one", "one.example.com", 10);
  make (self, "two", "two.example.com", 10);
  g_autofree char *one = read_pem (self, "one");
  g_autofree char *two = read_pem (self, "two");
  g_autofree char *both = g_strconcat (strstr (two, "-----BEGIN CERT"), one, NULL);
  g_autoptr (GError) error = NULL, mismatch = NULL;

  /* The key's own certificate is found behind another one, which is then left out. */
  certificate_import (self->folder, "three", one, both, &error);
  g_assert_no_error (error);
  g_autofree char *three = read_pem (self, "three");
  g_assert_cmpstr (three, ==, one);

  g_assert_false (certificate_import (self->folder, "four", one, two, &mismatch));
  g_assert_cmpstr (mismatch->message, ==, "The private key does not belong to the certificate.");
}

static char *
lock_key (const char *pem)
{
  BIO *in = BIO_new_mem_buf (pem, -1), *out = BIO_new (BIO_s_mem ());
  EVP_PKEY *key = PEM_read_bio_PrivateKey (in, NULL, NULL, NULL);
  char *text;

  PEM_write_bio_PKCS8PrivateKey (out, key, EVP_aes_128_cbc (), "secret", 6, NULL, NULL);
  long length = BIO_get_mem_data (out, &text);
  char *locked = g_strndup (text, (gsize)length);
  EVP_PKEY_free (key);
  BIO_free (in);
  BIO_free (out);
  return locked;
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  make (self, "old", "old.example.com", 0);
  g_usleep (1100000); /* until it has expired */
  g_autofree char *old = read_pem (self, "old");
  g_autofree char *locked = lock_key (old);
  const struct {
    const char *name, *key, *chain, *message;
  } cases[] = {
    { "new", old, old, "The certificate expired on *." },
    { "new", "", old, "There is no private key in PEM form." },
    { "new", old, "x", "There is no certificate in PEM form." },
    { "../new", old, old, "“../new” cannot be the name of a certificate: *" },
    { "new", locked, old, "The private key is protected by a passphrase; *" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (
        certificate_import (self->folder, cases[i].name, cases[i].key, cases[i].chain, &error));
    g_test_message ("%s", error->message);
    g_assert_true (g_pattern_match_simple (cases[i].message, error->message));
  }
  g_autoptr (GPtrArray) list = certificate_list (self->folder, NULL);
  g_assert_cmpuint (list->len, ==, 1);
}

/* NAME.pem as a file in PKCS#12 form; PASSPHRASE: of it. */
static GBytes *
pack (Fixture *self, const char *name, const char *passphrase, gboolean with_key)
{
  g_autofree char *text = read_pem (self, name);
  BIO *in = BIO_new_mem_buf (text, -1), *out = BIO_new (BIO_s_mem ());
  EVP_PKEY *key = PEM_read_bio_PrivateKey (in, NULL, NULL, NULL);
  X509 *certificate = PEM_read_bio_X509 (in, NULL, NULL, NULL);
  PKCS12 *file
      = PKCS12_create (passphrase, "x", with_key ? key : NULL, certificate, NULL, 0, 0, 0, 0, 0);
  char *bytes;

  g_assert_cmpint (i2d_PKCS12_bio (out, file), ==, 1);
  const long length = BIO_get_mem_data (out, &bytes);
  GBytes *packed = g_bytes_new (bytes, (gsize)length);
  PKCS12_free (file);
  X509_free (certificate);
  EVP_PKEY_free (key);
  BIO_free (in);
  BIO_free (out);
  return packed;
}

static void
test_pkcs12 (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  make (self, "one", "one.example.com", 10);
  g_autoptr (GBytes) file = pack (self, "one", "geheim", TRUE);
  g_autoptr (GBytes) bare = pack (self, "one", "geheim", FALSE);
  g_autoptr (GBytes) junk = g_bytes_new_static ("junk", 4);
  const struct {
    GBytes *file;
    const char *passphrase, *message;
  } cases[] = {
    { file, "falsch", "The passphrase of the file is another one." },
    { file, "", "The passphrase of the file is another one." },
    { bare, "geheim", "The file holds no private key *" },
    { junk, "geheim", "This is no file in PKCS#12 form *" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) refused = NULL;
    g_assert_false (certificate_import_pkcs12 (self->folder, "two", cases[i].file,
                                               cases[i].passphrase, &refused));
    g_test_message ("%s", refused->message);
    g_assert_true (g_pattern_match_simple (cases[i].message, refused->message));
  }
  g_assert_true (certificate_import_pkcs12 (self->folder, "two", file, "geheim", &error));
  g_autofree char *one = read_pem (self, "one");
  g_autofree char *two = read_pem (self, "two");
  g_assert_cmpstr (one, ==, two);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/certificate-import/pem", Fixture, NULL, set_up, test_import, tear_down);
  g_test_add ("/certificate-import/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/certificate-import/pkcs12", Fixture, NULL, set_up, test_pkcs12, tear_down);
  return g_test_run ();
}
