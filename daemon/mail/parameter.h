/* The structured values of MIME header fields: a value, then parameters (RFC 2045 §5.1), continued
 * and encoded by RFC 2231. */
#pragma once
#include <glib.h>

#define PARAMETERS_MAX 64

/* Reads "VALUE; name=value …". Returns VALUE (a token, or tokens with '/' between: "text/plain");
 * NULL when there is none. PARAMETERS (may be NULL) gets char *: name, value, name, value … in
 * UTF-8, at most PARAMETERS_MAX of them; free with g_ptr_array_unref. */
char *parameter_parse (const char *text, GPtrArray **parameters);
/* The value of the parameter NAME (without case), or NULL. */
const char *parameter_find (const GPtrArray *parameters, const char *name);
