/* Tests of daemon/smtp/smtp-path.c. */
#include "smtp/smtp-path.h"
#include <string.h>

#define L64 "1234567890123456789012345678901234567890123456789012345678901234"
#define L63 "123456789012345678901234567890123456789012345678901234567890123"

static const struct {
  const char *text, *keyword;
  const char *address; /* NULL: malformed */
  const char *rest;
} rows[] = {
  { "FROM:<anna@example.com>", "FROM:", "anna@example.com", "" },
  { "from:<anna@example.com> SIZE=3", "FROM:", "anna@example.com", " SIZE=3" },
  { "FROM: <anna@example.com>", "FROM:", "anna@example.com", "" },
  { "FROM:<>", "FROM:", "", "" },
  { "FROM:<> BODY=7BIT", "FROM:", "", " BODY=7BIT" },
  { "TO:<>", "TO:", NULL },
  { "TO:<Postmaster>", "TO:", "Postmaster", "" },
  { "TO:<anna>", "TO:", NULL },
  { "TO:<@a.example,@b.example:anna@example.com>", "TO:", "anna@example.com", "" },
  { "TO:<@a.example>", "TO:", NULL },
  { "TO:<\"a b>c\\\"@\"@example.com>", "TO:", "\"a b>c\\\"@\"@example.com", "" },
  { "TO:<\"open@example.com>", "TO:", NULL },
  { "TO:<a\"b\"@example.com>", "TO:", NULL },
  { "TO:<a@[192.0.2.1]>", "TO:", "a@[192.0.2.1]", "" },
  { "TO:<a@[IPv6:2001:db8::1]>", "TO:", "a@[IPv6:2001:db8::1]", "" },
  { "TO:<a@[]>", "TO:", NULL },
  { "TO:<a.b..c.@phone.example>", "TO:", "a.b..c.@phone.example", "" },
  { "TO:<a_b+c=d!e#f$g%h'i*j/k?l^m`n{o|p}q~r@example.com>",
    "TO:", "a_b+c=d!e#f$g%h'i*j/k?l^m`n{o|p}q~r@example.com", "" },
  { "TO:<a@b@example.com>", "TO:", NULL },
  { "TO:<a@.example.com>", "TO:", NULL },
  { "TO:<a@example..com>", "TO:", NULL },
  { "TO:<a@example.com.>", "TO:", NULL },
  { "TO:<a@exa mple.com>", "TO:", NULL },
  { "TO:<a@exa/mple.com>", "TO:", NULL },
  { "TO:<@example.com>", "TO:", NULL },
  { "TO:<a@>", "TO:", NULL },
  { "TO:<\303\244@example.com>", "TO:", "\303\244@example.com", "" },
  { "TO:<\303\244@\303\244.example>", "TO:", "\303\244@\303\244.example", "" },
  { "TO:<\344@example.com>", "TO:", NULL },
  { "TO:<a@\344.example>", "TO:", NULL },
  { "TO:<a@\342\200\250.example>", "TO:", NULL },
  { "TO:<a\001@example.com>", "TO:", NULL },
  { "TO:<a@example.com", "TO:", NULL },
  { "TO:a@example.com", "TO:", NULL },
  { "TO:<<a@example.com>", "TO:", NULL },
  { "TO:<a@example.com>x", "TO:", NULL },
  { "TO<a@example.com>", "TO:", NULL },
  { "", "TO:", NULL },
  { "TO:", "TO:", NULL },
  { "TO:<" L64 "@example.com>", "TO:", L64 "@example.com", "" },
  { "TO:<" L64 "5@example.com>", "TO:", NULL },
  { "TO:<SRS0=" L64 "@example.com>", "TO:", "SRS0=" L64 "@example.com", "" },
  { "TO:<a@" L63 "." L63 "." L63 "." L63 ">", "TO:", NULL }, /* a path has at most 256 */
};

static void
test_path (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  const char *rest = NULL;
  g_autofree char *address = smtp_path_parse (rows[i].text, rows[i].keyword, &rest);

  g_assert_cmpstr (address, ==, rows[i].address);
  if (address)
    g_assert_cmpstr (rest, ==, rows[i].rest);
}

static void
test_parameters (void)
{
  static const char *const wanted[][2]
      = { { "SIZE", "12" }, { "BODY", "8BITMIME" }, { "SMTPUTF8", NULL }, { "AUTH", "" },
          { "", "x" },      { "A", "b=c" } };
  const char *parameters = "  SIZE=12 BODY=8BITMIME SMTPUTF8  AUTH= =x A=b=c ";

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    g_autofree char *key = NULL;
    g_autofree char *value = NULL;
    g_assert_true (smtp_parameter_next (&parameters, &key, &value));
    g_assert_cmpstr (key, ==, wanted[i][0]);
    g_assert_cmpstr (value, ==, wanted[i][1]);
  }
  char *key, *value;
  g_assert_false (smtp_parameter_next (&parameters, &key, &value));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/smtp-path/parse/%u", i);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_path);
  }
  g_test_add_func ("/smtp-path/parameters", test_parameters);
  return g_test_run ();
}
