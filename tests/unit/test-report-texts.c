/* What a person reads in notifications. */
#include "queue/report-texts.h"
#include "language.h"
#include <string.h>

static void
test_explain (void)
{
  static const struct {
    const char *status;
    const char *english, *german; /* parts; NULL: nothing can be said beyond the reply */
  } cases[] = {
    { "5.1.1", "nobody with this address", "Adresse gibt es nicht" },
    { "4.1.1", "nobody with this address", "Adresse gibt es nicht" },
    { "5.1.10", "takes no mail at all", "nimmt gar keine Mail an" },
    { "5.1.2", "no such domain", "Diese Domain gibt es nicht" },
    { "5.2.1", "switched off", "abgeschaltet" },
    { "5.2.2", "full", "voll" },
    { "5.3.4", "too big", "zu groß" },
    { "5.4.6", "lead back to this server", "zu diesem Server zurück" },
    { "5.4.7", "for days", "tagelang" },
    { "5.6.3", "plain text", "einfachen Text" },
    { "5.6.7", "such letters", "solchen Buchstaben" },
    { "5.7.1", "by its own rules", "nach seinen Regeln" },
    { "5.7.509", "by its own rules", "nach seinen Regeln" },
    { "5.7.10", "could not be reached that way", "war der andere Server nicht zu erreichen" },
    { "5.7.30", "does not promise that", "sagt das nicht zu" },
    { "5.1.100", NULL, NULL },
    { "5.0.0", NULL, NULL },
    { "5", NULL, NULL },
    { "", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    language_speak (SPEAK_ENGLISH);
    const char *english = report_explain (cases[i].status);
    language_speak (SPEAK_GERMAN);
    const char *german = report_explain (cases[i].status);
    g_test_message ("%s", cases[i].status);
    g_assert_cmpint (english != NULL, ==, cases[i].english != NULL);
    g_assert_cmpint (german != NULL, ==, cases[i].german != NULL);
    g_assert_true (english == NULL || strstr (english, cases[i].english));
    g_assert_true (german == NULL || strstr (german, cases[i].german));
  }
}

/* All are there, each in both languages, and say nothing of lines, which are the writer's. */
static void
test_whole (void)
{
  for (guint kind = 0; kind < REPORT_COUNT; kind++) {
    const ReportText *text = &report_texts[kind];
    const char *const all[] = { text->subject, text->intro, text->list, text->outro };
    for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
      g_assert_true (all[i] && *all[i]);
      language_speak (SPEAK_ENGLISH);
      g_assert_cmpstr (_ (all[i]), ==, all[i]);
      language_speak (SPEAK_GERMAN);
      g_assert_cmpstr (_ (all[i]), !=, all[i]);
      g_assert_null (strpbrk (all[i], "\r\n"));
      g_assert_null (strpbrk (_ (all[i]), "\r\n"));
    }
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
