/* What requests say of themselves: bytes of the network, which may be anything. */
#pragma once
#include <glib.h>

/* The value of the cookie NAME in HEADER (RFC 6265 §5.4), free with g_free; NULL: it is not there.
 */
char *cookie_find (const char *header, const char *name);
/* The name in a Host field, in lower case and without its port; "" for what is no name or address.
 * Free with g_free. */
char *host_parse (const char *header);

/* A form (application/x-www-form-urlencoded); its values may be no text (field_text). NULL: it is
 * none, or it has more fields than any of ours. */
GHashTable *form_parse (const char *text, gsize length);
/* "" for what is missing or no UTF-8. */
const char *field_text (GHashTable *fields, const char *name);
