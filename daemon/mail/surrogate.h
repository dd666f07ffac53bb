/* A header section for a client that knows no UTF-8 in header fields: RFC 6858's simplified
 * downgrading. */
#pragma once
#include "mail/mime.h"

/* BYTES: a header section with its empty line. NULL: it is ASCII already and may be sent as it is.
 */
GByteArray *header_surrogate (const guint8 *bytes, gsize length);

/* Some header of the message or of a part is not ASCII, or a part is a message/global, which
 * IMAP4rev1 does not know (RFC 6532 §3.7). */
gboolean message_needs_surrogate (const guint8 *message, const MimePart *root);

/* A run of the surrogate's bytes: BYTES, or, when that is NULL, LENGTH of the message's own. */
typedef struct {
  gsize offset, length; /* of the message */
  GBytes *bytes;
} SurrogatePiece;

/* All headers replaced as header_surrogate does; bodies stay. GArray of SurrogatePiece, in order.
 */
GArray *message_surrogate (const guint8 *message, gsize length, const MimePart *root);
gsize surrogate_length (const GArray *pieces);
/* The surrogate in one piece. */
GBytes *surrogate_join (const GArray *pieces, const guint8 *message);
