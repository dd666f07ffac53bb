/* In which language a request is answered (RFC 9110 §12.5.4, RFC 4647 §3.4): texts for people who
 * speak to us by HTTP stand in tables of both, as the language is theirs and not the process's. */
#pragma once
#include "settings.h"

#define LANGUAGES 2 /* of the enumeration Language */

/* HEADER is what the client sent, or NULL. OTHERWISE: when it wants none of ours. */
Language accept_language (const char *header, Language otherwise);
/* "de", "de-AT"; FALSE: none of ours. */
gboolean language_parse (const char *tag, Language *language);
const char *language_tag (Language language); /* "de" */
