/* What a program with a main function does with its start and its terminal. */
#pragma once
#include <glib.h>

/* The first call: closes what the system leaves open to attackers of a program's start, speaks the
 * user's language, and UTF-8 at the terminal. Returns the arguments as they were typed (Windows:
 * in UTF-8; elsewhere as they came), for g_option_context_parse_strv; free with g_strfreev. */
char **program_begin (int argc, char **argv);
/* ARGUMENT as a person types it into this system's shell; free with g_free. */
char *program_quote (const char *argument);
