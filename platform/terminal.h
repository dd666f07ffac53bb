/* A person at a terminal. */
#pragma once
#include <glib.h>

/* Whether standard error is a terminal, so that a progress line can be redrawn. */
gboolean terminal_is_interactive (void);
/* Prints PROMPT and reads one line from the terminal without showing it. NULL when there is no
 * terminal or the input ended; wipe and free it. */
char *terminal_read_secret (const char *prompt);
