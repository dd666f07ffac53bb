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
  { "_dmarc.trying.net", QUESTION_TXT, "v=DMARC1; p=quarantine; t=y" },
  { "_dmarc.open.net", QUESTION_TXT, "v=DMARC1; p=none; t=y" },
  { "_dmarc.up.down", QUESTION_TXT, "v=DMARC1; p=reject" },
  { "_dmarc.sure.down", QUESTION_TXT, "v=DMARC1; p=reject; adkim=s; aspf=s" },
  { "_dmarc.down", QUESTION_TXT, NULL },
  { "_dmarc.half.net", QUESTION_TXT, "v=DMARC1; p=none; np=reject" },
  { "quiet.half.net", QUESTION_A, NULL },
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
  { "testing.net", NULL, NULL, "fail reject (quarantine) testing.net" }, /* §4.7: t=y */
  { "trying.net", NULL, NULL, "fail quarantine (none) trying.net" },
  { "open.net", NULL, NULL, "fail none open.net" },
  { "quiet.half.net", NULL, NULL, "temperror" }, /* §5.3.6: np or not, nobody knows */
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
  /* §4.10.2: a failure above the author's own record */
  { "up.down", "up.down", NULL, "pass reject up.down" },
  { "up.down", NULL, NULL, "temperror" },
  { "up.down", "x.up.down", NULL, "temperror" },
  { "a.up.down", "a.up.down", NULL, "temperror" },
  { "sure.down", "x.sure.down", NULL, "fail reject sure.down" },
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
  if (verdict->result == DMARC_FAIL && verdict->policy != verdict->published)
    return g_strdup_printf ("fail %s (%s) %s", dmarc_policy_name (verdict->published),
                            dmarc_policy_name (verdict->policy), verdict->policy_domain);
  return g_strdup_printf ("%s %s %s", dmarc_result_name (verdict->result),
                          dmarc_policy_name (verdict->published), verdict->policy_domain);
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
  DmarcAuthors authors;
} authors[] = {
  { "From: a@Example.COM\r\n", "example.com", DMARC_AUTHORS_OF_ONE_DOMAIN },
  { "From: A <a@example.com>, B <b@example.com>\r\n", "example.com", DMARC_AUTHORS_OF_ONE_DOMAIN },
  { "From: J <j@b\xc3\xbc"
    "cher.example>\r\n",
    "xn--bcher-kva.example", DMARC_AUTHORS_OF_ONE_DOMAIN },
  { "From: \"x@evil.example\" <a@example.com>\r\n", "example.com", DMARC_AUTHORS_OF_ONE_DOMAIN },
  { "From: a@Mail_1.-x.example.com\r\n", "mail_1.-x.example.com", DMARC_AUTHORS_OF_ONE_DOMAIN },
  { "From: a@[192.0.2.1]\r\n", NULL, DMARC_AUTHORS_NONE },
  { "From: group: a@example.com;\r\n", "example.com", DMARC_AUTHORS_OF_ONE_DOMAIN },
  /* §5.3.1, §11.5: DMARC does not apply, but the mail is no good one */
  { "From: a@example.com, b@example.org\r\n", NULL, DMARC_AUTHORS_OF_SEVERAL_DOMAINS },
  { "From: b@a..b, a@example.com\r\n", NULL, DMARC_AUTHORS_OF_SEVERAL_DOMAINS },
  { "From: a@example.com\r\nFROM : a@example.com\r\n", NULL, DMARC_AUTHORS_OF_SEVERAL_FIELDS },
  { "From: a@example.com\r\nFrom:\r\n", NULL, DMARC_AUTHORS_OF_SEVERAL_FIELDS },
  { "From: nobody\r\n", NULL, DMARC_AUTHORS_NONE },
  { "From: group:;\r\n", NULL, DMARC_AUTHORS_NONE },
  { "From:\r\n", NULL, DMARC_AUTHORS_NONE },
  { "To: a@example.com\r\n", NULL, DMARC_AUTHORS_NONE },
};

static void
test_author (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (authors); i++) {
    g_autoptr (DkimHeader) header
        = dkim_header_read ((const guint8 *)authors[i].header, strlen (authors[i].header));
    DmarcAuthors found;
    g_autofree char *domain = dmarc_author_domain (header, &found);

    g_test_message ("%s", authors[i].header);
    g_assert_cmpstr (domain, ==, authors[i].domain);
    g_assert_cmpint (found, ==, authors[i].authors);
  }
}

/* A stranger behind more addresses than are looked at. */
static void
test_many_authors (void)
{
  g_autoptr (GString) text = g_string_new ("From: a@example.com");
  g_autoptr (DkimHeader) header = NULL;
  g_autofree char *domain = NULL;
  DmarcAuthors found;

  for (guint i = 0; i < 200; i++)
    g_string_append (text, ", a@example.com");
  g_string_append (text, ", b@example.org\r\n");
  header = dkim_header_read ((const guint8 *)text->str, text->len);
  domain = dmarc_author_domain (header, &found);
  g_assert_null (domain);
  g_assert_cmpint (found, ==, DMARC_AUTHORS_OF_SEVERAL_DOMAINS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dmarc/check", test_check);
  g_test_add_func ("/dmarc/results", test_results);
  g_test_add_func ("/dmarc/queries", test_queries);
  g_test_add_func ("/dmarc/author", test_author);
  g_test_add_func ("/dmarc/many-authors", test_many_authors);
  return g_test_run ();
}
