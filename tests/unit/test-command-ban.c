/* Tests of daemon/admin/command-ban.c. */
#include "command-fixture.h"

static void
use (Office *office)
{
  command_run (office, "ban add 192.0.2.7 2h");
  command_run (office, "ban add 2001:db8::7/64");
  g_assert_nonnull (strstr (command_run (office, "ban"), "192.0.2.7"));
  g_assert_nonnull (strstr (command_run (office, "ban list"), "2001:db8::"));
  g_assert_nonnull (strstr (command_run (office, "ban list --json"), "\"until\""));
  command_refuse (office, "ban add 192.0.2.7 soon", G_IO_ERROR_INVALID_ARGUMENT);
  command_refuse (office, "ban add office", G_IO_ERROR_INVALID_ARGUMENT);
  command_refuse (office, "ban remove 192.0.2.99", G_IO_ERROR_NOT_FOUND);
  command_run (office, "ban remove 2001:db8::/64");
  g_assert_null (strstr (command_run (office, "ban"), "2001:db8::"));
  command_run (office, "ban remove all");
  g_assert_null (strstr (command_run (office, "ban"), "192.0.2.7"));
}

/* One who guessed is told apart from one who was banned by hand. */
static void
use_guessed (Office *office)
{
  g_assert_nonnull (strstr (command_run (office, "ban"), "guessed passwords (1)"));
}

static void
test_life (Office *self, gconstpointer data)
{
  office_with_client (self, use);
}

static void
test_guessed (Office *self, gconstpointer data)
{
  for (guint i = 0; i < 20; i++) {
    g_autofree char *secret = g_strdup_printf ("secret%u", i);
    guard_guessed (authenticator_guard (self->authenticator), "192.0.2.1", "anna@office.example",
                   secret);
  }
  office_with_client (self, use_guessed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-ban/life", Office, NULL, office_set_up, test_life, office_tear_down);
  g_test_add ("/command-ban/guessed", Office, NULL, office_set_up, test_guessed, office_tear_down);
  return g_test_run ();
}
