/* The token of the admin API: made once, private, tied to the certificate. */
#include "admin/access.h"
#include "platform/file.h"
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *folder;
} Fixture;

static char *
inside (Fixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("hauspost-access-XXXXXX", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *token = inside (self, "admin.token"), *pem = inside (self, "admin.pem");

  g_remove (token);
  g_remove (pem);
  g_rmdir (self->folder);
  g_free (self->folder);
}

static void
test_make (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Access) first = access_make (self->folder, &error);
  g_assert_no_error (error);
  g_autoptr (Access) again = access_make (self->folder, &error);
  g_assert_no_error (error);
  g_autoptr (Access) loaded = access_load (self->folder, &error);
  g_assert_no_error (error);
  g_autofree char *path = inside (self, "admin.token");
  GStatBuf status;

  g_assert_cmpstr (first->token, ==, again->token);
  g_assert_cmpstr (first->token, ==, loaded->token);
  g_assert_cmpstr (first->fingerprint, ==, loaded->fingerprint);
  g_assert_cmpuint (strlen (first->token), ==, 43); /* 32 bytes */
  g_assert_cmpint (g_stat (path, &status), ==, 0);
#ifdef G_OS_UNIX /* Windows: test-privacy.c */
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
#endif
}

/* Another certificate means another fingerprint: the old token must not go on living with it. */
static void
test_new_certificate (Fixture *self, gconstpointer data)
{
  g_autofree char *pem = inside (self, "admin.pem");
  g_autoptr (Access) first = access_make (self->folder, NULL);
  g_assert_cmpint (g_remove (pem), ==, 0);
  g_autoptr (Access) second = access_make (self->folder, NULL);

  g_assert_cmpstr (first->token, !=, second->token);
  g_assert_cmpstr (first->fingerprint, !=, second->fingerprint);
}

static void
test_missing (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL, damaged = NULL;
  g_autofree char *path = inside (self, "admin.token");

  g_assert_null (access_load (self->folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_file_set_contents (path, "[admin]\ntoken=short\n", -1, NULL));
  g_assert_null (access_load (self->folder, &damaged));
  g_assert_error (damaged, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_matches (Fixture *self, gconstpointer data)
{
  g_autoptr (Access) access = access_make (self->folder, NULL);
  g_autofree char *longer = g_strconcat (access->token, "x", NULL);
  g_autofree char *wrong = g_strdup (access->token);

  wrong[42] ^= 1;
  g_assert_true (access_token_matches (access, access->token));
  g_assert_false (access_token_matches (access, wrong));
  g_assert_false (access_token_matches (access, longer));
  g_assert_false (access_token_matches (access, ""));
}

static void
test_tls (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL, missing = NULL;

  g_assert_null (access_tls (self->folder, &missing));
  g_assert_nonnull (missing);
  g_autoptr (Access) access = access_make (self->folder, &error);
  SSL_CTX *context = access_tls (self->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (SSL_CTX_check_private_key (context), ==, 1);
  SSL_CTX_free (context);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/access/make", test_make },       { "/access/new-certificate", test_new_certificate },
    { "/access/missing", test_missing }, { "/access/matches", test_matches },
    { "/access/tls", test_tls },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
