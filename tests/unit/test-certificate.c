/* Certificates: listed, removed, and which one is shown to whom. */
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

static void
make (Fixture *self, const char *name, const char *host, guint days)
{
  const char *const hosts[] = { host, "127.0.0.1", NULL };
  g_autoptr (GError) error = NULL;

  certificate_self_sign (self->folder, name, hosts, days, &error);
  g_assert_no_error (error);
}

static const struct {
  const char *a_host, *b_host;
  guint a_days, b_days;
  gboolean b_is_signed; /* by an authority */
  const char *asked, *shown;
} choices[] = {
  { "a.example", "a.example", 10, 20, FALSE, "a.example", "b" },
  { "a.example", "a.example", 20, 10, FALSE, "a.example", "a" },
  { "a.example", "a.example", 20, 10, TRUE, "a.example", "b" },
  { "a.example", "*.example", 10, 20, TRUE, "a.example", "a" },
  { "a.example", "*.example", 10, 20, TRUE, "b.example", "b" },
  { "a.example", "*.example", 10, 20, TRUE, "c.b.example", NULL },
  { "a.example", "b.example", 10, 20, FALSE, "example", NULL },
};

static void
test_choice (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
    make (self, "a", choices[i].a_host, choices[i].a_days);
    make (self, "b", choices[i].b_host, choices[i].b_days);
    g_autoptr (GPtrArray) list = certificate_list (self->folder, NULL);
    Certificate *b = list->pdata[1];
    b->self_signed = !choices[i].b_is_signed;
    const Certificate *found = certificate_for_host (list, choices[i].asked);
    g_test_message ("%u", i);
    g_assert_cmpstr (found ? found->name : NULL, ==, choices[i].shown);
    b->not_after = 0; /* one that has expired serves nobody who can have another one */
    found = certificate_for_host (list, choices[i].a_host);
    g_assert_cmpstr (found->name, ==, "a");
  }
}

static void
test_der (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  make (self, "mail", "mail.example.com", 10);
  g_autoptr (Certificate) certificate = certificate_load (self->folder, "mail", NULL);
  g_autoptr (GBytes) der = certificate_load_der (self->folder, "mail", NULL);
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, der);
  g_assert_cmpstr (digest, ==, certificate->fingerprint);
  g_assert_null (certificate_load_der (self->folder, "other", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
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
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/certificate/choice", Fixture, NULL, set_up, test_choice, tear_down);
  g_test_add ("/certificate/der", Fixture, NULL, set_up, test_der, tear_down);
  g_test_add ("/certificate/remove", Fixture, NULL, set_up, test_remove, tear_down);
  g_test_add_func ("/certificate/names", test_names);
  return g_test_run ();
}
