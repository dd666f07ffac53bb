/* The base subject of a message (RFC 5256 §2.1): what is left of a Subject without "Re:", "Fwd:"
 * and the marks of mailing lists. */
#pragma once
#include <glib.h>

#define SUBJECT_MAX 2000 /* bytes that are looked at, so that a hostile one stays cheap */

/* DECODED: an unfolded field value without its encoded words, valid UTF-8. What is left may be "".
 * IS_REPLY (may be NULL): it was marked as a reply or a forwarded message. */
char *base_subject (const char *decoded, gboolean *is_reply);
