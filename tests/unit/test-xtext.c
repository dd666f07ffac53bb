/* Tests of daemon/queue/xtext.c. */
#include "queue/xtext.h"

static const struct {
  const char *text;
  const char *decoded; /* NULL: not valid */
} cases[] = {
  { "QQ314159", "QQ314159" },
  { "bea+2Bx@other.example", "bea+x@other.example" },
  { "a+3Db", "a=b" },
  { "a+0D+0Ab", "a??b" },
  { "", NULL },
  { "a=b", NULL },
  { "a+2b", NULL },
  { "a+2", NULL },
  { "a+", NULL },
  { "a b", NULL },
  { "\xc3\xa4", NULL },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *decoded = xtext_decode (cases[i].text);

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (xtext_is_valid (cases[i].text), ==, cases[i].decoded != NULL);
    if (cases[i].decoded)
      g_assert_cmpstr (decoded, ==, cases[i].decoded);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xtext/cases", test_cases);
  return g_test_run ();
}
