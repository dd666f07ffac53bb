/* Message identifiers (RFC 5322 §3.6.4) as Message-ID, References and In-Reply-To hold them. */
#pragma once
#include <glib.h>

#define MESSAGE_ID_MAX 998 /* bytes; a longer one is not valid */

/* The next valid identifier in the unfolded value *TEXT, which moves on behind it. Without angle
 * brackets, blanks and needless quotes, so that equal ones are equal bytes (RFC 5256 §3). NULL:
 * there is none any more; free with g_free. */
char *message_id_next (const char **text);
/* A number that stands for ID where many are compared; never 0. */
guint64 message_id_hash (const char *id);
