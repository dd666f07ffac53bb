/* A message that is copied with other encodings for some of its bodies. */
#pragma once
#include "mail/mime.h"

typedef struct {
  const guint8 *message;
  GByteArray *out;
  gsize done; /* of MESSAGE */
} Rewriting;

/* Whether a body is not encoded yet. */
gboolean rewriting_is_plain (const MimePart *part);
/* Copies what comes before END. */
void rewriting_copy (Rewriting *self, gsize end);
void rewriting_append (Rewriting *self, const char *text);
/* Copies up to PART's body: with all of its fields but Content-Transfer-Encoding, then one with
 * ENCODING, then the lines MORE (each with its end). */
void rewriting_header (Rewriting *self, const MimePart *part, const char *encoding,
                       const char *more);
/* Puts the body of PART in Base64 or quoted-printable behind its header. */
void rewriting_base64 (Rewriting *self, const MimePart *part);
void rewriting_quoted_printable (Rewriting *self, const MimePart *part);
