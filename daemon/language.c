/* Reads the German catalogue by itself: gettext knows one language for a whole process. */
#include <libintl.h>
#undef ngettext
#include "language.h"
#include "accept-language.h"
#include "catalogue.h"
#include "config.h"
#include "platform/file.h"
#include "platform/paths.h"
#include <string.h>

static GPrivate spoken; /* Speech */

Speech
language_spoken (void)
{
  return (Speech)GPOINTER_TO_INT (g_private_get (&spoken));
}

Speech
language_speak (Speech speech)
{
  const Speech before = language_spoken ();

  g_private_set (&spoken, GINT_TO_POINTER (speech));
  return before;
}

Speech
language_speech (Language language)
{
  return language == LANGUAGE_GERMAN ? SPEAK_GERMAN : SPEAK_ENGLISH;
}

Language
language_of_server (void)
{
  return (Language)setting_number (SETTING_LANGUAGE);
}

Speech
language_choose (const char *header)
{
  return language_speech (accept_language (header, LANGUAGE_ENGLISH));
}

/* NULL: it is not installed; then everything is said in English. */
static Catalogue *
german_catalogue (void)
{
  static Catalogue *catalogue;
  static gsize tried;

  if (g_once_init_enter (&tried)) {
    const char *named = g_getenv ("HAUSPOST_LOCALE"); /* for tests: a build that is not installed */
    g_autofree char *path = g_build_filename (named ? named : paths_locale (), "de", "LC_MESSAGES",
                                              GETTEXT_PACKAGE ".mo", NULL);
    g_autoptr (GBytes) bytes = file_map (path, NULL);

    catalogue = bytes ? catalogue_new (bytes) : NULL;
    g_once_init_leave (&tried, 1);
  }
  return catalogue;
}

static const char *
say_german (const char *text, guint form)
{
  const Catalogue *catalogue = german_catalogue ();
  const char *said = catalogue && *text ? catalogue_find (catalogue, text, form) : NULL;

  return said ? said : text;
}

const char *
language_say (const char *text)
{
  switch (language_spoken ()) {
  case SPEAK_ENGLISH:
    return text;
  case SPEAK_GERMAN:
    return say_german (text, 0);
  case SPEAK_LOCALE:
    break;
  }
  return gettext (text);
}

const char *
language_say_count (const char *one, const char *many, gulong count)
{
  const char *said;

  switch (language_spoken ()) {
  case SPEAK_ENGLISH:
    return count == 1 ? one : many;
  case SPEAK_GERMAN:
    said = say_german (one, count == 1 ? 0 : 1);
    return said != one || count == 1 ? said : many;
  case SPEAK_LOCALE:
    break;
  }
  return dngettext (NULL, one, many, count); /* of the same domain as gettext */
}
