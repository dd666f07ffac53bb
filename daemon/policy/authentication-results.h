/* The field in which this server says what it found out about a mail (RFC 8601), and those in which
 * others say it in this server's name. */
#pragma once
#include <glib.h>

/* Begins the text of the field's value with this server's name. */
GString *authentication_results_new (const char *authserv_id);
/* Adds "method=result (comment) property=value …"; COMMENT may be NULL. Pairs of property and value
 * follow, up to NULL; a pair with the value NULL is left out. What others wrote may stand in
 * COMMENT and values: it is quoted, shortened, and never ends a line. */
void authentication_results_add (GString *self, const char *method, const char *result,
                                 const char *comment, ...) G_GNUC_NULL_TERMINATED;
/* The whole field with its line end; "none" when nothing was added. Frees SELF. */
char *authentication_results_finish (GString *self);

/* VALUE (unfolded) begins with AUTHSERV_ID, whatever case, comments or quotes it is in. */
gboolean authentication_results_is_from (const char *value, const char *authserv_id);
/* VALUE is of a version that is not known. */
gboolean authentication_results_is_strange (const char *value);
/* MESSAGE without the Authentication-Results fields in AUTHSERV_ID's name, and those of other
 * versions (§5): the same one when there is none. For a worker thread. */
GBytes *authentication_results_strip (GBytes *message, const char *authserv_id);
