/* Tables of users as spreadsheets write them. */
#include "admin/csv.h"
#include <string.h>

static const struct {
  const char *text;
  const char *expected; /* fields joined by '|', rows by "\n" with their line; NULL: refused */
} cases[] = {
  { "", "" },
  { "a,b", "1:a|b" },
  { "a,b\r\nc,d\r\n", "1:a|b\n2:c|d" },
  { "a;b\nc;d", "1:a|b\n2:c|d" },
  { "a,b;c", "1:a|b;c" },
  { "\xef\xbb\xbf"
    "a,b",
    "1:a|b" },
  { "\"a,\"\"x\"\"\",b", "1:a,\"x\"|b" },
  { "\"a\nb\",c\nd", "1:a\nb|c\n3:d" },
  { " a , b ", "1:a|b" },
  { "a,,b,", "1:a||b|" },
  { "\n\na\n", "3:a" },
  { "\"a", NULL },
  { "\"a\"b,c", NULL },
  { "a\xff,b", NULL },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) rows = csv_parse (cases[i].text, strlen (cases[i].text), &error);
    GString *found = g_string_new (NULL);

    g_test_message ("%u: %s", i, cases[i].text);
    g_assert_cmpint (rows == NULL, ==, cases[i].expected == NULL);
    g_assert_cmpint (rows == NULL, ==, error != NULL);
    for (guint r = 0; rows != NULL && r < rows->len; r++) {
      const CsvRow *row = rows->pdata[r];
      g_string_append_printf (found, "%s%u:", r ? "\n" : "", row->line);
      for (guint f = 0; f < row->fields->len; f++)
        g_string_append_printf (found, "%s%s", f ? "|" : "", (char *)row->fields->pdata[f]);
    }
    if (rows != NULL)
      g_assert_cmpstr (found->str, ==, cases[i].expected);
    g_string_free (found, TRUE);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/parse", test_parse);
  return g_test_run ();
}
