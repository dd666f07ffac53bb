/* Header fields: ranges, unfolding, what is no field. */
#include "mail/header.h"
#include <string.h>

static const struct {
  const char *name, *text, *fields; /* "name=value|…" unfolded */
  gsize body;
} cases[] = {
  { "simple", "A: 1\r\nB: 2\r\n\r\nbody: x\r\n", "A=1|B=2|", 14 },
  { "bare-feed", "A: 1\nB: 2\n\nbody", "A=1|B=2|", 11 },
  { "folded", "A: 1\r\n\t2\r\n  3\r\n\r\n", "A=1\t2  3|", 17 },
  { "blank-line-folds", "A: 1\r\n \r\n 2\r\n\r\n", "A=1  2|", 15 },
  { "no-end", "A: 1", "A=1|", 4 },
  { "end-without-body", "A: 1\r\n", "A=1|", 6 },
  { "blanks-before-colon", "A \t: 1\r\n\r\n", "A=1|", 10 },
  { "mbox-line", "From a@b Tue 10:00\r\nA: 1\r\n\r\n", "A=1|", 28 },
  { "garbage", "nonsense\r\n folded\r\n: x\r\nA: 1\r\n\r\n", "A=1|", 32 },
  { "starts-folded", " x: y\r\nA: 1\r\n\r\n", "A=1|", 15 },
  { "bare-return", "A: 1\r2\r\n\r\n", "A=1 2|", 10 },
  { "empty-value", "A:\r\nB:\r\n\r\n", "A=|B=|", 10 },
  { "no-header", "\r\nA: 1\r\n", "", 2 },
  { "empty", "", "", 0 },
};

static void
test_case (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  gsize length = strlen (cases[index].text), position = 0;
  g_autofree guint8 *exact = g_memdup2 (cases[index].text, length); /* no NUL behind it */
  g_autoptr (GString) found = g_string_new (NULL);
  HeaderField field;

  while (header_next (exact, length, &position, &field)) {
    g_autofree char *value = header_unfold (exact, &field);

    g_string_append_printf (found, "%.*s=%s|", (int)field.name.length,
                            (const char *)exact + field.name.offset, value);
    g_assert_cmpuint (field.whole.offset + field.whole.length, ==, position);
  }
  g_assert_cmpstr (found->str, ==, cases[index].fields);
  g_assert_cmpuint (position, ==, cases[index].body);
}

static void
test_find (void)
{
  static const char text[] = "A: 1\r\nSubject: x\r\nSUBJECT: y\r\n\r\nTo: z\r\n";
  const guint8 *bytes = (const guint8 *)text;
  HeaderField field;

  g_assert_true (header_find (bytes, strlen (text), "subject", &field));
  g_assert_cmpmem (text + field.value.offset, field.value.length, " x", 2);
  g_assert_false (header_find (bytes, strlen (text), "Subj", &field));
  g_assert_false (header_find (bytes, strlen (text), "To", &field));
}

static void
test_nul (void)
{
  const guint8 bytes[] = { 'A', ':', 'x', 0, 'y', '\r', '\n' };
  gsize position = 0;
  HeaderField field;
  g_autofree char *value = NULL;

  g_assert_true (header_next (bytes, sizeof bytes, &position, &field));
  value = header_unfold (bytes, &field);
  g_assert_cmpstr (value, ==, "x\357\277\275y");
}

static void
test_comments (void)
{
  static const char *const rows[][2] = {
    { "", "" },
    { "x", "x" },
    { " \t\r\nx y", "x y" },
    { "(a (b) c) (d)x", "x" },
    { "(a \\) b)x", "x" },
    { ")x", ")x" },
    { "(never closed x", "" },
    { "(a \\", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (header_skip_comments (rows[i][0]), ==, rows[i][1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/header/next/%s", cases[i].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/header/find", test_find);
  g_test_add_func ("/header/nul", test_nul);
  g_test_add_func ("/header/comments", test_comments);
  return g_test_run ();
}
