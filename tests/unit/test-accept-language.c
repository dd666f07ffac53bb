/* Which language a header asks for. */
#include "accept-language.h"
#include <string.h>

#define EN LANGUAGE_ENGLISH
#define DE LANGUAGE_GERMAN

static const struct {
  const char *header;
  Language otherwise, wanted;
} headers[] = {
  { NULL, DE, DE },
  { "", EN, EN },
  { "de", EN, DE },
  { "DE-at", EN, DE },
  { "en-GB,en;q=0.9,de;q=0.8", DE, EN },
  { "fr-FR, fr;q=0.9, de;q=0.5, en;q=0.4", EN, DE },
  { "en;q=0.4,de;q=0.5", EN, DE },
  { "en ; q=0.4 , de\t;\tq=0.41", EN, DE },
  { "de;q=0, en;q=0.1", DE, EN },
  { "fr", DE, DE },
  { "*", DE, DE },
  { "fr, *;q=0.5, en;q=0.2", DE, DE },
  { "de;q=1.000,en", EN, DE }, /* the first of equals */
  { "de;q=2,en;q=0.1", DE, EN }, /* no weight is like that */
  { "de;q=0.1234,en;q=0.1", DE, EN },
  { "de;level=1,en;q=0.1", DE, EN },
  { "den,def,en;q=0.1", DE, EN }, /* other languages */
  { ",,;,de_DE, ;q=1,en;q=0.1", DE, EN },
};

static void
test_headers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_test_message ("%s", headers[i].header);
    g_assert_cmpint (accept_language (headers[i].header, headers[i].otherwise), ==,
                     headers[i].wanted);
  }
}

/* Only so many are looked at. */
static void
test_long (void)
{
  g_autoptr (GString) header = g_string_new (NULL);

  for (guint i = 0; i < 10000; i++)
    g_string_append (header, "fr,");
  g_string_append (header, "de");
  g_assert_cmpint (accept_language (header->str, EN), ==, EN);
}

static void
test_tags (void)
{
  Language language = EN;

  g_assert_true (language_parse ("de-CH", &language));
  g_assert_cmpint (language, ==, DE);
  g_assert_false (language_parse ("", &language));
  g_assert_false (language_parse ("deutsch", &language));
  for (Language i = 0; i < LANGUAGES; i++) {
    g_assert_true (language_parse (language_tag (i), &language));
    g_assert_cmpint (language, ==, i);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/accept-language/headers", test_headers);
  g_test_add_func ("/accept-language/long", test_long);
  g_test_add_func ("/accept-language/tags", test_tags);
  return g_test_run ();
}
