/* Values and parameters of MIME header fields. */
#include "mail/parameter.h"
#include <string.h>

static const struct {
  const char *text, *value, *parameters; /* "name=value|…" */
} cases[] = {
  { "text/plain; charset=utf-8", "text/plain", "charset=utf-8|" },
  { " text / plain (x) ; a = b ", "text/plain", "a=b|" },
  { "text/plain; a=\"x; y\\\"z\"; b=c", "text/plain", "a=x; y\"z|b=c|" },
  { "attachment; filename=my file.txt; x=y", "attachment", "filename=my file.txt|x=y|" },
  { "text/plain; charset=us-ascii (Plain; text)", "text/plain", "charset=us-ascii|" },
  { "a/b; boundary===_x=; c", "a/b", "boundary===_x=|" },
  { "a/b; n*0=one; n*1=\"two\"; n*2=three", "a/b", "n=onetwothree|" },
  { "a/b; n*1=two; n*0=one", "a/b", "n=onetwo|" },
  { "a/b; n*0=one; n*2=three", "a/b", "n=one|" },
  { "a/b; n*1=two", "a/b", "" },
  { "a/b; n*=iso-8859-1'de'%FC", "a/b", "n=\303\274|" },
  { "a/b; n*0*=utf-8''%C3; n*1*=%BC; n*2=%41", "a/b", "n=\303\274%41|" },
  { "a/b; n=old; n*=utf-8''new", "a/b", "n=new|" },
  { "a/b; n*=utf-8''%ZZ%", "a/b", "n=%ZZ%|" },
  { "a/b; n=1; N=2", "a/b", "n=1|" },
  { "a/b; n=\"open", "a/b", "n=open|" },
  { "a/b; n=\374", "a/b", "n=\303\274|" },
  { "a/b; n=; m=\"\"", "a/b", "n=|m=|" },
  { "a/b;;; =x; n", "a/b", "" },
  { "text", "text", "" },
  { "a/", "a/", "" },
  { "; a=b", NULL, "a=b|" },
  { "", NULL, "" },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) parameters = NULL;
    g_autofree char *value = parameter_parse (cases[i].text, &parameters);
    g_autoptr (GString) found = g_string_new (NULL);

    for (guint j = 0; j < parameters->len; j += 2)
      g_string_append_printf (found, "%s=%s|", (char *)parameters->pdata[j],
                              (char *)parameters->pdata[j + 1]);
    g_test_message ("%s", cases[i].text);
    g_assert_cmpstr (value, ==, cases[i].value);
    g_assert_cmpstr (found->str, ==, cases[i].parameters);
  }
}

static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new ("a/b");
  g_autoptr (GPtrArray) parameters = NULL;
  g_autofree char *value = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (text, "; n%u*0*=x", i);
  value = parameter_parse (text->str, &parameters);
  g_assert_cmpuint (parameters->len, ==, PARAMETERS_MAX * 2);
  g_assert_cmpstr (parameter_find (parameters, "N3"), ==, "x");
  g_assert_null (parameter_find (parameters, "n9999"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parameter/parse", test_parse);
  g_test_add_func ("/parameter/many", test_many);
  return g_test_run ();
}
