/* A real key store: the session's Secret Service, or Windows' Credential Manager. */
#include "platform/key-store.h"

static void
test_keep (void)
{
  g_autoptr (GError) error = NULL;
  char *password;

  g_assert_null (key_store_find ("mail.example.com:8420", "anna@example.com", &error));
  g_assert_no_error (error);
  g_assert_true (
      key_store_save ("mail.example.com:8420", "anna@example.com", "ein Geheimnis ß", &error));
  g_assert_no_error (error);
  password = key_store_find ("mail.example.com:8420", "anna@example.com", &error);
  g_assert_cmpstr (password, ==, "ein Geheimnis ß");
  key_store_wipe (password);
}

static void
test_replace (void)
{
  char *password;

  g_assert_true (key_store_save ("mail.example.com:8420", "anna@example.com", "another", NULL));
  password = key_store_find ("mail.example.com:8420", "anna@example.com", NULL);
  g_assert_cmpstr (password, ==, "another");
  key_store_wipe (password);
}

/* Another user or another server is another password. */
static void
test_apart (void)
{
  g_assert_null (key_store_find ("mail.example.com:8420", "bert@example.com", NULL));
  g_assert_null (key_store_find ("mail.example.org:8420", "anna@example.com", NULL));
}

static void
test_remove (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (key_store_remove ("mail.example.com:8420", "anna@example.com", &error));
  g_assert_no_error (error);
  g_assert_null (key_store_find ("mail.example.com:8420", "anna@example.com", &error));
  g_assert_no_error (error);
  g_assert_true (key_store_remove ("mail.example.com:8420", "anna@example.com", &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-store/keep", test_keep);
  g_test_add_func ("/key-store/replace", test_replace);
  g_test_add_func ("/key-store/apart", test_apart);
  g_test_add_func ("/key-store/remove", test_remove);
  return g_test_run ();
}
