/* Lists of addresses as header fields hold them. */
#include "mail/address.h"
#include "tests/system/process.h"
#include <string.h>

/* Expected: one address a "(name|route|mailbox|host)", "-" for NULL. */
static const struct {
  const char *name, *value, *expected;
} cases[] = {
  { "plain", "a@b.example", "(-|-|a|b.example)" },
  { "named", "Ann Lee <a@b>", "(Ann Lee|-|a|b)" },
  { "quoted-name", "\"Lee, \\\"A\\\"\" <a@b>, c@d", "(Lee, \"A\"|-|a|b)(-|-|c|d)" },
  { "dotted-name", "J. R. Lee <a@b>", "(J. R. Lee|-|a|b)" },
  { "comment-name", "a@b (Ann (X) Lee)", "(Ann (X) Lee|-|a|b)" },
  { "comments", "A.(x) B @(the)c . d", "(the|-|A.B|c.d)" },
  { "folded-blanks", "  a@b ,\t c@d  ", "(-|-|a|b)(-|-|c|d)" },
  { "quoted-local", "\"john doe\"@b", "(-|-|john doe|b)" },
  { "at-in-quotes", "\"a@evil\"@b", "(-|-|a@evil|b)" },
  { "route", "X <@a,@b:c@d>", "(X|@a,@b|c|d)" },
  { "literal", "a@[192.0.2.1]", "(-|-|a|[192.0.2.1])" },
  { "group", "Team: a@b, C <c@d>;, e@f", "(-|-|Team|-)(-|-|a|b)(C|-|c|d)(-|-|-|-)(-|-|e|f)" },
  { "empty-group", "undisclosed-recipients:;", "(-|-|undisclosed-recipients|-)(-|-|-|-)" },
  { "group-not-closed", "T: a@b", "(-|-|T|-)(-|-|a|b)(-|-|-|-)" },
  { "group-in-group", "T: U: a@b;;", "(-|-|T|-)(-|-|-|-)(-|-|U|-)(-|-|a|b)(-|-|-|-)" },
  { "encoded-word", "=?utf-8?q?L=C3=A9?= <a@b>", "(=?utf-8?q?L=C3=A9?=|-|a|b)" },
  { "comma-in-word", "=?utf-8?q?Lee,_Ann?= <a@b>", "(=?utf-8?q?Lee,_Ann?=|-|a|b)" },
  { "user", "root", "(-|-|root|)" },
  { "angle-user", "<root>", "(-|-|root|)" },
  { "null-path", "<>, a@b", "(-|-|a|b)" },
  { "commas", ",,,a@b,,", "(-|-|a|b)" },
  { "two-words", "some words, a@b", "(-|-|a|b)" },
  { "no-local", "@b, c@d", "(-|-|c|d)" },
  { "no-domain", "a@, c@d", "(-|-|c|d)" },
  { "angle-not-closed", "X <a@b, c@d", "(X|-|a|b)(-|-|c|d)" },
  { "quote-not-closed", "\"a, b@c", "" },
  { "comment-not-closed", "a@b, (c@d", "(-|-|a|b)" },
  { "utf-8", "J\303\274 <j\303\274@b\303\274.example>",
    "(J\303\274|-|j\303\274|b\303\274.example)" },
  { "empty", "", "" },
};

static void
test_case (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr (GPtrArray) addresses = address_parse_list (cases[index].value, 100);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < addresses->len; i++) {
    const Address *address = addresses->pdata[i];

    g_string_append_printf (found, "(%s|%s|%s|%s)", address->name ? address->name : "-",
                            address->route ? address->route : "-",
                            address->mailbox ? address->mailbox : "-",
                            address->host ? address->host : "-");
  }
  g_assert_cmpstr (found->str, ==, cases[index].expected);
}

/* A megabyte of what could be read again and again is read once. */
static void
test_linear (void)
{
  static const char *const pieces[]
      = { "=?,", "(", "\"", "<", "a@b,", ":", "=?x?q?", "(x) ", "a ", "<@a,", ";" };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GPtrArray) addresses = NULL;
    gdouble start = process_thread_seconds ();

    while (text->len < 1000000)
      g_string_append (text, pieces[i]);
    addresses = address_parse_list (text->str, 50);
    g_assert_cmpuint (addresses->len, <=, 52);
    g_assert_cmpfloat (process_thread_seconds () - start, <, 5);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/address/list/%s", cases[i].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/address/linear", test_linear);
  return g_test_run ();
}
