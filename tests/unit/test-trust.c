/* The system's authorities can be asked; a stranger is not trusted. */
#include "platform/trust.h"
#include "tls/certificate.h"
#include <glib/gstdio.h>
#include <openssl/pem.h>

static X509 *
make_stranger (void)
{
  const char *const hosts[] = { "stranger.example", NULL };
  g_autofree char *folder = g_dir_make_tmp ("hauspost-trust-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.pem", NULL);
  g_autofree char *text = NULL;

  g_assert_true (certificate_self_sign (folder, "x", hosts, 10, NULL));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_remove (path);
  g_rmdir (folder);
  BIO *bio = BIO_new_mem_buf (text, -1);
  X509 *certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
  BIO_free (bio);
  return certificate;
}

static void
test_stranger (void)
{
  g_autoptr (GError) error = NULL;
  X509_STORE *store = trust_load (&error);
  X509 *stranger = make_stranger ();
  X509_STORE_CTX *context = X509_STORE_CTX_new ();

  g_assert_no_error (error);
  g_assert_cmpint (X509_STORE_CTX_init (context, store, stranger, NULL), ==, 1);
  g_assert_cmpint (X509_verify_cert (context), ==, 0);
  X509_STORE_CTX_cleanup (context);
  g_assert_cmpint (X509_STORE_add_cert (store, stranger), ==, 1);
  g_assert_cmpint (X509_STORE_CTX_init (context, store, stranger, NULL), ==, 1);
  g_assert_cmpint (X509_verify_cert (context), ==, 1);
  X509_STORE_CTX_free (context);
  X509_STORE_free (store);
  X509_free (stranger);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trust/stranger", test_stranger);
  return g_test_run ();
}
