/* Tests of daemon/policy/spf-record.c. */
#include "policy/spf-record.h"

static void
test_is_one (void)
{
  static const struct {
    const char *text;
    gboolean is_one;
  } cases[] = {
    { "v=spf1", TRUE },        { "v=spf1 -all", TRUE },
    { "V=SPF1 -all", TRUE },   { "v=spf10 -all", FALSE },
    { "v=spf1\t-all", FALSE }, { " v=spf1 -all", FALSE },
    { "v=spf2.0/pra", FALSE }, { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (spf_record_is_one (cases[i].text), ==, cases[i].is_one);
  }
}

/* One line a directive, then the modifiers; NULL: a syntax error. */
static const struct {
  const char *text, *parsed;
} cases[] = {
  { "v=spf1", "" },
  { "v=spf1   ", "" },
  { "v=spf1 all", "all pass;" },
  { "v=spf1 -ALL", "all fail;" },
  { "v=spf1 ?all ~all +all", "all neutral;all softfail;all pass;" },
  { "v=spf1 a mx ptr", "a pass 32 128;mx pass 32 128;ptr pass;" },
  { "v=spf1  a   mx ", "a pass 32 128;mx pass 32 128;" },
  { "v=spf1 a/24 a//64 a/24//64 a/0//0", "a pass 24 128;a pass 32 64;a pass 24 64;a pass 0 0;" },
  { "v=spf1 a:b.example/24 mx:b.example//64 mx:b.example/24//64",
    "a pass b.example 24 128;mx pass b.example 32 64;mx pass b.example 24 64;" },
  { "v=spf1 include:b.example exists:%{i}.b.example ptr:b.example",
    "include pass b.example;exists pass %{i}.b.example;ptr pass b.example;" },
  { "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.1 ip6:2001:db8::/32 ip6:::1",
    "ip4 pass 192.0.2.0 24;ip4 pass 192.0.2.1 32;ip6 pass 2001:db8:: 32;ip6 pass ::1 128;" },
  { "v=spf1 ip6:::ffff:192.0.2.1", "ip6 pass ::ffff:192.0.2.1 128;" },
  { "v=spf1 redirect=b.example", "redirect b.example;" },
  { "v=spf1 exp=e.%{d} -all", "all fail;exp e.%{d};" },
  { "v=spf1 unknown=anything%{d}/9 -all", "all fail;" },
  { "v=spf1 a:%{d/}/24", "a pass %{d/} 24 128;" },
  /* §4.6: any syntax error anywhere is one. */
  { "v=spf1 -all nonsense", NULL },
  { "v=spf1 all:b.example", NULL },
  { "v=spf1 all/8", NULL },
  { "v=spf1 --all", NULL },
  { "v=spf1 -", NULL },
  { "v=spf1 moo:b.example", NULL },
  { "v=spf1 a,mx", NULL },
  { "v=spf1 include", NULL },
  { "v=spf1 include:", NULL },
  { "v=spf1 include:b.example/24", NULL },
  { "v=spf1 exists", NULL },
  { "v=spf1 exists:b.example/24", NULL },
  { "v=spf1 ptr/0", NULL },
  { "v=spf1 ptr:", NULL },
  { "v=spf1 a:", NULL },
  { "v=spf1 a:/24", NULL },
  { "v=spf1 a:b.example/", NULL },
  { "v=spf1 a:b.example/33", NULL },
  { "v=spf1 a:b.example//129", NULL },
  { "v=spf1 a:b.example/024", NULL },
  { "v=spf1 a/24/64", NULL },
  { "v=spf1 a///64", NULL },
  { "v=spf1 a:192.0.2.1", NULL },
  { "v=spf1 ip4", NULL },
  { "v=spf1 ip4:", NULL },
  { "v=spf1 ip4:192.0.2", NULL },
  { "v=spf1 ip4:192.0.2.1/33", NULL },
  { "v=spf1 ip4:192.0.2.1/", NULL },
  { "v=spf1 ip4:192.0.2.1/08", NULL },
  { "v=spf1 ip4:192.0.2.1//24", NULL },
  { "v=spf1 ip4:192.0.2.1:25", NULL },
  { "v=spf1 ip4:2001:db8::1", NULL },
  { "v=spf1 ip4:0x7f000001", NULL },
  { "v=spf1 ip6:192.0.2.1", NULL },
  { "v=spf1 ip6:2001:db8::1/129", NULL },
  { "v=spf1 ip6:fe80::1%eth0", NULL },
  { "v=spf1 ip6:", NULL },
  { "v=spf1 redirect=b.example redirect=c.example", NULL }, /* §6: once */
  { "v=spf1 exp=b.example exp=b.example", NULL },
  { "v=spf1 redirect=", NULL },
  { "v=spf1 redirect:b.example", NULL },
  { "v=spf1 exp=", NULL },
  { "v=spf1 exp=-all", NULL },
  { "v=spf1 -exp=e.example", NULL },
  { "v=spf1 unknown=%bad", NULL },
  { "v=spf1 =value", NULL },
  { "v=spf1 1x=value", NULL },
  { "v=spf1 a:b\xc3\xbc.example", NULL },
  { "v=spf1 a\tmx", NULL },
  { "v=spf1 unknown=\xef\xbf\xbd", NULL },
};

static void
print_directive (GString *out, const SpfDirective *directive)
{
  static const char *const names[] = { "all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists" };
  static const char *const results[] = { "none", "neutral", "pass", "fail", "softfail" };

  g_string_append_printf (out, "%s %s", names[directive->mechanism], results[directive->result]);
  if (directive->domain)
    g_string_append_printf (out, " %s", directive->domain);
  if (directive->network) {
    g_autofree char *network = g_inet_address_to_string (directive->network);
    g_string_append_printf (out, " %s %u", network,
                            directive->mechanism == SPF_IP4 ? directive->ip4_length
                                                            : directive->ip6_length);
  }
  if (directive->mechanism == SPF_A || directive->mechanism == SPF_MX)
    g_string_append_printf (out, " %u %u", directive->ip4_length, directive->ip6_length);
  g_string_append_c (out, ';');
}

static char *
print (const SpfRecord *record)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < record->directives->len; i++)
    print_directive (out, &g_array_index (record->directives, SpfDirective, i));
  if (record->redirect)
    g_string_append_printf (out, "redirect %s;", record->redirect);
  if (record->exp)
    g_string_append_printf (out, "exp %s;", record->exp);
  return g_string_free (out, FALSE);
}

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *problem = NULL;
    g_autoptr (SpfRecord) record = spf_record_parse (cases[i].text, &problem);
    g_autofree char *printed = record ? print (record) : NULL;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpstr (printed, ==, cases[i].parsed);
    g_assert_true ((record == NULL) == (problem != NULL));
  }
}

static void
test_long (void)
{
  g_autofree char *filling = g_strnfill (SPF_RECORD_MAX, 'x');
  g_autofree char *text = g_strconcat ("v=spf1 long=", filling, NULL);
  g_autofree char *problem = NULL;

  g_assert_null (spf_record_parse (text, &problem));
  g_assert_nonnull (problem);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spf-record/is-one", test_is_one);
  g_test_add_func ("/spf-record/parse", test_parse);
  g_test_add_func ("/spf-record/long", test_long);
  return g_test_run ();
}
