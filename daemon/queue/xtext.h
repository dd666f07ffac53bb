/* xtext (RFC 3461 §4): how ENVID and ORCPT carry any character. Pure. */
#pragma once
#include <glib.h>

gboolean xtext_is_valid (const char *text);
/* For a header field: what cannot be shown there becomes '?'. Free with g_free. */
char *xtext_decode (const char *text);
