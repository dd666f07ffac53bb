/* Names and passwords in the one form that SCRAM computes with (SASLprep, RFC 4013). Pure. */
#pragma once
#include <glib.h>

/* NULL: not UTF-8, empty afterwards, or with characters that are prohibited. Free with g_free. */
char *saslprep (const char *text);
