/* A header section for a client that knows no UTF-8 in header fields: RFC 6858's simplified
 * downgrading. */
#pragma once
#include <glib.h>

/* BYTES: a header section with its empty line. NULL: it is ASCII already and may be sent as it is.
 */
GByteArray *header_surrogate (const guint8 *bytes, gsize length);
