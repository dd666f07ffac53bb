/* Self-signed certificates, and who can read them. */
#include "tls/certificate.h"
#include "platform/file.h"
#include <string.h>

typedef struct {
  char *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  self->folder = g_dir_make_tmp ("hauspost-sign-XXXXXX", &error);
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
test_refused (Fixture *self, gconstpointer data)
{
  static const char *const none[] = { NULL };
  static const char *const wrong[] = { "a.example,DNS:b.example", NULL };
  g_autoptr (GError) error = NULL, injected = NULL;

  g_assert_false (certificate_self_sign (self->folder, "x", none, 10, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_false (certificate_self_sign (self->folder, "x", wrong, 10, &injected));
  g_assert_error (injected, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/certificate-sign/self-sign", Fixture, NULL, set_up, test_self_sign, tear_down);
  g_test_add ("/certificate-sign/private", Fixture, NULL, set_up, test_private, tear_down);
  g_test_add ("/certificate-sign/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
