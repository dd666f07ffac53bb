/* Messages with NUL bytes, which no string of IMAP4rev1 can hold (RFC 3516 §6). */
#pragma once
#include <glib.h>

/* The message with each body that holds a NUL encoded in Base64, its Content-Transfer-Encoding
 * changed; with LINES also each body that says it is binary (RFC 2045 §6.2) and is no text of
 * lines: bare CR or LF, or longer than a line may be. NULL: there is none, or none in such a body;
 * then MESSAGE stays as it is. */
GBytes *binary_body_encode (const guint8 *message, gsize length, gboolean lines);
