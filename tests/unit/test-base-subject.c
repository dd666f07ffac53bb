/* Base subjects (RFC 5256 §2.1). */
#include "mail/base-subject.h"
#include <string.h>

static const struct {
  const char *value, *base;
  gboolean is_reply;
} cases[] = {
  { "Hello", "Hello", FALSE },
  { "  Hello \t world  ", "Hello world", FALSE },
  { "Re: Hello", "Hello", TRUE },
  { "re : Hello", "Hello", TRUE },
  { "RE: FW: Fwd: Hello", "Hello", TRUE },
  { "Re[2]: Hello", "Hello", TRUE },
  { "[list] Re: Hello", "Hello", TRUE },
  { "[list] Hello", "Hello", FALSE },
  { "[a] [b] Hello", "Hello", FALSE },
  { "Re: [list] Re: Hello", "Hello", TRUE },
  { "Hello (fwd)", "Hello", TRUE },
  { "Hello (FWD) (fwd) ", "Hello", TRUE },
  { "[Fwd: Hello]", "Hello", TRUE },
  { "[Fwd: Re: [x] Hello (fwd)]", "Hello", TRUE },
  { "[fwd: [fwd: Hello]]", "Hello", TRUE },
  { "[only]", "[only]", FALSE },
  { "Re: [only]", "[only]", TRUE },
  { "[a][b]", "[b]", FALSE },
  { "[open Hello", "[open Hello", FALSE },
  { "Reply: Hello", "Reply: Hello", FALSE },
  { "AW: Hallo", "AW: Hallo", FALSE }, /* the RFC knows English alone */
  { "Re:", "", TRUE },
  { "(fwd)", "", TRUE },
  { "", "", FALSE },
  { "Re: Gr\303\274\303\237e", "Gr\303\274\303\237e", TRUE },
  { "Hello re: there", "Hello re: there", FALSE },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gboolean is_reply;
    g_autofree char *base = base_subject (cases[i].value, &is_reply);

    g_test_message ("%s", cases[i].value);
    g_assert_cmpstr (base, ==, cases[i].base);
    g_assert_cmpint (is_reply, ==, cases[i].is_reply);
  }
}

/* Half a million marks of mailing lists are cut before they can cost anything. */
static void
test_hostile (void)
{
  g_autoptr (GString) subject = g_string_new (NULL);
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < 500000; i++)
    g_string_append (subject, "[]");
  g_autofree char *base = base_subject (subject->str, NULL);
  g_assert_cmpuint (strlen (base), <=, SUBJECT_MAX);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base-subject/cases", test_cases);
  g_test_add_func ("/base-subject/hostile", test_hostile);
  return g_test_run ();
}
