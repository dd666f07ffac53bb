/* Tests of daemon/policy/dkim-header.c. */
#include "policy/dkim-header.h"
#include <string.h>

static const char mail[] = "A: 1\r\nB: 2\r\nA: 3\r\nC: 4\r\n A: folded\r\na: 5\r\n\r\nA: body\r\n";

/* What h= selects (RFC 6376 §5.4.2): from below, each field once, nothing when there is none. */
static const struct {
  const char *names, *selected;
  int without;
} cases[] = {
  { "a", "a:5\r\n", -1 },
  { "A:a", "a:5\r\na:3\r\n", -1 },
  { "A:b:A:A:A", "a:5\r\nb:2\r\na:3\r\na:1\r\n", -1 },
  { "D:C", "c:4 A: folded\r\n", -1 },
  { "a", "a:3\r\n", 4 },
  { "", "", -1 },
};

static void
test_append (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (DkimHeader) header = dkim_header_read ((const guint8 *)mail, strlen (mail));
    g_auto (GStrv) names = g_strsplit (cases[i].names, ":", -1);
    g_autoptr (GString) out = g_string_new (NULL);

    g_assert_cmpuint (header->fields->len, ==, 5);
    g_assert_cmpstr (mail + header->body, ==, "A: body\r\n");
    dkim_header_append (header, out, (const char *const *)names, DKIM_RELAXED, cases[i].without);
    g_assert_cmpstr (out->str, ==, cases[i].selected);
    g_assert_cmpuint (dkim_header_count (header, "a"), ==, 3);
    g_assert_false (header->is_cut);
  }
}

static void
test_limits (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (DkimHeader) fields = NULL;
  g_autoptr (DkimHeader) bytes = NULL;
  g_autoptr (DkimHeader) none = dkim_header_read (NULL, 0);

  g_assert_false (none->is_cut);
  for (guint i = 0; i <= DKIM_FIELDS_MAX; i++)
    g_string_append (text, "A: 1\r\n");
  g_string_append (text, "\r\n");
  fields = dkim_header_read ((const guint8 *)text->str, text->len);
  g_assert_true (fields->is_cut);
  g_string_assign (text, "A: ");
  g_string_set_size (text, DKIM_HEADER_MAX + 10);
  memset (text->str + 3, 'x', text->len - 3);
  bytes = dkim_header_read ((const guint8 *)text->str, text->len);
  g_assert_true (bytes->is_cut);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dkim-header/append", test_append);
  g_test_add_func ("/dkim-header/limits", test_limits);
  return g_test_run ();
}
