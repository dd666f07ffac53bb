/* What the command line prints, and the password it reads. */
#include "admin/console.h"
#include "platform/file.h"
#include <stdio.h>
#include <string.h>

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
test_clean (void)
{
  static const struct {
    const char *text, *clean;
  } rows[] = {
    { "", "" },
    { "Jörg\tGröße\n“€”", "Jörg\tGröße\n“€”" },
    { "550 \033[2J\033]52;c;eA==\a no", "550 \\u001b[2J\\u001b]52;c;eA==\\u0007 no" },
    { "a\rb\bc\177", "a\\u000db\\u0008c\\u007f" },
    { "\302\2332J", "\\u009b2J" }, /* CSI as one character */
    { "a\342\200\256b\342\201\246", "a\\u202eb\\u2066" },
    { "\233\377", "\357\277\275\357\277\275" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *clean = console_clean (rows[i].text);
    g_assert_cmpstr (clean, ==, rows[i].clean);
  }
}

static void
test_units (void)
{
  g_autofree char *day = console_day (1732406400), *size = console_size (1536 * 1024);

  g_assert_cmpstr (day, ==, "2024-11-24");
  g_assert_nonnull (strstr (size, "MiB"));
}

/* Standard input becomes a file with what a script would write there. */
static char *input;

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

  FILE *file = fopen (input, "wb");
  g_assert_true (file != NULL && fputs (secrets[i].input, file) >= 0 && fclose (file) == 0);
  g_assert_nonnull (freopen (input, "rb", stdin));
  char *secret = console_read_secret (&error);
  g_assert_cmpstr (secret, ==, secrets[i].expected);
  g_assert_cmpint (error != NULL, ==, secrets[i].expected == NULL);
  console_wipe (secret);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/table", test_table);
  g_test_add_func ("/console/json", test_json);
  g_test_add_func ("/console/clean", test_clean);
  g_test_add_func ("/console/units", test_units);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_test_add_data_func (secrets[i].path, GUINT_TO_POINTER (i), test_secret);
  g_autofree char *folder = g_dir_make_tmp ("hauspost-console-XXXXXX", NULL);
  input = g_build_filename (folder, "input", NULL);
  int status = g_test_run ();
  fclose (stdin); /* Windows removes no file that is open */
  g_assert_true (file_remove (input, NULL) && file_remove_folder (folder, NULL));
  g_free (input);
  return status;
}
