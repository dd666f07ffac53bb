/* What a person reads in notifications. */
#include "queue/report-texts.h"
#include <string.h>

static void
test_explain (void)
{
  static const struct {
    const char *status;
    const char *part; /* NULL: nothing can be said beyond the reply */
  } cases[] = {
    { "5.1.1", "nobody with this address" },
    { "4.1.1", "nobody with this address" },
    { "5.1.10", "takes no mail at all" },
    { "5.2.2", "full" },
    { "5.6.7", "such letters" },
    { "5.7.1", "by its own rules" },
    { "5.7.509", "by its own rules" },
    { "5.1.100", NULL },
    { "5.0.0", NULL },
    { "5", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *english = report_explain (cases[i].status, REPORT_ENGLISH);
    const char *german = report_explain (cases[i].status, REPORT_GERMAN);
    g_test_message ("%s", cases[i].status);
    g_assert_cmpint (english != NULL, ==, cases[i].part != NULL);
    g_assert_cmpint (german != NULL, ==, cases[i].part != NULL);
    if (english)
      g_assert_nonnull (strstr (english, cases[i].part));
  }
}

/* Every line of a mail ends with CRLF and is short (RFC 5322 §2.1.1). */
static void
check_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i]; i++) {
    g_assert_cmpuint (strlen (lines[i]), <=, 100);
    g_assert_true (lines[i + 1] == NULL || g_str_has_suffix (lines[i], "\r"));
  }
}

static void
test_whole (void)
{
  for (guint kind = 0; kind < REPORT_COUNT; kind++)
    for (guint language = 0; language < REPORT_LANGUAGES; language++) {
      const ReportText *text = &report_texts[kind][language];
      g_assert_true (text->subject && *text->subject && !strchr (text->subject, '\n'));
      check_lines (text->intro);
      check_lines (text->list);
      check_lines (text->outro);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-texts/explain", test_explain);
  g_test_add_func ("/report-texts/whole", test_whole);
  return g_test_run ();
}
