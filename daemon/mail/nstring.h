/* Strings as IMAP sends them (RFC 9051 §9: nstring). */
#pragma once
#include <glib.h>

/* NIL for NULL; quoted when short and plain, otherwise a literal. A literal may hold UTF-8 for the
 * clients of both revisions (8-bit bytes in quoted strings are for UTF8=ACCEPT only), and no client
 * stumbles over it as some do over escaped quotes. */
void nstring_append (GString *out, const char *text);
/* A decimal number. */
void number_append (GString *out, guint64 number);
