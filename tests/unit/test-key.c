/* Keys that come back from their files, and what a request says. */
#include "tls/key.h"
#include "platform/file.h"
#include <openssl/x509v3.h>

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("hauspost-key-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.key", NULL);
  g_autoptr (GError) error = NULL, missing = NULL, broken = NULL;
  g_autoptr (GBytes) nothing = g_bytes_new_static ("nothing", 7);
  EVP_PKEY *key = key_new (KEY_ECDSA, &error);

  g_assert_no_error (error);
  g_assert_true (key_is (key, KEY_ECDSA));
  g_assert_false (key_is (key, KEY_RSA));
  g_assert_null (key_load (path, &missing));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (key_save (key, path, &error));
  EVP_PKEY *back = key_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (EVP_PKEY_eq (key, back), ==, 1);
  EVP_PKEY_free (back);
  EVP_PKEY_free (key);
  g_assert_true (file_replace (path, nothing, &error));
  g_assert_null (key_load (path, &broken));
  g_assert_error (broken, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_true (file_remove (path, NULL) && file_remove_folder (folder, NULL));
}

static void
test_request (gconstpointer data)
{
  static const char *const hosts[] = { "mail.example.com", "autoconfig.example.com", NULL };
  EVP_PKEY *key = key_new ((KeyKind)GPOINTER_TO_INT (data), NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der = key_request (key, hosts, &error);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (der, &length);
  X509_REQ *request = d2i_X509_REQ (NULL, &bytes, (long)length);
  STACK_OF (X509_EXTENSION) *extensions = X509_REQ_get_extensions (request);
  GENERAL_NAMES *names = X509V3_get_d2i (extensions, NID_subject_alt_name, NULL, NULL);

  g_assert_cmpint (X509_REQ_verify (request, key), ==, 1);
  g_assert_cmpint (sk_GENERAL_NAME_num (names), ==, 2);
  for (int i = 0; i < 2; i++)
    g_assert_cmpstr (
        (const char *)ASN1_STRING_get0_data (sk_GENERAL_NAME_value (names, i)->d.dNSName), ==,
        hosts[i]);
  GENERAL_NAMES_free (names);
  sk_X509_EXTENSION_pop_free (extensions, X509_EXTENSION_free);
  X509_REQ_free (request);
  EVP_PKEY_free (key);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key/file", test_file);
  g_test_add_data_func ("/key/request/ecdsa", GINT_TO_POINTER (KEY_ECDSA), test_request);
  g_test_add_data_func ("/key/request/rsa", GINT_TO_POINTER (KEY_RSA), test_request);
  return g_test_run ();
}
