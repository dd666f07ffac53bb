/* What the command line prints, and the password it reads. */
#include "admin/console.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static GString *printed;

static void
keep_print (const char *text)
{
  g_string_append (printed, text);
}

static char *
end_print (GPrintFunc before)
{
  g_set_print_handler (before);
  return g_string_free (printed, FALSE);
}

static void
test_table (void)
{
  static const char *const titles[] = { "Address", "Name", NULL };
  ConsoleTable table;

  printed = g_string_new (NULL);
  GPrintFunc before = g_set_print_handler (keep_print);
  console_table_start (&table, titles);
  console_table_add (&table, g_strdup ("anna@example.com"), g_strdup ("Anna Müller"), NULL);
  console_table_add (&table, g_strdup ("jörg@x.org"), NULL, NULL);
  console_table_end (&table);
  g_autofree char *text = end_print (before);
  g_assert_cmpstr (text, ==,
                   "Address           Name\n"
                   "anna@example.com  Anna Müller\n"
                   "jörg@x.org        -\n");
}

static void
test_json (void)
{
  json_t *value = json_pack ("{s:s}", "name", "Jörg");

  printed = g_string_new (NULL);
  GPrintFunc before = g_set_print_handler (keep_print);
  console_print_json (value);
  g_autofree char *text = end_print (before);
  g_assert_cmpstr (text, ==, "{\n  \"name\": \"Jörg\"\n}\n");
  json_decref (value);
}

static void
test_units (void)
{
  g_autofree char *day = console_day (1732406400), *size = console_size (1536 * 1024);

  g_assert_cmpstr (day, ==, "2024-11-24");
  g_assert_nonnull (strstr (size, "MiB"));
}

/* Standard input of a subprocess is what the parent wrote there. */
static const struct {
  const char *path, *input, *expected;
} secrets[] = {
  { "/console/secret/line", "pass word\n", "pass word" },
  { "/console/secret/no-newline", "secret", "secret" },
  { "/console/secret/crlf", "secret\r\nmore\n", "secret" },
  { "/console/secret/empty", "\n", NULL },
  { "/console/secret/nothing", "", NULL },
};

static void
test_secret (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  int ends[2], kept = dup (STDIN_FILENO);
  gsize length = strlen (secrets[i].input);

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (write (ends[1], secrets[i].input, length), ==, (gssize)length);
  close (ends[1]);
  dup2 (ends[0], STDIN_FILENO);
  close (ends[0]);
  clearerr (stdin);
  setvbuf (stdin, NULL, _IONBF, 0);
  char *secret = console_read_secret (&error);
  g_assert_cmpstr (secret, ==, secrets[i].expected);
  g_assert_cmpint (error != NULL, ==, secrets[i].expected == NULL);
  console_wipe (secret);
  dup2 (kept, STDIN_FILENO);
  close (kept);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/table", test_table);
  g_test_add_func ("/console/json", test_json);
  g_test_add_func ("/console/units", test_units);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_test_add_data_func (secrets[i].path, GUINT_TO_POINTER (i), test_secret);
  return g_test_run ();
}
