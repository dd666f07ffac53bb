/* Which certificates for which names. */
#include "tls/acme-plan.h"
#include <string.h>

static char *
print (const char *hostname, const char *domains, const char *more)
{
  g_auto (GStrv) words = g_strsplit (domains, " ", -1);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; words[i] && *words[i]; i++)
    g_ptr_array_add (list, words[i]);
  g_autoptr (GPtrArray) plan = acme_plan_new (hostname, list, more);
  for (guint i = 0; i < plan->len; i++) {
    const AcmePlanned *planned = plan->pdata[i];
    g_string_append_printf (text, "%s%s:", i ? " | " : "", planned->name);
    for (guint k = 0; k < planned->hosts->len; k++) {
      const AcmeHost *host = planned->hosts->pdata[k];
      g_string_append_printf (text, " %s%s", host->host, host->is_wanted ? "!" : "");
    }
  }
  return g_string_free (text, FALSE);
}

#define OF(domain) "autoconfig." domain " autodiscover." domain " mta-sts." domain

static const struct {
  const char *hostname, *domains, *more, *plan;
} cases[] = {
  { "mail.example.com", "example.com", "",
    "acme-example.com: mail.example.com! " OF ("example.com") },
  { "Mail.Example.COM", "example.com", "",
    "acme-example.com: mail.example.com! " OF ("example.com") },
  { "mx.example.com", "example.com", "",
    "acme-example.com: mx.example.com! mail.example.com " OF ("example.com") },
  { "mx.provider.example", "example.com", "",
    "acme-mx.provider.example: mx.provider.example! | acme-example.com: mail.example.com " OF (
        "example.com") },
  { "mx.provider.example", "", "www.provider.example  www.provider.example",
    "acme-mx.provider.example: mx.provider.example! | acme-www.provider.example: "
    "www.provider.example!" },
  { "mail.b.example.com", "example.com b.example.com", "",
    "acme-b.example.com: mail.b.example.com! " OF (
        "b.example.com") " | acme-example.com: mail.example.com " OF ("example.com") },
  { "notexample.com", "example.com", "",
    "acme-notexample.com: notexample.com! | acme-example.com: mail.example.com " OF (
        "example.com") },
  { "mail.example.com", "example.com", "bad_name.example.com 192.0.2.1 x,DNS:y.example",
    "acme-example.com: mail.example.com! " OF ("example.com") },
  { "mail.example.com", "example.com", "*.example.com",
    "acme-example.com: mail.example.com! " OF ("example.com") },
};

static void
test_plan (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *plan = print (cases[i].hostname, cases[i].domains, cases[i].more);
    g_assert_cmpstr (plan, ==, cases[i].plan);
  }
}

static void
test_name (void)
{
  g_autofree char *label = g_strnfill (60, 'a');
  g_autofree char *domain = g_strconcat (label, ".", label, ".example", NULL);
  g_autofree char *other = g_strconcat (label, ".", label, ".example2", NULL);
  g_autofree char *name = acme_plan_name (domain);
  g_autofree char *other_name = acme_plan_name (other);

  g_assert_cmpuint (strlen (name), <=, 100);
  g_assert_cmpstr (name, !=, other_name);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acme-plan/plan", test_plan);
  g_test_add_func ("/acme-plan/name", test_name);
  return g_test_run ();
}
