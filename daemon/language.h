/* Sentences for people in the language of whoever asks. The command line speaks that of its locale;
 * the daemon serves many at once, so each thread says in which language it speaks now. Include this
 * instead of <glib/gi18n.h> where a sentence may go either way. Any thread. */
#pragma once
#include "settings.h"

typedef enum {
  SPEAK_LOCALE, /* what the process's locale says */
  SPEAK_ENGLISH,
  SPEAK_GERMAN,
} Speech;

/* From now on, in this thread. Returns what was before. */
Speech language_speak (Speech speech);
Speech language_spoken (void);
Speech language_speech (Language language);
/* Mail that nobody has asked for is in the server's own language. */
Language language_of_server (void);
/* RFC 9110 §12.5.4: which of ours an Accept-Language prefers; English when it names none. */
Speech language_choose (const char *accept_language);
/* TEXT (English, as in the source) in this thread's language; it lives for ever, like TEXT. */
const char *language_say (const char *text) G_GNUC_FORMAT (1);
/* Of two forms the one for COUNT. */
const char *language_say_count (const char *one, const char *many, gulong count) G_GNUC_FORMAT (1)
    G_GNUC_FORMAT (2);

#define _(text) language_say (text)
#define N_(text) (text)
#define ngettext(one, many, count) language_say_count (one, many, count)
