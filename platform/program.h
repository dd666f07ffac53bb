/* The first thing that a program with a main function does. */
#pragma once
#include <glib.h>

/* Makes the arguments UTF-8, speaks the user's language and UTF-8 at the terminal, and closes what
 * the system leaves open to attackers of a program's start. ARGC and ARGV are changed in place; the
 * strings live for ever. */
void program_begin (int *argc, char ***argv);
