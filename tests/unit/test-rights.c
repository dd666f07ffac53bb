#include "accounts/rights.h"

static const struct {
  const char *text, *printed; /* NULL: refused */
} rights[] = {
  { "", "" },        { "lrswipkxtea", "lrswipkxteacd" },
  { "ael", "lead" }, { "rl", "lr" },
  { "lrk", "lrkc" }, { "c", "kc" },
  { "d", "xted" },   { "lrq", NULL },
  { "+l", NULL },    { "L", NULL },
};

static void
test_letters (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rights); i++) {
    guint bits;
    g_test_message ("%s", rights[i].text);
    g_assert_cmpint (rights_parse (rights[i].text, &bits), ==, rights[i].printed != NULL);
    if (!rights[i].printed)
      continue;
    g_autofree char *printed = rights_print (bits);
    g_assert_cmpstr (printed, ==, rights[i].printed);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rights/letters", test_letters);
  return g_test_run ();
}
