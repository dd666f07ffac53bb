/* Every text is there in both languages, and both take the same. */
#include "http/web-texts.h"
#include <string.h>

/* "%s%u" of a text; free with g_free. */
static char *
places (const char *text)
{
  GString *found = g_string_new (NULL);

  for (const char *at = strchr (text, '%'); at != NULL; at = strchr (at + 2, '%')) {
    g_assert_true (at[1] == 's' || at[1] == 'u');
    g_string_append_len (found, at, 2);
  }
  return g_string_free (found, FALSE);
}

static void
test_texts (void)
{
  for (WebText i = 0; i < WEB_TEXTS; i++) {
    const char *english = web_text (LANGUAGE_ENGLISH, i);
    const char *german = web_text (LANGUAGE_GERMAN, i);
    g_assert_nonnull (english);
    g_assert_nonnull (german);
    g_autofree char *english_places = places (english);
    g_autofree char *german_places = places (german);
    g_test_message ("%s", english);
    g_assert_cmpstr (english_places, ==, german_places);
    g_assert_true (g_utf8_validate (german, -1, NULL));
    g_assert_null (strchr (german, '"')); /* quotation marks are „…“ */
    g_assert_null (strchr (english, '"'));
    g_assert_null (strstr (german, "“ist"));
  }
}

static void
test_days (void)
{
  g_autofree char *english = web_day (LANGUAGE_ENGLISH, 1780000000);
  g_autofree char *german = web_day (LANGUAGE_GERMAN, 1780000000);
  g_autofree char *never = web_day (LANGUAGE_GERMAN, G_MAXINT64);

  g_assert_nonnull (strstr (english, " May 2026"));
  g_assert_nonnull (strstr (german, ".05.2026"));
  g_assert_cmpstr (never, ==, "–");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web-texts/texts", test_texts);
  g_test_add_func ("/web-texts/days", test_days);
  return g_test_run ();
}
