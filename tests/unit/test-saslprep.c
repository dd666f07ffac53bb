/* Tests of daemon/accounts/saslprep.c: the examples of RFC 4013 §3, and more. */
#include "accounts/saslprep.h"

static const struct {
  const char *text, *wanted; /* WANTED NULL: prohibited */
} rows[] = {
  { "I\xc2\xadX", "IX" },
  { "user", "user" },
  { "USER", "USER" },
  { "\xc2\xaa", "a" },
  { "\xe2\x85\xa8", "IX" },
  { "\x07", NULL },
  { "\xd8\xa7"
    "1",
    NULL }, /* begins from right to left, and does not end so */
  { "\xd8\xa7\xd8\xa8", "\xd8\xa7\xd8\xa8" },
  { "\xd8\xa7"
    "a\xd8\xa7",
    NULL },
  { "a\xc2\xa0"
    "b",
    "a b" },
  { "u\xcc\x88", "\xc3\xbc" },
  { "", NULL },
  { "\xc2\xad", NULL },
  { "\xff", NULL },
  { "\xee\x80\x80", NULL },
  { "\xef\xbf\xbd", NULL },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *prepared = saslprep (rows[i].text);
    g_test_message ("%u", i);
    g_assert_cmpstr (prepared, ==, rows[i].wanted);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/saslprep/rows", test_rows);
  return g_test_run ();
}
