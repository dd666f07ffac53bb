/* Tests of daemon/policy/spf-macro.c. */
#include "policy/spf-macro.h"
#include <string.h>

static const struct {
  const char *text;
  gboolean domain, string, explanation; /* a valid domain-spec, macro-string, explanation */
} syntax[] = {
  { "example.com", TRUE, TRUE, TRUE },
  { "example.com.", TRUE, TRUE, TRUE },
  { "_spf.example.com", TRUE, TRUE, TRUE },
  { "foo:bar/baz.example.com", TRUE, TRUE, TRUE },
  { "%{i}._spf.%{d}", TRUE, TRUE, TRUE },
  { "%{d}", TRUE, TRUE, TRUE },
  { "%{l1r-}.example.com", TRUE, TRUE, TRUE },
  { "%{S}.example.com", TRUE, TRUE, TRUE },
  { "%{d2R+-_=/,.}.com", TRUE, TRUE, TRUE },
  { "%%%_%-.com", TRUE, TRUE, TRUE },
  { "%{d}.com", TRUE, TRUE, TRUE },
  { "example.c-m", TRUE, TRUE, TRUE },
  { "example", FALSE, TRUE, TRUE }, /* §7.1: no dot, no top label */
  { "example.", FALSE, TRUE, TRUE },
  { "192.0.2.1", FALSE, TRUE, TRUE },
  { "example.-com", FALSE, TRUE, TRUE },
  { "example.com-", FALSE, TRUE, TRUE },
  { "example.c_m", FALSE, TRUE, TRUE },
  { "%{d}com", FALSE, TRUE, TRUE },
  { "", FALSE, TRUE, TRUE },
  { "%{c}.example.com", FALSE, FALSE, TRUE }, /* §7.2: c, r, t only in explanations */
  { "%{r}.example.com", FALSE, FALSE, TRUE },
  { "%{t}.example.com", FALSE, FALSE, TRUE },
  { "two words", FALSE, FALSE, TRUE },
  { "%", FALSE, FALSE, FALSE },
  { "100%.com", FALSE, FALSE, FALSE },
  { "%{", FALSE, FALSE, FALSE },
  { "%{d", FALSE, FALSE, FALSE },
  { "%{}", FALSE, FALSE, FALSE },
  { "%{x}.com", FALSE, FALSE, FALSE },
  { "%{d0}.com", FALSE, FALSE, FALSE }, /* §7.3: not zero */
  { "%{d!}.com", FALSE, FALSE, FALSE },
  { "%{dr2}.com", FALSE, FALSE, FALSE },
  { "%(d).com", FALSE, FALSE, FALSE },
  { "%a.com", FALSE, FALSE, FALSE },
  { "b\xc3\xbc.com", FALSE, FALSE, FALSE },
  { "a\tb.com", FALSE, FALSE, FALSE },
};

static void
test_syntax (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (syntax); i++) {
    g_test_message ("%s", syntax[i].text);
    g_assert_cmpint (spf_domain_spec_is_valid (syntax[i].text), ==, syntax[i].domain);
    g_assert_cmpint (spf_macro_is_valid (syntax[i].text, FALSE), ==, syntax[i].string);
    g_assert_cmpint (spf_macro_is_valid (syntax[i].text, TRUE), ==, syntax[i].explanation);
  }
}

/* DATA is what is known of the name, or NULL. */
static const char *
ptr_name (gpointer data)
{
  return data;
}

static SpfMacros
macros_new (GInetAddress *address)
{
  return (SpfMacros) { .sender = "strong-bad@email.example.com",
                       .domain = "email.example.com",
                       .helo = "mx.example.org",
                       .receiver = "mail.example.net",
                       .address = address,
                       .now = 1700000000,
                       .ptr_name = ptr_name,
                       .data = (gpointer) "mx.example.org" };
}

/* The examples of §7.4 and what they leave out. */
static const struct {
  const char *text, *expanded;
  gboolean ip6;
} expansions[] = {
  { "%{s}", "strong-bad@email.example.com" },
  { "%{o}", "email.example.com" },
  { "%{d}", "email.example.com" },
  { "%{d4}", "email.example.com" },
  { "%{d3}", "email.example.com" },
  { "%{d2}", "example.com" },
  { "%{d1}", "com" },
  { "%{dr}", "com.example.email" },
  { "%{d2r}", "example.email" },
  { "%{d99999999999999999999}", "email.example.com" },
  { "%{d127}", "email.example.com" }, /* §7.3: as many as a name can have */
  { "%{l}", "strong-bad" },
  { "%{l-}", "strong.bad" },
  { "%{lr}", "strong-bad" },
  { "%{lr-}", "bad.strong" },
  { "%{l1r-}", "strong" },
  { "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com" },
  { "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
  { "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com" },
  { "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com" },
  { "%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net" },
  { "%{ir}.%{v}._spf.%{d2}",
    "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com", TRUE },
  { "%{i}", "192.0.2.3" },
  { "%{c}", "192.0.2.3" },
  { "%{c}", "2001:db8::cb01", TRUE },
  { "%{h} %{r} %{t} %{p}", "mx.example.org mail.example.net 1700000000 mx.example.org" },
  { "%{S}", "strong-bad%40email.example.com" }, /* §7.3: upper case escapes */
  { "%%a%_b%-c", "%a b%20c" },
};

static void
test_expand (void)
{
  g_autoptr (GInetAddress) ip4 = g_inet_address_new_from_string ("192.0.2.3");
  g_autoptr (GInetAddress) ip6 = g_inet_address_new_from_string ("2001:db8::cb01");

  for (guint i = 0; i < G_N_ELEMENTS (expansions); i++) {
    const SpfMacros macros = macros_new (expansions[i].ip6 ? ip6 : ip4);
    g_autofree char *expanded = spf_macro_expand (&macros, expansions[i].text);

    g_assert_true (spf_macro_is_valid (expansions[i].text, TRUE));
    g_assert_cmpstr (expanded, ==, expansions[i].expanded);
  }
}

/* §7.3: everything but RFC 3986's unreserved characters is escaped, and only by capital letters. */
static void
test_escape (void)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("2001:db8::1");
  SpfMacros macros = macros_new (address);
  g_autofree char *escaped = NULL;
  g_autofree char *plain = NULL;

  macros.sender = "aZ9-._~ !\"#$%&'()*+,/:;<=>?[]^`{|}@example.com";
  escaped = spf_macro_expand (&macros, "%{L} %{I} %{C}");
  plain = spf_macro_expand (&macros, "%{l}");
  g_assert_cmpstr (
      escaped, ==,
      "aZ9-._~%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%5B%5D%5E%60%7B"
      "%7C%7D 2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1 "
      "2001%3Adb8%3A%3A1");
  g_assert_cmpstr (plain, ==, "aZ9-._~ !\"#$%&'()*+,/:;<=>?[]^`{|}");
}

static void
test_unknown_name (void)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("192.0.2.3");
  SpfMacros macros = macros_new (address);

  macros.data = NULL;
  g_assert_null (spf_macro_expand (&macros, "%{p}.example.com"));
  g_assert_null (spf_domain_expand (&macros, "%{p}.example.com"));
}

/* §7.3: whole labels go on the left until 253 characters are left. */
static void
test_long (void)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("192.0.2.3");
  SpfMacros macros = macros_new (address);
  g_autofree char *label = g_strnfill (60, 'x');
  g_autofree char *domain = g_strjoin (".", "lost-label", label, label, label, label, "com", NULL);
  g_autofree char *name = NULL;

  macros.domain = domain;
  name = spf_domain_expand (&macros, "%{d}.");
  g_assert_cmpstr (name, ==, domain + strlen ("lost-label."));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spf-macro/syntax", test_syntax);
  g_test_add_func ("/spf-macro/expand", test_expand);
  g_test_add_func ("/spf-macro/escape", test_escape);
  g_test_add_func ("/spf-macro/unknown-name", test_unknown_name);
  g_test_add_func ("/spf-macro/long", test_long);
  return g_test_run ();
}
