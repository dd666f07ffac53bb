/* Tests of daemon/policy/spf.c: a zone, and what RFC 7208 says about who sends from where. */
#include "policy/spf.h"
#include "zone-fixture.h"
#include <string.h>

#define TXT(name, text)                                                                            \
  {                                                                                                \
    name, QUESTION_TXT, text                                                                       \
  }
#define A(name, text)                                                                              \
  {                                                                                                \
    name, QUESTION_A, text                                                                         \
  }
#define AAAA(name, text)                                                                           \
  {                                                                                                \
    name, QUESTION_AAAA, text                                                                      \
  }
#define MX(name, text)                                                                             \
  {                                                                                                \
    name, QUESTION_MX, text                                                                        \
  }
#define PTR(name, text)                                                                            \
  {                                                                                                \
    name, QUESTION_PTR, text                                                                       \
  }

static const ZoneRecord zone[] = {
  /* §4.4, §4.5: finding the record */
  TXT ("none.example", "some other text"),
  TXT ("two.example", "v=spf1 +all"),
  TXT ("two.example", "v=spf1 -all"),
  TXT ("beside.example", "v=spf10 +all"),
  TXT ("beside.example", "v=spf1 -all"),
  TXT ("broken.example", "v=spf1 +all nonsense"),
  TXT ("slow.example", NULL),
  TXT ("xn--bcher-kva.example", "v=spf1 +all"),
  TXT ("localpart.example", "v=spf1 exists:%{l}.l.example -all"),
  A ("postmaster.l.example", "127.0.0.2"),
  /* §4.6.2, §4.7: order and default */
  TXT ("order.example", "v=spf1 ?ip4:192.0.2.0/24 -all +all"),
  TXT ("default.example", "v=spf1 ip4:198.51.100.1"),
  /* §5.1: nothing behind "all" is looked at, a redirect before it neither */
  TXT ("after.example",
       "v=spf1 redirect=loop.example +all a:slow.example mx:v1.example exists:v2.example "
       "include:v3.example include:loop.example"),
  /* §6: what is not known is ignored, wherever and how often it stands there */
  TXT ("unknown.example", "v=spf1 x=1 ip4:192.0.2.1 x=%{d}/2 accredit=v.example x=3 -all x=4"),
  TXT ("dots.example", "v=spf1 a:a.example. include:no.example. -all"), /* §7.3: a dot at the end */
  /* §5.1, §5.3 a */
  TXT ("a.example", "v=spf1 a -all"),
  A ("a.example", "192.0.2.1"),
  AAAA ("a.example", "2001:db8::1"),
  TXT ("a24.example", "v=spf1 a:host.example/24//32 -all"),
  A ("host.example", "192.0.2.77"),
  AAAA ("host.example", "2001:db8:9999::1"),
  TXT ("a0.example", "v=spf1 a:host.example/0 -all"),
  TXT ("abad.example", "v=spf1 a:broken..label.example ~all"),
  TXT ("aslow.example", "v=spf1 a:slow.example -all"),
  A ("slow.example", NULL),
  /* §5.4 mx */
  TXT ("mx.example", "v=spf1 mx -all"),
  MX ("mx.example", "other.example"),
  MX ("mx.example", "a.example"),
  A ("other.example", "198.51.100.9"),
  TXT ("mxslow.example", "v=spf1 mx -all"),
  MX ("mxslow.example", "slow.example"),
  TXT ("implicit.example", "v=spf1 mx -all"), /* no A in place of an MX */
  A ("implicit.example", "192.0.2.1"),
  TXT ("mx11.example", "v=spf1 mx -all"),
  MX ("mx11.example", "h1.example"),
  MX ("mx11.example", "h2.example"),
  MX ("mx11.example", "h3.example"),
  MX ("mx11.example", "h4.example"),
  MX ("mx11.example", "h5.example"),
  MX ("mx11.example", "h6.example"),
  MX ("mx11.example", "h7.example"),
  MX ("mx11.example", "h8.example"),
  MX ("mx11.example", "h9.example"),
  MX ("mx11.example", "h10.example"),
  MX ("mx11.example", "a.example"),
  TXT ("mx10.example", "v=spf1 mx -all"),
  MX ("mx10.example", "h1.example"),
  MX ("mx10.example", "h2.example"),
  MX ("mx10.example", "h3.example"),
  MX ("mx10.example", "h4.example"),
  MX ("mx10.example", "h5.example"),
  MX ("mx10.example", "h6.example"),
  MX ("mx10.example", "h7.example"),
  MX ("mx10.example", "h8.example"),
  MX ("mx10.example", "h9.example"),
  MX ("mx10.example", "a.example"),
  /* §5.5 ptr: only names that lead back, only the first ten */
  TXT ("ptr.example", "v=spf1 ptr -all"),
  PTR ("1.2.0.192.in-addr.arpa", "liar.example"),
  PTR ("1.2.0.192.in-addr.arpa", "mail.ptr.example"),
  A ("liar.example", "198.51.100.9"),
  A ("mail.ptr.example", "192.0.2.1"),
  TXT ("liar.example", "v=spf1 ptr -all"),
  TXT ("tr.example", "v=spf1 ptr -all"), /* mail.ptr.example only ends alike */
  PTR ("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
       "six.ptr.example"),
  AAAA ("six.ptr.example", "2001:db8::1"),
  TXT ("ptrmany.example", "v=spf1 ptr -all"), /* §4.6.4: names behind the tenth are left out */
  PTR ("9.2.0.192.in-addr.arpa", "n1.other.example"),
  PTR ("9.2.0.192.in-addr.arpa", "n2.other.example"),
  PTR ("9.2.0.192.in-addr.arpa", "n3.other.example"),
  PTR ("9.2.0.192.in-addr.arpa", "n4.other.example"),
  PTR ("9.2.0.192.in-addr.arpa", "n5.other.example"),
  PTR ("9.2.0.192.in-addr.arpa", "n6.other.example"),
  PTR ("9.2.0.192.in-addr.arpa", "n7.other.example"),
  PTR ("9.2.0.192.in-addr.arpa", "n8.other.example"),
  PTR ("9.2.0.192.in-addr.arpa", "n9.other.example"),
  PTR ("9.2.0.192.in-addr.arpa", "n10.other.example"),
  PTR ("9.2.0.192.in-addr.arpa", "mail.ptrmany.example"),
  A ("mail.ptrmany.example", "192.0.2.9"),
  PTR ("8.2.0.192.in-addr.arpa", "n1.other.example"),
  PTR ("8.2.0.192.in-addr.arpa", "eight.ptrmany.example"),
  A ("eight.ptrmany.example", "192.0.2.8"),
  /* Wide and deep at once: each of ten includes ten more. The limit is one for all (§4.6.4). */
  TXT ("wide.example",
       "v=spf1 include:wide.example include:wide.example include:wide.example include:wide.example "
       "include:wide.example include:wide.example include:wide.example include:wide.example "
       "include:wide.example include:wide.example +all"),
  TXT ("chain1.example", "v=spf1 redirect=chain2.example"),
  TXT ("chain2.example", "v=spf1 include:chain1.example +all"),
  /* A name that grows with each round (§7.3: cut to 253 characters from the left). */
  TXT ("grow.example", "v=spf1 include:%{d}.%{d}.%{d}.%{d}.grow.example +all"),
  TXT ("longname.example",
       "v=spf1 exists:%{l}.%{l}.%{l}.%{l}.%{l}.%{l}.%{l}.%{l}.%{l}.cut.example -all"),
  A ("cut.example", "127.0.0.2"),
  PTR ("2.2.0.192.in-addr.arpa", NULL),
  TXT ("p.example", "v=spf1 exists:%{p}.p.example -all"),
  A ("mail.ptr.example.p.example", "127.0.0.2"),
  A ("unknown.p.example", "127.0.0.2"),
  /* §5.6 ip4, ip6 */
  TXT ("ip.example", "v=spf1 ip4:192.0.2.0/25 ip6:2001:db8::/33 -all"),
  /* §5.7 exists: A, also for IPv6 */
  TXT ("exists.example", "v=spf1 exists:%{i}.e.example -all"),
  A ("192.0.2.1.e.example", "127.0.0.2"),
  AAAA ("192.0.2.2.e.example", "::1"),
  A ("2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.e.example", "127.0.0.2"),
  /* §5.2 include: the table of results */
  TXT ("inpass.example", "v=spf1 include:yes.example -all"),
  TXT ("yes.example", "v=spf1 +all"),
  TXT ("infail.example", "v=spf1 include:no.example ~all"),
  TXT ("no.example", "v=spf1 -all exp=why.example"),
  TXT ("insoft.example", "v=spf1 include:soft.example ?all"),
  TXT ("soft.example", "v=spf1 ~all"),
  TXT ("inneutral.example", "v=spf1 include:neutral.example -all"),
  TXT ("neutral.example", "v=spf1 ?all"),
  TXT ("innone.example", "v=spf1 include:none.example +all"),
  TXT ("inslow.example", "v=spf1 include:slow.example +all"),
  TXT ("inbroken.example", "v=spf1 include:broken.example +all"),
  TXT ("inother.example", "v=spf1 -include:yes.example +all"),
  /* §6.1 redirect */
  TXT ("re.example", "v=spf1 redirect=soft.example"),
  TXT ("reall.example", "v=spf1 redirect=yes.example -all"),
  TXT ("renone.example", "v=spf1 redirect=none.example"),
  TXT ("rebroken.example", "v=spf1 redirect=broken.example"),
  TXT ("redomain.example", "v=spf1 redirect=d.example"),
  TXT ("d.example", "v=spf1 exists:%{d}.is.example -all"),
  A ("d.example.is.example", "127.0.0.2"),
  /* §4.6.4 limits */
  TXT ("loop.example", "v=spf1 include:loop.example -all"),
  TXT ("reloop.example", "v=spf1 redirect=reloop.example"),
  TXT ("ping.example", "v=spf1 include:pong.example -all"),
  TXT ("pong.example", "v=spf1 redirect=ping.example"),
  TXT ("ten.example",
       "v=spf1 a:other.example a:other.example a:other.example a:other.example "
       "a:other.example a:other.example a:other.example a:other.example "
       "a:other.example a:a.example -all"),
  TXT ("eleven.example",
       "v=spf1 a:other.example a:other.example a:other.example a:other.example "
       "a:other.example a:other.example a:other.example a:other.example "
       "a:other.example a:other.example a:a.example -all"),
  TXT ("inten.example",
       "v=spf1 include:no.example include:no.example include:no.example "
       "include:no.example include:no.example include:no.example "
       "include:no.example include:no.example include:no.example "
       "redirect=re.example"),
  TXT ("free.example",
       "v=spf1 ip4:198.51.100.1 ip4:198.51.100.1 ip4:198.51.100.1 "
       "ip4:198.51.100.1 ip4:198.51.100.1 ip4:198.51.100.1 ip4:198.51.100.1 "
       "ip4:198.51.100.1 ip4:198.51.100.1 ip4:198.51.100.1 ip4:198.51.100.1 all"),
  TXT ("void2.example", "v=spf1 a:v1.example mx:v2.example a:a.example -all"),
  TXT ("void3.example", "v=spf1 a:v1.example mx:v2.example exists:v3.example +all"),
  /* §6.2 exp */
  TXT ("exp.example", "v=spf1 exp=%{l}.why.example -all"),
  TXT ("anna.why.example", "%{i} is no server of %{d}, says %{r}: http://e.example/?%{S}"),
  TXT ("two.why.example", "one"),
  TXT ("two.why.example", "two"),
  TXT ("bad.why.example", "100% wrong"),
  TXT ("utf8.why.example", "gr\xc3\xbc\xc3\x9f"),
  TXT ("slow.why.example", NULL),
  TXT ("inexp.example", "v=spf1 include:exp.example -all"), /* not that of the included one */
  TXT ("reexp.example", "v=spf1 exp=mine.why.example redirect=exp.example"),
  TXT ("mine.why.example", "not this one"),
  TXT ("softexp.example", "v=spf1 exp=mine.why.example ~all"),
  /* RFC 8616: what is not ASCII matches nothing */
  TXT ("utf8.example", "v=spf1 exists:%{l}.l.example ~all"),
  { NULL },
};

static const struct {
  const char *address, *sender;
  SpfResult result;
  const char *explanation;
} cases[] = {
  { "192.0.2.1", "anna@none.example", SPF_NONE },
  { "192.0.2.1", "anna@nowhere.example", SPF_NONE },
  { "192.0.2.1", "anna@single", SPF_NONE },
  { "192.0.2.1", "anna@single.", SPF_NONE },
  { "192.0.2.1", "anna@a..example", SPF_NONE },
  { "192.0.2.1", "anna@[192.0.2.1]", SPF_NONE },
  { "192.0.2.1",
    "anna@"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example",
    SPF_NONE },
  { "192.0.2.1", "anna@two.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@beside.example", SPF_FAIL },
  { "192.0.2.1", "anna@broken.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@slow.example", SPF_TEMPERROR },
  { "192.0.2.1",
    "anna@b\xc3\xbc"
    "cher.example",
    SPF_PASS },
  { "192.0.2.1", "anna@A.EXAMPLE.", SPF_PASS },
  { "192.0.2.1", "@localpart.example", SPF_PASS }, /* §4.3: postmaster */
  { "192.0.2.1", "anna@order.example", SPF_NEUTRAL },
  { "198.51.100.1", "anna@order.example", SPF_FAIL },
  { "192.0.2.1", "anna@default.example", SPF_NEUTRAL },
  { "192.0.2.1", "anna@after.example", SPF_PASS },
  { "192.0.2.1", "anna@unknown.example", SPF_PASS },
  { "192.0.2.2", "anna@unknown.example", SPF_FAIL },
  { "192.0.2.1", "anna@dots.example", SPF_PASS },
  { "192.0.2.1", "anna@a.example", SPF_PASS },
  { "192.0.2.2", "anna@a.example", SPF_FAIL },
  { "2001:db8::1", "anna@a.example", SPF_PASS },
  { "2001:db8::2", "anna@a.example", SPF_FAIL },
  { "::ffff:192.0.2.1", "anna@a.example", SPF_PASS },
  { "192.0.2.1", "anna@a24.example", SPF_PASS },
  { "192.0.3.1", "anna@a24.example", SPF_FAIL },
  { "2001:db8::1", "anna@a24.example", SPF_PASS },
  { "203.0.113.1", "anna@a0.example", SPF_PASS },
  { "2001:db8::1", "anna@a0.example", SPF_FAIL }, /* /0 is of IPv4 */
  { "192.0.2.1", "anna@abad.example", SPF_SOFTFAIL },
  { "192.0.2.1", "anna@aslow.example", SPF_TEMPERROR },
  { "192.0.2.1", "anna@mx.example", SPF_PASS },
  { "2001:db8::1", "anna@mx.example", SPF_PASS },
  { "192.0.2.2", "anna@mx.example", SPF_FAIL },
  { "192.0.2.1", "anna@mxslow.example", SPF_TEMPERROR },
  { "192.0.2.1", "anna@implicit.example", SPF_FAIL },
  { "192.0.2.1", "anna@mx10.example", SPF_PASS },
  { "192.0.2.1", "anna@mx11.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@ptr.example", SPF_PASS },
  { "2001:db8::1", "anna@ptr.example", SPF_PASS },
  { "192.0.2.1", "anna@liar.example", SPF_FAIL },
  { "192.0.2.1", "anna@tr.example", SPF_FAIL },
  { "192.0.2.2", "anna@ptr.example", SPF_FAIL }, /* §5.5: an error is no match */
  { "192.0.2.8", "anna@ptrmany.example", SPF_PASS },
  { "192.0.2.9", "anna@ptrmany.example", SPF_FAIL },
  { "192.0.2.1", "anna@wide.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@chain1.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@grow.example", SPF_PERMERROR },
  { "192.0.2.1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@longname.example",
    SPF_FAIL },
  { "192.0.2.1", "anna@p.example", SPF_PASS },
  { "192.0.2.3", "anna@p.example", SPF_PASS }, /* unknown */
  { "192.0.2.127", "anna@ip.example", SPF_PASS },
  { "192.0.2.128", "anna@ip.example", SPF_FAIL },
  { "2001:db8:7fff::1", "anna@ip.example", SPF_PASS },
  { "2001:db8:8000::1", "anna@ip.example", SPF_FAIL },
  { "192.0.2.1", "anna@exists.example", SPF_PASS },
  { "192.0.2.2", "anna@exists.example", SPF_FAIL },
  { "2001:db8::1", "anna@exists.example", SPF_PASS },
  { "192.0.2.1", "anna@inpass.example", SPF_PASS },
  { "192.0.2.1", "anna@infail.example", SPF_SOFTFAIL },
  { "192.0.2.1", "anna@insoft.example", SPF_NEUTRAL },
  { "192.0.2.1", "anna@inneutral.example", SPF_FAIL },
  { "192.0.2.1", "anna@innone.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@inslow.example", SPF_TEMPERROR },
  { "192.0.2.1", "anna@inbroken.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@inother.example", SPF_FAIL },
  { "192.0.2.1", "anna@re.example", SPF_SOFTFAIL },
  { "192.0.2.1", "anna@reall.example", SPF_FAIL },
  { "192.0.2.1", "anna@renone.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@rebroken.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@redomain.example", SPF_PASS },
  { "192.0.2.1", "anna@loop.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@reloop.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@ping.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@ten.example", SPF_PASS },
  { "192.0.2.1", "anna@eleven.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@inten.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@free.example", SPF_PASS },
  { "192.0.2.1", "anna@void2.example", SPF_PASS },
  { "192.0.2.1", "anna@void3.example", SPF_PERMERROR },
  { "192.0.2.1", "anna@exp.example", SPF_FAIL,
    "192.0.2.1 is no server of exp.example, says mx.office.example: "
    "http://e.example/?anna%40exp.example" },
  { "192.0.2.1", "two@exp.example", SPF_FAIL },
  { "192.0.2.1", "bad@exp.example", SPF_FAIL },
  { "192.0.2.1", "utf8@exp.example", SPF_FAIL },
  { "192.0.2.1", "slow@exp.example", SPF_FAIL },
  { "192.0.2.1", "nobody@exp.example", SPF_FAIL },
  { "192.0.2.1", "anna@inexp.example", SPF_FAIL },
  { "192.0.2.1", "anna@reexp.example", SPF_FAIL,
    "192.0.2.1 is no server of exp.example, says mx.office.example: "
    "http://e.example/?anna%40reexp.example" },
  { "192.0.2.1", "anna@softexp.example", SPF_SOFTFAIL },
  { "192.0.2.1", "j\xc3\xbcrgen@utf8.example", SPF_SOFTFAIL },
};

/* Asks until the check is done; *ROUNDS counts. */
static SpfVerdict *
check (const char *address, const char *helo, const char *sender, guint *rounds)
{
  g_autoptr (GInetAddress) client = g_inet_address_new_from_string (address);
  g_autoptr (Answers) answers = answers_new ();
  const SpfQuery query = { .address = client,
                           .helo = helo,
                           .sender = sender,
                           .receiver = "mx.office.example",
                           .now = 1700000000 };
  SpfVerdict *verdict = NULL;

  for (*rounds = 0; verdict == NULL; ++*rounds) {
    verdict = spf_check (&query, answers);
    g_assert_true (verdict || zone_answer (answers, zone) > 0);
    g_assert_cmpuint (*rounds, <, 30);
  }
  return verdict;
}

static void
test_check (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint rounds;
    g_autoptr (SpfVerdict) verdict
        = check (cases[i].address, "helo.example", cases[i].sender, &rounds);

    g_test_message ("%s %s: %s", cases[i].address, cases[i].sender, verdict->problem);
    g_assert_cmpstr (spf_result_name (verdict->result), ==, spf_result_name (cases[i].result));
    g_assert_cmpstr (verdict->explanation, ==, cases[i].explanation);
    g_assert_false (verdict->by_helo);
    g_assert_true ((verdict->problem != NULL)
                   == (verdict->result == SPF_TEMPERROR || verdict->result == SPF_PERMERROR));
  }
}

/* §2.4: bounces are judged by HELO. */
static void
test_helo (void)
{
  static const struct {
    const char *helo;
    SpfResult result;
  } helos[] = { { "a.example", SPF_PASS },
                { "no.example", SPF_FAIL },
                { "host", SPF_NONE },
                { "[192.0.2.1]", SPF_NONE },
                { "[IPv6:2001:db8::1]", SPF_NONE },
                { "localpart.example", SPF_PASS } };

  for (guint i = 0; i < G_N_ELEMENTS (helos); i++) {
    guint rounds;
    g_autoptr (SpfVerdict) verdict = check ("192.0.2.1", helos[i].helo, "", &rounds);

    g_assert_cmpstr (spf_result_name (verdict->result), ==, spf_result_name (helos[i].result));
    g_assert_cmpstr (verdict->domain, ==, helos[i].helo);
    g_assert_true (verdict->by_helo);
  }
}

/* When the time is over, what is not known is a temporary error, never a pass. */
static void
test_time_over (void)
{
  g_autoptr (GInetAddress) client = g_inet_address_new_from_string ("192.0.2.1");
  g_autoptr (Answers) answers = answers_new ();
  const SpfQuery query = {
    .address = client, .helo = "h.example", .sender = "a@a.example", .receiver = "r.example"
  };
  g_autoptr (SpfVerdict) verdict = NULL;

  g_assert_null (spf_check (&query, answers));
  answers_close (answers);
  verdict = spf_check (&query, answers);
  g_assert_cmpint (verdict->result, ==, SPF_TEMPERROR);
}

/* The hosts of an MX are asked for together, so that they take one time and not ten. */
static void
test_together (void)
{
  guint rounds;
  g_autoptr (SpfVerdict) verdict = check ("192.0.2.1", "h.example", "a@mx10.example", &rounds);

  g_assert_cmpint (verdict->result, ==, SPF_PASS);
  g_assert_cmpuint (rounds, ==, 4); /* TXT, MX, all A, and the verdict */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spf/check", test_check);
  g_test_add_func ("/spf/helo", test_helo);
  g_test_add_func ("/spf/time-over", test_time_over);
  g_test_add_func ("/spf/together", test_together);
  return g_test_run ();
}
