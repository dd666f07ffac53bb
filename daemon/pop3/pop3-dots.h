/* A message as a multi-line answer (RFC 1939 §3): every line ends in CRLF, one that begins with a
 * dot gets another; TOP ends after so many lines of the body (§7). Pure, and the same whatever
 * pieces the bytes come in. */
#pragma once
#include <glib.h>

typedef struct {
  guint64 lines_left; /* of the body; G_MAXUINT64: all */
  gsize column; /* bytes of the line so far */
  gboolean after_cr; /* the last byte was CR */
  gboolean in_body;
} Pop3Dots;

void pop3_dots_begin (Pop3Dots *self, guint64 lines);
/* Appends BYTES to OUT. FALSE: all lines that are wanted are there. */
gboolean pop3_dots_write (Pop3Dots *self, const guint8 *bytes, gsize length, GByteArray *out);
/* The end of the last line, and the final dot. */
void pop3_dots_end (Pop3Dots *self, GByteArray *out);
