/* Which language a caller wants, and each thread its own. */
#include "language.h"

static void
test_choose (void)
{
  static const struct {
    const char *header;
    Speech speech;
  } rows[] = {
    { NULL, SPEAK_ENGLISH },
    { "", SPEAK_ENGLISH },
    { "de", SPEAK_GERMAN },
    { "de-AT, en;q=0.8", SPEAK_GERMAN },
    { "en, de;q=0.9", SPEAK_ENGLISH },
    { "en;q=0.2,de;q=0.9", SPEAK_GERMAN },
    { "fr, de;q=0.1", SPEAK_GERMAN },
    { "de;q=0", SPEAK_ENGLISH },
    { "del", SPEAK_ENGLISH },
    { "*", SPEAK_ENGLISH },
    { ",,;q=,de", SPEAK_GERMAN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_test_message ("%s", rows[i].header);
    g_assert_cmpint (language_choose (rows[i].header), ==, rows[i].speech);
  }
}

static gpointer
other_thread (gpointer data)
{
  g_assert_cmpint (language_spoken (), ==, SPEAK_LOCALE);
  return NULL;
}

static void
test_threads (void)
{
  g_assert_cmpint (language_speak (SPEAK_GERMAN), ==, SPEAK_LOCALE);
  g_thread_join (g_thread_new ("other", other_thread, NULL));
  g_assert_cmpint (language_spoken (), ==, SPEAK_GERMAN);
  g_assert_cmpint (language_speak (SPEAK_LOCALE), ==, SPEAK_GERMAN);
}

/* Without a catalogue, and in English, a text is itself. */
static void
test_english (void)
{
  language_speak (SPEAK_ENGLISH);
  g_assert_cmpstr (language_say ("no such text"), ==, "no such text");
  g_assert_cmpstr (language_say_count ("one", "many", 1), ==, "one");
  g_assert_cmpstr (language_say_count ("one", "many", 2), ==, "many");
  language_speak (SPEAK_GERMAN);
  g_assert_cmpstr (language_say ("no such text"), ==, "no such text");
  g_assert_cmpstr (language_say_count ("one", "many", 0), ==, "many");
  language_speak (SPEAK_LOCALE);
}

int
main (int argc, char **argv)
{
  g_setenv ("HAUSPOST_LOCALE", "/nowhere", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/language/choose", test_choose);
  g_test_add_func ("/language/threads", test_threads);
  g_test_add_func ("/language/english", test_english);
  return g_test_run ();
}
