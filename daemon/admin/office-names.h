/* The names of a new office, this server's and its first domain's: checked, guessed from what the
 * machine is called, asked of a person. */
#pragma once
#include <gio/gio.h>

/* As the protocols write them, in A-labels (RFC 5890 §2.3.2.1); free with g_free. NULL and
 * G_IO_ERROR_INVALID_ARGUMENT: TEXT cannot be one. */
char *office_names_hostname (const char *text, GError **error);
char *office_names_domain (const char *text, GError **error);

/* The host name for a machine that calls itself MACHINE (may be NULL), and the domain of the people
 * behind HOSTNAME; NULL: nothing that others could find. Free with g_free. */
char *office_names_guess_hostname (const char *machine);
char *office_names_guess_domain (const char *hostname);

/* Prints PROMPT and reads a line; NULL: the input ended. Free with g_free. */
typedef char *(*OfficeNamesAsk) (const char *prompt);
/* Asks for what is NULL, again and again until it is a name; the answers as they were typed.
 * FALSE: the input ended. */
gboolean office_names_ask (char **hostname, char **domain, const char *machine, OfficeNamesAsk ask);
