/* Tests of daemon/pop3/pop3-parser.c. */
#include "pop3/pop3-parser.h"
#include <string.h>

static const struct {
  const char *text;
  guint least, most;
  guint count; /* 0 with LEAST > 0: refused */
  guint64 numbers[2];
} rows[] = {
  { "", 0, 1, 0, { 0 } },
  { "", 1, 1, 0, { 0 } },
  { "7", 1, 1, 1, { 7 } },
  { "7 ", 1, 1, 1, { 7 } },
  { "1 20", 2, 2, 2, { 1, 20 } },
  { "1", 2, 2, 0, { 0 } },
  { "1 2 3", 2, 2, 0, { 0 } },
  { "1  2", 2, 2, 0, { 0 } },
  { "-1", 1, 1, 0, { 0 } },
  { "+1", 1, 1, 0, { 0 } },
  { "0x1", 1, 1, 0, { 0 } },
  { "18446744073709551615", 1, 1, 1, { G_MAXUINT64 } },
  { "18446744073709551616", 1, 1, 0, { 0 } },
};

static void
test_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    guint64 numbers[2] = { 0 };
    guint count;
    gboolean parsed
        = pop3_numbers_parse (rows[i].text, rows[i].least, rows[i].most, numbers, &count);

    g_test_message ("%s", rows[i].text);
    g_assert_cmpint (parsed, ==, rows[i].count >= rows[i].least);
    for (guint n = 0; parsed && n < count; n++)
      g_assert_cmpuint (numbers[n], ==, rows[i].numbers[n]);
  }
}

static void
test_find (void)
{
  g_autofree char *text = g_strnfill (POP3_AUTH_LINE_MAX + 1, 'x');
  gboolean too_long;

  g_assert_cmpuint (pop3_line_find ((const guint8 *)"NOOP\r\nQUIT", 10, &too_long), ==, 6);
  g_assert_cmpuint (pop3_line_find ((const guint8 *)"NOOP", 4, &too_long), ==, 0);
  g_assert_false (too_long);
  g_assert_cmpuint (pop3_line_find ((const guint8 *)text, POP3_LINE_MAX, &too_long), ==, 0);
  g_assert_true (too_long);
  memcpy (text, "auth ", 5);
  g_assert_cmpuint (pop3_line_find ((const guint8 *)text, POP3_LINE_MAX, &too_long), ==, 0);
  g_assert_false (too_long);
  pop3_line_find ((const guint8 *)text, POP3_AUTH_LINE_MAX, &too_long);
  g_assert_true (too_long);
}

static void
test_split (void)
{
  g_autofree char *line = pop3_line_text ((const guint8 *)"PASS  a b \r\n", 12);
  g_autofree char *bare = pop3_line_text ((const guint8 *)"STAT\n", 5);

  g_assert_cmpstr (pop3_line_split (line), ==, " a b ");
  g_assert_cmpstr (line, ==, "PASS");
  g_assert_cmpstr (pop3_line_split (bare), ==, "");
  g_assert_null (pop3_line_text ((const guint8 *)"A\0B\r\n", 5));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pop3-parser/numbers", test_numbers);
  g_test_add_func ("/pop3-parser/find", test_find);
  g_test_add_func ("/pop3-parser/split", test_split);
  return g_test_run ();
}
