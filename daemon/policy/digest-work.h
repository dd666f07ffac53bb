/* The work itself, in whichever process: a request is a letter, words that end with NUL, and bytes
 * of a message. */
#pragma once
#include <glib.h>

enum {
  DIGEST_HELLO = 'V', /* answer: the same letter */
  DIGEST_TEXT = 'T', /* message; answer: pieces, and those with marks again without them */
  DIGEST_HEADER = 'H', /* field ("": all), mapped, header; answer: 'y' or 'n' */
  DIGEST_BODY = 'B', /* mapped, message; answer: 'y' or 'n' */
  DIGEST_FUZZY = 'F', /* place (a digit), field, text, message; answer: a byte, the score */
};

/* The answer; empty when the request makes no sense. */
GByteArray *digest_work (const guint8 *request, gsize length);
