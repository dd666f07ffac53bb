/* What init makes, the daemon must be able to read. */
#include "admin-fixture.h"
#include "admin/command.h"

/* The test's own output is TAP. */
static void
print_nothing (const char *text)
{
}

/* The configuration that init makes for HOSTNAME, as the daemon reads it; NULL with the ERROR of
 * init. */
static Configuration *
make_office (const char *hostname, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("hauspost-init-XXXXXX", NULL);
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_autofree char *path = g_build_filename (data, "hauspost.conf", NULL);
  const char *const arguments[]
      = { "init",         "--data", data,    "--hostname", hostname, "--domain",
          "büro.example", "--base", "27000", "--json",     NULL };
  g_autoptr (Invocation) invocation = command_parse (arguments, error);
  Configuration *configuration = NULL;

  g_assert_nonnull (invocation);
  g_set_print_handler (print_nothing);
  gboolean made = command_init (invocation, error);
  g_set_print_handler (NULL);
  if (made) {
    configuration = configuration_load (path, error);
    g_assert_nonnull (configuration);
  }
  remove_tree (folder);
  return configuration;
}

static void
test_names (void)
{
  static const struct {
    const char *given, *hostname;
  } rows[] = {
    { "mail.example.com", "mail.example.com" },
    { "Mail.Example.COM", "mail.example.com" },
    { "mail.büro.example", "mail.xn--bro-hoa.example" },
    { "mail", NULL },
    { "a_b.example.com", NULL },
    { "mail.example.com; x", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Configuration) configuration = make_office (rows[i].given, &error);
    g_test_message ("%s", rows[i].given);
    g_assert_cmpstr (configuration ? configuration->hostname : NULL, ==, rows[i].hostname);
    if (rows[i].hostname == NULL)
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command-init/names", test_names);
  return g_test_run ();
}
