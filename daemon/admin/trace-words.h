/* What a line of POST /v1/trace says to a person. */
#pragma once
#include <glib.h>
#include <jansson.h>

/* Free with g_free. */
char *trace_words (const json_t *line);
