/* Reading the command line: what is found, what is wrong usage. */
#include "admin/command.h"
#include <string.h>

static const struct {
  const char *line;
  const char *words; /* NULL: wrong usage */
  guint arguments;
} cases[] = {
  { "status", "status", 0 },
  { "status --json", "status", 0 },
  { "--json status", "status", 0 },
  { "user add anna@example.com", "user add", 1 },
  { "user add anna@example.com --password-stdin --quota 2G", "user add", 1 },
  { "user add --quota=2G anna@example.com", "user add", 1 },
  { "user --config x.conf add anna@example.com", "user add", 1 },
  { "alias add a@x.org b@x.org c@x.org", "alias add", 3 },
  { "set smtp.max-hops 20", "set", 2 },
  { "set smtp.max-hops", "set", 1 },
  { "get", "get", 0 },
  { "get -- --x", "get", 1 },
  { "user add --help", "user add", 0 },
  { "check --repair --offline", "check", 0 },
  { "compact", "compact", 0 },
  { "", NULL, 0 },
  { "usr add x", NULL, 0 },
  { "user", NULL, 0 },
  { "user frobnicate x", NULL, 0 },
  { "user add", NULL, 0 },
  { "user add a b", NULL, 0 },
  { "alias add a@x.org", NULL, 0 },
  { "status --repair", NULL, 0 },
  { "status --frobnicate", NULL, 0 },
  { "user add a@x.org --quota", NULL, 0 },
  { "status --json=yes", NULL, 0 },
  { "status --jso", NULL, 0 },
  { "status now", NULL, 0 },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) words = g_strsplit (cases[i].line, " ", *cases[i].line ? -1 : 0);
    g_autoptr (GError) error = NULL;
    g_autoptr (Invocation) invocation = command_parse ((const char *const *)words, &error);

    g_test_message ("%s: %s", cases[i].line, error != NULL ? error->message : "fine");
    g_assert_cmpint (invocation == NULL, ==, cases[i].words == NULL);
    g_assert_cmpint (invocation == NULL, ==, error != NULL);
    if (invocation == NULL)
      continue;
    g_assert_cmpstr (invocation->command->words, ==, cases[i].words);
    g_assert_cmpuint (invocation->arguments->len, ==, cases[i].arguments);
  }
}

static void
test_values (void)
{
  const char *const line[]
      = { "user", "add", "anna@example.com", "--quota", "2G", "--name=Anna = A", "--json", NULL };
  g_autoptr (Invocation) invocation = command_parse (line, NULL);

  g_assert_cmpstr (invocation->options[OPTION_QUOTA], ==, "2G");
  g_assert_cmpstr (invocation->options[OPTION_DISPLAY_NAME], ==, "Anna = A");
  g_assert_cmpstr (invocation->options[OPTION_JSON], ==, "");
  g_assert_null (invocation->options[OPTION_PASSWORD_STDIN]);
  g_assert_cmpstr (command_argument (invocation, 0), ==, "anna@example.com");
  g_assert_null (command_argument (invocation, 1));
}

static void
test_help (void)
{
  const char *const everything[] = { "--help", NULL };
  const char *const one[] = { "user", "add", "--help", NULL };
  g_autoptr (Invocation) all = command_parse (everything, NULL);
  g_autoptr (Invocation) user_add = command_parse (one, NULL);
  g_autofree char *long_text = command_help (all), *short_text = command_help (user_add);

  for (guint i = 0; i < command_count; i++) {
    g_assert_nonnull (strstr (long_text, command_table[i].words));
    g_assert_true (g_str_has_suffix (command_table[i].help, "."));
  }
  g_assert_nonnull (strstr (short_text, "--password-stdin"));
  g_assert_null (strstr (short_text, "--repair"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command/parse", test_parse);
  g_test_add_func ("/command/values", test_values);
  g_test_add_func ("/command/help", test_help);
  return g_test_run ();
}
