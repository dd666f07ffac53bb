/* Certificates: made, imported with everything that can be wrong, listed. */
#include "tls/certificate.h"
#include "platform/file.h"
#include <openssl/pem.h>
#include <string.h>

typedef struct {
  char *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  self->folder = g_dir_make_tmp ("hauspost-certificate-XXXXXX", &error);
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
test_self_sign (Fixture *self, gconstpointer data)
{
  make (self, "mail", "mail.example.com", 3650);

  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = certificate_list (self->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  Certificate *certificate = list->pdata[0];
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_assert_cmpstr (certificate->name, ==, "mail");
  g_assert_cmpstr (certificate->hosts[0], ==, "mail.example.com");
  g_assert_cmpstr (certificate->hosts[1], ==, "127.0.0.1");
  g_assert_null (certificate->hosts[2]);
  g_assert_cmpstr (certificate->issuer, ==, "mail.example.com");
  g_assert_true (certificate->self_signed);
  g_assert_cmpint (ABS (certificate->not_after - now - 3650 * 86400), <, 60);
  g_assert_cmpuint (strlen (certificate->fingerprint), ==, 64);
}

static void
test_private (Fixture *self, gconstpointer data)
{
  make (self, "mail", "mail.example.com", 10);
  g_autofree char *path = g_build_filename (self->folder, "mail.pem", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, "unix::mode", 0, NULL, NULL);

  g_assert_nonnull (info);
#ifdef G_OS_UNIX /* Windows: test-privacy.c */
  g_assert_cmpuint (g_file_info_get_attribute_uint32 (info, "unix::mode") & 0777, ==, 0600);
#endif
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

static void
test_remove (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL, missing = NULL;

  make (self, "mail", "mail.example.com", 10);
  certificate_remove (self->folder, "mail", &error);
  g_assert_no_error (error);
  g_assert_false (certificate_remove (self->folder, "mail", &missing));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static const struct {
  const char *name;
  gboolean valid;
} names[] = {
  { "mail.example.com", TRUE },
  { "a_b-c", TRUE },
  { "", FALSE },
  { ".pem", FALSE },
  { "a/b", FALSE },
  { "Mail", FALSE },
  { "nul", FALSE },
  { "com1.x", FALSE },
  { "com", TRUE },
  { "a.", FALSE },
  { "console", TRUE },
  { "-a", FALSE },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_test_message ("%s", names[i].name);
    g_assert_cmpint (certificate_name_is_valid (names[i].name), ==, names[i].valid);
  }
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/certificate/self-sign", test_self_sign }, { "/certificate/private", test_private },
    { "/certificate/import", test_import },       { "/certificate/refused", test_refused },
    { "/certificate/remove", test_remove },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  g_test_add_func ("/certificate/names", test_names);
  return g_test_run ();
}
