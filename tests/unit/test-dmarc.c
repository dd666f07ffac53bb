/* Tests of daemon/policy/dmarc.c: a DNS with organizations, and who speaks in whose name. */
#include "policy/dmarc.h"
#include <string.h>
#include "zone-fixture.h"

static const ZoneRecord zone[] = {
  { "_dmarc.example.com", QUESTION_TXT, "v=DMARC1; p=reject; sp=quarantine; np=reject" },
  { "sub.example.com", QUESTION_A, "192.0.2.1" },
  { "_dmarc.own.example.com", QUESTION_TXT, "v=DMARC1; p=none" },
  { "_dmarc.two.example.net", QUESTION_TXT, "v=DMARC1; p=reject" },
  { "_dmarc.two.example.net", QUESTION_TXT, "v=DMARC1; p=none" },
  { "_dmarc.beside.net", QUESTION_TXT, "some text" },
  { "_dmarc.beside.net", QUESTION_TXT, "v=DMARC1; p=quarantine" },
  { "_dmarc.strict.net", QUESTION_TXT, "v=DMARC1; p=reject; adkim=s; aspf=s" },
  { "_dmarc.testing.net", QUESTION_TXT, "v=DMARC1; p=reject; t=y" },
  { "_dmarc.ignored.net", QUESTION_TXT, "v=DMARC1; p=nonsense" },
  { "_dmarc.slow.net", QUESTION_TXT, NULL },
  /* A public suffix that says so, and an organization below it. */
  { "_dmarc.bank", QUESTION_TXT, "v=DMARC1; p=reject; psd=y; np=reject" },
  { "_dmarc.shop.bank", QUESTION_TXT, "v=DMARC1; p=quarantine" },
  { "www.none.bank", QUESTION_A, "192.0.2.1" },
  /* A part of an organization that wants to be one. */
  { "_dmarc.part.corp.net", QUESTION_TXT, "v=DMARC1; p=reject; psd=n" },
  { "_dmarc.corp.net", QUESTION_TXT, "v=DMARC1; p=none" },
  /* More labels than queries. */
  { "_dmarc.c.d.e.f.g.h.org", QUESTION_TXT, "v=DMARC1; p=reject" },
  { "_dmarc.b.c.d.e.f.g.h.org", QUESTION_TXT, "v=DMARC1; p=none" },
  { NULL },
};

/* The author's domain, what SPF and DKIM passed for (or had no answer for), and what comes out. */
static const struct {
  const char *author, *spf, *dkim, *result;
  gboolean undecided;
} cases[] = {
  /* §4.10.1: whose policy it is */
  { "example.com", NULL, NULL, "fail reject example.com" },
  { "sub.example.com", NULL, NULL, "fail quarantine example.com" },
  { "nowhere.example.com", NULL, NULL, "fail reject example.com" },
  { "own.example.com", NULL, NULL, "fail none own.example.com" },
  { "below.own.example.com", NULL, NULL, "fail reject example.com" }, /* of the organization */
  { "unknown.org", NULL, NULL, "none" },
  { "two.example.net", NULL, NULL, "none" }, /* §4.10: several are none */
  { "beside.net", NULL, NULL, "fail quarantine beside.net" },
  { "ignored.net", NULL, NULL, "none" },
  { "testing.net", NULL, NULL, "fail - testing.net" }, /* t=y */
  { "slow.net", NULL, NULL, "temperror" },
  { "www.none.bank", NULL, NULL, "fail reject bank" },
  { "nowhere.bank", NULL, NULL, "fail reject bank" },
  { "shop.bank", NULL, NULL, "fail quarantine shop.bank" },
  { "a.shop.bank", NULL, NULL, "fail quarantine shop.bank" },
  { "bank", NULL, NULL, "fail reject bank" },
  { "x.part.corp.net", NULL, NULL, "fail reject part.corp.net" },
  { "a.b.c.d.e.f.g.h.org", NULL, NULL, "fail reject c.d.e.f.g.h.org" }, /* b is passed over */
  { NULL, "example.com", "example.com", "none" },
  /* §4.4: alignment */
  { "example.com", "example.com", NULL, "pass reject example.com" },
  { "example.com", NULL, "example.com", "pass reject example.com" },
  { "example.com", "EXAMPLE.com", NULL, "pass reject example.com" },
  { "example.com", "bounce.example.com", NULL, "pass reject example.com" },
  { "sub.example.com", NULL, "example.com", "pass quarantine example.com" },
  { "sub.example.com", NULL, "other.example.com", "pass quarantine example.com" },
  { "example.com", "example.org", "example.org", "fail reject example.com" },
  { "example.com", NULL, "badexample.com", "fail reject example.com" },
  { "example.com", NULL, "com", "fail reject example.com" },
  { "strict.net", "strict.net", NULL, "pass reject strict.net" },
  { "strict.net", "a.strict.net", "a.strict.net", "fail reject strict.net" },
  { "shop.bank", NULL, "other.bank", "fail quarantine shop.bank" },
  { "shop.bank", NULL, "bank", "fail quarantine shop.bank" },
  { "x.part.corp.net", NULL, "y.part.corp.net", "pass reject part.corp.net" },
  { "x.part.corp.net", NULL, "corp.net", "fail reject part.corp.net" },
  { "corp.net", NULL, "part.corp.net", "fail none corp.net" },
  /* What was not decided leaves it open only for those who could be aligned. */
  { "example.com", "example.com", NULL, "temperror", TRUE },
  { "example.com", NULL, "sub.example.com", "temperror", TRUE },
  { "example.com", "example.org", "example.org", "fail reject example.com", TRUE },
  { "strict.net", NULL, "sub.strict.net", "fail reject strict.net", TRUE },
};

static char *
print (const DmarcVerdict *verdict)
{
  if (verdict->result == DMARC_NONE || verdict->result == DMARC_TEMPERROR)
    return g_strdup (dmarc_result_name (verdict->result));
  return g_strdup_printf ("%s %s %s", dmarc_result_name (verdict->result),
                          verdict->result == DMARC_FAIL && verdict->policy == DMARC_POLICY_UNSET
                              ? "-"
                              : dmarc_policy_name (verdict->published),
                          verdict->policy_domain);
}

static void
test_check (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const gboolean undecided = cases[i].undecided;
    SpfVerdict spf
        = { .result = undecided ? SPF_TEMPERROR : SPF_PASS, .domain = (char *)cases[i].spf };
    DkimSignature signature = { .domain = (char *)cases[i].dkim };
    DkimVerdict dkim
        = { .result = undecided ? DKIM_TEMPERROR : DKIM_PASS, .signature = &signature };
    g_autoptr (GPtrArray) verdicts = g_ptr_array_new ();
    g_autoptr (Answers) answers = answers_new ();
    g_autoptr (DmarcVerdict) verdict = NULL;
    g_autofree char *result = NULL;

    if (cases[i].dkim)
      g_ptr_array_add (verdicts, &dkim);
    while (
        !(verdict = dmarc_check (cases[i].author, cases[i].spf ? &spf : NULL, verdicts, answers)))
      g_assert_cmpuint (zone_answer (answers, zone), >, 0);
    result = print (verdict);
    g_test_message ("%s: %s, %s", cases[i].author, cases[i].spf, cases[i].dkim);
    g_assert_cmpstr (result, ==, cases[i].result);
    g_assert_true (verdict->result == DMARC_FAIL || verdict->policy == DMARC_POLICY_UNSET);
  }
}

/* Only a pass is one. */
static void
test_results (void)
{
  for (SpfResult result = SPF_NONE; result <= SPF_PERMERROR; result++) {
    SpfVerdict spf = { .result = result, .domain = (char *)"example.com" };
    g_autoptr (Answers) answers = answers_new ();
    g_autoptr (DmarcVerdict) verdict = NULL;

    while (!(verdict = dmarc_check ("example.com", &spf, NULL, answers)))
      zone_answer (answers, zone);
    g_assert_cmpint (verdict->result, ==,
                     result == SPF_PASS            ? DMARC_PASS
                         : result == SPF_TEMPERROR ? DMARC_TEMPERROR
                                                   : DMARC_FAIL);
  }
}

/* §4.10: at most eight queries, all at once. */
static void
test_queries (void)
{
  static const struct {
    const char *domain;
    const char *names;
  } walks[] = {
    { "example.com", "example.com com" },
    { "com", "com" },
    { "a.b.c.d.e.f.g", "a.b.c.d.e.f.g b.c.d.e.f.g c.d.e.f.g d.e.f.g e.f.g f.g g" },
    { "a.b.c.d.e.f.g.h",
      "a.b.c.d.e.f.g.h b.c.d.e.f.g.h c.d.e.f.g.h d.e.f.g.h e.f.g.h f.g.h g.h h" },
    { "x.y.z.a.b.c.d.e.f.g.h",
      "x.y.z.a.b.c.d.e.f.g.h b.c.d.e.f.g.h c.d.e.f.g.h d.e.f.g.h e.f.g.h f.g.h g.h h" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (walks); i++) {
    g_autoptr (Answers) answers = answers_new ();
    g_auto (GStrv) names = g_strsplit (walks[i].names, " ", -1);
    const DnsQuestion *question;

    dmarc_ask (walks[i].domain, answers);
    for (guint n = 0; names[n]; n++) {
      g_autofree char *name = g_strconcat ("_dmarc.", names[n], NULL);
      question = answers_next_question (answers);
      g_assert_cmpstr (question->name, ==, name);
    }
    g_assert_null (answers_next_question (answers));
  }
}

static const struct {
  const char *header, *domain;
  gboolean several;
} authors[] = {
  { "From: a@Example.COM\r\n", "example.com" },
  { "From: A <a@example.com>, B <b@example.com>\r\n", "example.com" },
  { "From: J <j@b\xc3\xbc"
    "cher.example>\r\n",
    "xn--bcher-kva.example" },
  { "From: \"x@evil.example\" <a@example.com>\r\n", "example.com" },
  { "From: a@example.com, b@example.org\r\n", NULL }, /* §5.3.1: exempt */
  { "From: group: a@example.com;\r\n", "example.com" },
  { "From: nobody\r\n", NULL },
  { "From: group:;\r\n", NULL },
  { "From:\r\n", NULL },
  { "To: a@example.com\r\n", NULL },
  { "From: a@example.com\r\nFROM : a@example.com\r\n", NULL, TRUE },
};

static void
test_author (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (authors); i++) {
    g_autoptr (DkimHeader) header
        = dkim_header_read ((const guint8 *)authors[i].header, strlen (authors[i].header));
    gboolean several;
    g_autofree char *domain = dmarc_author_domain (header, &several);

    g_test_message ("%s", authors[i].header);
    g_assert_cmpstr (domain, ==, authors[i].domain);
    g_assert_cmpint (several, ==, authors[i].several);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dmarc/check", test_check);
  g_test_add_func ("/dmarc/results", test_results);
  g_test_add_func ("/dmarc/queries", test_queries);
  g_test_add_func ("/dmarc/author", test_author);
  return g_test_run ();
}
