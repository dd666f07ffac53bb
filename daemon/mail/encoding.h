/* Content transfer encodings (RFC 2045 §6), encoded words (RFC 2047), RFC 2231 parameters, charsets
 * to UTF-8, modified UTF-7. */
#pragma once
#include <glib.h>

GByteArray *encoding_decode (const char *encoding, const guint8 *bytes,
                             gsize length); /* unknown encodings: a copy */
/* To valid UTF-8; unknown charset or broken bytes become U+FFFD, never an error. CHARSET may be
 * NULL (us-ascii). */
char *charset_to_utf8 (const char *charset, const guint8 *bytes, gsize length);
/* The same; *WHOLE FALSE: the charset is unknown, or some bytes mean nothing in it. */
char *charset_convert (const char *charset, const guint8 *bytes, gsize length, gboolean *whole);
gboolean charset_is_known (const char *charset);
/* Loads the converters of all charsets that are common in mail, once: for a process that will not
 * be able to open files. */
void charset_load_common (void);
/* For bytes that name no charset: UTF-8 when they are that, windows-1252 otherwise. */
char *charset_guess (const guint8 *bytes, gsize length);
/* Encoded words of an unfolded header value to UTF-8. */
char *encoded_words_decode (const char *value);
/* For ordering (RFC 5255 §4.6). *WHOLE FALSE: some word is in an unknown charset, or is broken; then
 * the text holds one character (U+0001 to U+00FF) for each byte as it was before any charset. */
char *encoded_words_decode_whole (const char *value, gboolean *whole);
/* RFC 3501 §5.1.3 mailbox names. Decode: NULL when malformed. */
char *utf7_decode (const char *name);
char *utf7_encode (const char *utf8);
/* The collation key of i;unicode-casemap (RFC 5051), for memcmp and strstr: titlecase, then
 * decomposed. SEARCH, SORT and THREAD compare so (RFC 5255 §4.2). */
char *text_casemap (const char *utf8);
/* For indexing: case-folded, compatibility-normalized UTF-8. What i;unicode-casemap holds for equal
 * is equal here, and more: "ss" is "ß". */
char *text_fold (const char *utf8);
