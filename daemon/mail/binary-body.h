/* Messages with NUL bytes, which no string of IMAP4rev1 can hold (RFC 3516 §6). */
#pragma once
#include <glib.h>

/* The message with each body that holds a NUL encoded in Base64, its Content-Transfer-Encoding
 * changed. NULL: there is none, or none in such a body; then MESSAGE stays as it is. */
GBytes *binary_body_encode (const guint8 *message, gsize length);
