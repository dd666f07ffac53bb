/* The header section of a message (RFC 5322 §2.2): fields as byte ranges, unfolded values. Any
 * input, linear time. */
#pragma once
#include <glib.h>

typedef struct {
  gsize offset, length;
} ByteRange;

typedef struct {
  ByteRange name; /* without the colon */
  ByteRange value; /* raw, after the colon, with folding, without the last line end */
  ByteRange whole; /* the field with its line end */
} HeaderField;

/* Walks the fields from *POSITION on: FALSE at the end of the header. After it *POSITION is where
 * the body begins (after the empty line) or LENGTH. Lines may end in CRLF or bare LF. */
gboolean header_next (const guint8 *bytes, gsize length, gsize *position, HeaderField *field);
/* The first field of that NAME (without case). */
gboolean header_find (const guint8 *bytes, gsize length, const char *name, HeaderField *field);
/* Unfolded (CRLF removed, RFC 5322 §2.2.3), trimmed; never NULL; free with g_free. NUL bytes become
 * U+FFFD. */
char *header_unfold (const guint8 *bytes, const HeaderField *field);
/* Past blanks and comments in an unfolded value. Comments nest (RFC 5322 §3.2.2); one that is not
 * closed reaches to the end. */
const char *header_skip_comments (const char *text);
