/* The text of an HTML page, for a preview: no tags, no styles, no scripts, entities decoded. Any
 * input, linear time; nothing is interpreted and nothing is fetched. */
#pragma once
#include <glib.h>

/* Stops after MOST bytes of text. HTML is valid UTF-8. */
char *html_to_text (const char *html, gsize most);
