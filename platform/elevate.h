/* Running one of our programs as the administrator, once the system has asked the person at the
 * screen whether that may be: pkexec; the question of User Account Control on Windows. */
#pragma once
#include <gio/gio.h>

/* PROGRAM ("hauspost"), found beside this program or where the system looks for programs, with
 * ARGUMENTS (NULL-terminated). Who is the administrator already is not asked. Waits until the
 * program has ended, so call it in a worker. Returns what the program has told by elevate_answer;
 * free with g_free.
 *
 * G_IO_ERROR_NOT_FOUND: the program is not installed. _CANCELLED: the person said no.
 * _NOT_SUPPORTED: this session can ask nobody. _FAILED: with the program's own sentence. */
char *elevate_run (const char *program, const char *const *arguments, GError **error);
/* Whether PROGRAM is installed. */
gboolean elevate_has_program (const char *program);

/* In the program that was started so. PLACE is the value of its option --answer-to, NULL when it
 * has none: then the answer goes to standard output. */
gboolean elevate_answer (const char *place, const char *text, GError **error);
