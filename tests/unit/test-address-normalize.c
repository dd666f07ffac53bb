/* Addresses of the envelope in the form that directories are searched by. */
#include "mail/address.h"
#include <string.h>

#define FIFTY "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
  const char *address, *normal;
} cases[] = {
  { "Ann@Example.COM", "ann@example.com" },
  { "ann@example.com.", "ann@example.com" },
  { "\"ann\"@b.example", "ann@b.example" },
  { "\"a\\nn\"@b.example", "ann@b.example" },
  { "\"Ann Lee\"@b.example", "\"ann lee\"@b.example" },
  { "\"a\\\"b\"@b.example", "\"a\\\"b\"@b.example" },
  { "\"a@evil\"@b.example", "\"a@evil\"@b.example" },
  { "a@b\303\274cher.example", "a@xn--bcher-kva.example" },
  { "a@B\303\234CHER.example", "a@xn--bcher-kva.example" },
  { "J\303\234@b.example", "j\303\274@b.example" },
  { "a+tag@localhost", "a+tag@localhost" },
  { "a@[192.0.2.1]", "a@[192.0.2.1]" },
  { "a@[IPv6:2001:DB8::1]", "a@[ipv6:2001:db8::1]" },
  { FIFTY "12345678901234@b.example", FIFTY "12345678901234@b.example" },
  { FIFTY "123456789012345@b.example", NULL },
  { "a@" FIFTY FIFTY ".example", NULL },
  { "a@[192.0.2.999]", NULL },
  { "a@[2001:db8::1]", NULL },
  { "a@192.0.2.1", NULL },
  { "a b@b.example", NULL },
  { "a..b@b.example", NULL },
  { ".a@b.example", NULL },
  { "\"a\"b\"@b.example", NULL },
  { "\"a\\\"@b.example", NULL },
  { "a\r\n@b.example", NULL },
  { "a@b..example", NULL },
  { "a@-b.example", NULL },
  { "a@b_c.example", NULL },
  { "a@b\357\274\240c.example", NULL }, /* a full-width @ */
  { "a@\377.example", NULL },
  { "\377@b.example", NULL },
  { "@b.example", NULL },
  { "a@", NULL },
  { "a", NULL },
  { "", NULL },
};

static void
test_normalize (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *normal = address_normalize (cases[i].address);

    g_test_message ("%s", cases[i].address);
    g_assert_cmpstr (normal, ==, cases[i].normal);
    if (normal != NULL) {
      g_autofree char *again = address_normalize (normal);

      g_assert_cmpstr (again, ==, normal);
    }
  }
}

static void
test_domain (void)
{
  const char *address = "\"a@x\"@b.example";
  g_autofree char *domain = domain_normalize ("EXAMPLE.com");

  g_assert_cmpstr (domain, ==, "example.com");
  g_assert_null (domain_normalize (""));
  g_assert_null (domain_normalize ("."));
  g_assert_cmpstr (address_domain (address), ==, "b.example");
  g_assert_null (address_domain ("a"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address-normalize/address", test_normalize);
  g_test_add_func ("/address-normalize/domain", test_domain);
  return g_test_run ();
}
