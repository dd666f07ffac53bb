/* A person at a terminal. */
#pragma once
#include <glib.h>

/* Whether standard error is a terminal, so that a progress line can be redrawn. */
gboolean terminal_is_interactive (void);
/* Whether standard input is a terminal, so that the program was started by a person who can be
 * asked. */
gboolean terminal_can_ask (void);
/* Prints PROMPT and reads one line from the terminal, without its end. NULL when there is no
 * terminal, the input ended or a line is longer than anybody types; free with g_free. */
char *terminal_read_line (const char *prompt);
/* Prints PROMPT and reads one line from the terminal without showing it. NULL as above; wipe and
 * free it. */
char *terminal_read_secret (const char *prompt);
