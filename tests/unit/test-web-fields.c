/* Cookies, hosts and forms, good and hostile. */
#include "http/web-fields.h"
#include <string.h>

static const struct {
  const char *header, *value;
} cookies[] = {
  { NULL, NULL },      { "", NULL },        { "id=1", "1" },  { "other=2; id=abc; last=3", "abc" },
  { "xid=2;id=", "" }, { "id", NULL },      { "ID=1", NULL }, { "; ;;  id=1 ;id=2", "1" },
  { "a=id=1", NULL },  { "id=a=b", "a=b" },
};

static const struct {
  const char *header, *host;
} hosts[] = {
  { NULL, "" },
  { "", "" },
  { "Mail.Example.com", "mail.example.com" },
  { "mail.example.com:443", "mail.example.com" },
  { "mail.example.com.", "mail.example.com" },
  { "mail.example.com.:20443", "mail.example.com" },
  { "192.0.2.1:443", "192.0.2.1" },
  { "[2001:DB8::1]:443", "[2001:db8::1]" },
  { "[2001:db8::1]", "[2001:db8::1]" },
  { "a:b", "" },
  { "[x]", "" },
  { "a b", "" },
  { "evil.example/", "" },
  { "user@evil.example", "" },
  { ":443", "" },
  { "xn--bro-hoa.example", "xn--bro-hoa.example" },
};

static void
test_cookies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cookies); i++) {
    g_autofree char *value = cookie_find (cookies[i].header, "id");
    g_test_message ("%s", cookies[i].header);
    g_assert_cmpstr (value, ==, cookies[i].value);
  }
}

static void
test_hosts (void)
{
  g_autofree char *many = g_strnfill (300, 'a');
  g_autofree char *long_host = host_parse (many);

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_autofree char *host = host_parse (hosts[i].header);
    g_test_message ("%s", hosts[i].header);
    g_assert_cmpstr (host, ==, hosts[i].host);
  }
  g_assert_cmpstr (long_host, ==, "");
}

static void
test_forms (void)
{
  static const char right[] = "a=1&b=x%20y+z&bad=%ff%fe&c=";
  g_autoptr (GHashTable) form = form_parse (right, strlen (right));
  GString *many = g_string_new ("a=1");

  g_assert_cmpstr (field_text (form, "a"), ==, "1");
  g_assert_cmpstr (field_text (form, "b"), ==, "x y z");
  g_assert_cmpstr (field_text (form, "bad"), ==, "");
  g_assert_cmpstr (field_text (form, "c"), ==, "");
  g_assert_cmpstr (field_text (form, "missing"), ==, "");
  g_assert_null (form_parse ("", 0));
  g_assert_null (form_parse ("a=\0b", 4));
  for (guint i = 0; i < 40; i++)
    g_string_append (many, "&a=1");
  g_assert_null (form_parse (many->str, many->len));
  g_string_free (many, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web-fields/cookies", test_cookies);
  g_test_add_func ("/web-fields/hosts", test_hosts);
  g_test_add_func ("/web-fields/forms", test_forms);
  return g_test_run ();
}
