/* What IMAP needs of a message without opening it: ENVELOPE, BODY and BODYSTRUCTURE ready to send,
 * the ranges of every part, the header fields that SEARCH and SORT look at. Serialized once when a
 * mail is accepted; kept by the store as opaque bytes. Reading checks every length: a damaged
 * summary reads as NULL, and the caller makes it anew from the message. */
#pragma once
#include "mail/mime.h"

GBytes *summary_new (const guint8 *message, gsize length);

typedef struct _Summary Summary; /* a view into the bytes: no copy */
Summary *summary_open (GBytes *bytes); /* NULL: damaged or of an unknown version */
void summary_free (Summary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Summary, summary_free)
/* IMAP text, parenthesized, literals where RFC 9051 needs them. Valid as long as SUMMARY. */
const char *summary_envelope (Summary *summary, gsize *length);
const char *summary_body (Summary *summary, gsize *length); /* BODY: without extension data */
const char *summary_body_structure (Summary *summary, gsize *length);
/* As preview_new makes it: bare UTF-8. NULL: made before previews were. */
const char *summary_preview (Summary *summary, gsize *length);
/* Old clients get a surrogate (mail/surrogate.h). Of summaries older than the mark: as far as the
 * texts show. */
gboolean summary_needs_surrogate (Summary *summary);
gboolean summary_sent_date (Summary *summary, gint64 *seconds, gint16 *zone); /* FALSE: no Date */
ByteRange summary_header (Summary *summary); /* of the message, with the empty line */
/* Ranges of section NUMBERS ("1.2"): the part's own MIME header, its body; for message/rfc822 parts
 * also the inner header and text. FALSE: no such part. */
typedef struct {
  ByteRange mime, body;
  gboolean is_message;
  gboolean is_leaf; /* no parts inside */
  ByteRange inner_header, inner_text;
  const char *encoding; /* for BINARY */
} SummaryPart;
gboolean summary_part (Summary *summary, const guint *numbers, guint count, SummaryPart *part);
