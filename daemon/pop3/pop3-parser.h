/* Command lines: where one ends, its keyword and its arguments. Pure. */
#pragma once
#include <glib.h>

#define POP3_LINE_MAX 1024 /* RFC 2449 §4 asks for 255; passwords may be long */
#define POP3_AUTH_LINE_MAX 12288 /* AUTH and its responses (RFC 5034 §4) */

/* The bytes of the first line with its line end; 0: it is not whole yet. *TOO_LONG: it never will
 * be, or is longer than its command allows. */
gsize pop3_line_find (const guint8 *bytes, gsize length, gboolean *too_long);
/* The line of LENGTH bytes without its line end, or NULL when it holds NUL; free with g_free. */
char *pop3_line_text (const guint8 *bytes, gsize length);
/* Ends the keyword of LINE in place; returns what follows it, "" when there is nothing. */
char *pop3_line_split (char *line);
/* LEAST to MOST decimal numbers with single spaces between, and nothing else. *COUNT: how many. */
gboolean pop3_numbers_parse (const char *text, guint least, guint most, guint64 *numbers,
                             guint *count);
