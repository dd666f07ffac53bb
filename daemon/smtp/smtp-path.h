/* Paths and parameters of MAIL and RCPT (RFC 5321 §4.1.2). Pure: text in, parts out. */
#pragma once
#include <glib.h>

#define SMTP_PATH_MAX 256
#define SMTP_LOCAL_MAX 64
#define SMTP_DOMAIN_MAX 255

/* In UTF-8 an address may have letters that are not ASCII, also in its domain (RFC 6531 §3.3).
 * TEXT is what follows "MAIL" or "RCPT": KEYWORD ("FROM:" or "TO:") without case, a path in <>,
 * then parameters. A space after the colon is forgiven (Outlook). A source route is read and
 * dropped (RFC 5321 appendix C). Returns the address without
 * <>, "" for the null path, NULL when malformed; *PARAMETERS points behind it, into TEXT. */
char *smtp_path_parse (const char *text, const char *keyword, const char **parameters);
/* The next "KEY" or "KEY=VALUE" of *PARAMETERS; FALSE at the end. VALUE is NULL when there is no
 * '='. */
gboolean smtp_parameter_next (const char **parameters, char **key, char **value);
