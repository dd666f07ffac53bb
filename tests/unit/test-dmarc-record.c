/* Tests of daemon/policy/dmarc-record.c. */
#include "policy/dmarc-record.h"

/* p/sp/np, d and s: strict, t: testing, the psd tag, i: ignored; NULL: no record. */
static const struct {
  const char *text, *read;
} cases[] = {
  { "v=DMARC1; p=reject", "reject/reject/reject u" },
  { "v=DMARC1;p=none;", "none/none/none u" },
  { " v = DMARC1 ; p = Quarantine ; ", "quarantine/quarantine/quarantine u" },
  { "v=DMARC1; p=reject; sp=quarantine", "reject/quarantine/quarantine u" },
  { "v=DMARC1; p=none; np=reject", "none/none/reject u" },
  { "v=DMARC1; np=reject; sp=none; p=quarantine", "quarantine/none/reject u" },
  { "v=DMARC1; p=reject; adkim=s; aspf=S; t=y", "reject/reject/reject dst u" },
  { "v=DMARC1; p=reject; adkim=x; aspf=; t=maybe; psd=what", "reject/reject/reject u" },
  { "v=DMARC1; p=reject; psd=y", "reject/reject/reject y" },
  { "v=DMARC1; p=reject; psd=n", "reject/reject/reject n" },
  { "v=DMARC1; p=reject; pct=0; ri=1; new=thing; broken; =; ;;", "reject/reject/reject u" },
  { "v=DMARC1; p=reject; p=none", "reject/reject/reject u" }, /* the first counts */
  /* §4.10.1: no valid policy */
  { "v=DMARC1", "none/none/none i u" },
  { "v=DMARC1; p=other", "none/none/none i u" },
  { "v=DMARC1; p=reject; sp=other", "none/none/none i u" },
  { "v=DMARC1; p=reject; np=other", "none/none/none i u" },
  { "v=DMARC1; rua=mailto:a@example.com", "none/none/none u" },
  { "v=DMARC1; p=reject; sp=other; rua=nonsense, mailto:a@example.com", "none/none/none u" },
  { "v=DMARC1; p=; rua=mailto:", "none/none/none i u" },
  { "v=DMARC1; psd=y", "none/none/none i y" },
  /* §4.7: the version comes first and is exact */
  { "v=dmarc1; p=reject", NULL },
  { "V=DMARC1; p=reject", NULL },
  { "v=DMARC2; p=reject", NULL },
  { "v=DMARC10; p=reject", NULL },
  { "p=reject; v=DMARC1", NULL },
  { ";v=DMARC1; p=reject", NULL },
  { "v=spf1 -all", NULL },
  { "", NULL },
};

static char *
print (const DmarcRecord *record)
{
  return g_strdup_printf (
      "%s/%s/%s%s%s%s%s%s %c", dmarc_policy_name (record->domain),
      dmarc_policy_name (record->subdomains), dmarc_policy_name (record->nonexistent),
      record->strict_dkim || record->strict_spf || record->testing || record->ignored ? " " : "",
      record->strict_dkim ? "d" : "", record->strict_spf ? "s" : "", record->testing ? "t" : "",
      record->ignored ? "i" : "", record->psd);
}

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    DmarcRecord record;
    g_autofree char *read = dmarc_record_parse (cases[i].text, &record) ? print (&record) : NULL;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpstr (read, ==, cases[i].read);
  }
}

static void
test_long (void)
{
  g_autofree char *filling = g_strnfill (10000, ';');
  g_autofree char *text = g_strconcat ("v=DMARC1; p=reject;", filling, NULL);
  DmarcRecord record;

  g_assert_false (dmarc_record_parse (text, &record));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dmarc-record/parse", test_parse);
  g_test_add_func ("/dmarc-record/long", test_long);
  return g_test_run ();
}
