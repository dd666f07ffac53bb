/* The MIME tree of a message (RFC 2045-2047, 2231) with exact byte ranges. Any input, linear time,
 * bounded depth (MIME_DEPTH_MAX) and bounded number of parts (MIME_PARTS_MAX): beyond, the rest is
 * one leaf. */
#pragma once
#include "mail/header.h"

#define MIME_DEPTH_MAX 100
#define MIME_PARTS_MAX 10000

typedef struct _MimePart MimePart;
struct _MimePart {
  ByteRange header; /* with the empty line that ends it */
  ByteRange body; /* without the line end that belongs to the boundary */
  guint64 lines; /* of the body */
  char *type, *subtype; /* as written, defaults filled in; multipart and message/rfc822 decide on
                           children */
  GPtrArray *parameters; /* char *: name, value, name, value … decoded by RFC 2231; never NULL */
  char *encoding; /* Content-Transfer-Encoding as written, "7BIT" by default */
  char *id, *description, *md5, *language, *location; /* or NULL */
  char *disposition; /* or NULL */
  GPtrArray *disposition_parameters;
  GPtrArray *children; /* MimePart; of message/rfc822: the one inner message; NULL for leaves */
};

MimePart *mime_parse (const guint8 *bytes, gsize length);
/* The same with narrower bounds; DEPTH 0 and PARTS 1 give one leaf. */
MimePart *mime_parse_bounded (const guint8 *bytes, gsize length, guint depth, guint parts);
void mime_part_free (MimePart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MimePart, mime_part_free)
gboolean mime_part_is (const MimePart *part, const char *type,
                       const char *subtype); /* subtype NULL: any */
const char *mime_part_parameter (const MimePart *part, const char *name);
/* By IMAP section numbers (RFC 9051 §6.4.5.1), "1.2": NULL when there is none. COUNT 0: the message
 * itself. */
const MimePart *mime_part_find (const MimePart *root, const guint *numbers, guint count);
