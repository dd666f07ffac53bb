/* Certificates that were enrolled for users: with one of them a program signs on without a password
 * (EXTERNAL, RFC 4422 appendix A). A certificate is known by its fingerprint, so that it does not
 * matter who has signed it. Inside store jobs. */
#pragma once
#include "store/store.h"

#define ENROLLED_MAX 50 /* of one user */

typedef struct {
  gint64 id;
  char *name; /* of the device */
  char *fingerprint; /* SHA-256, 64 lower-case hexadecimal digits */
  gint64 created; /* seconds, UTC */
  gint64 used; /* last time, to the hour; 0: never */
  char *address; /* from where, or NULL */
} Enrolled;
void enrolled_free (Enrolled *enrolled);

GPtrArray *enrolled_list (Database *database, gint64 account, GError **error); /* by name */
/* STORE_ERROR_EXISTS: the name is taken, or the certificate is somebody's already. */
gboolean enrolled_add (StoreTransaction *transaction, gint64 account, const char *name,
                       const char *fingerprint, GError **error);
gboolean enrolled_remove (StoreTransaction *transaction, gint64 account, const char *name,
                          GError **error);
/* The address of the user whose certificate it is, and its id and last use; NULL without ERROR:
 * nobody's. Free with g_free. */
char *enrolled_find (Database *database, const char *fingerprint, gint64 *id, gint64 *used,
                     GError **error);
gboolean enrolled_note_use (StoreTransaction *transaction, gint64 id, const char *address,
                            GError **error);

/* "AB:CD:…" in any case → 64 digits; NULL: no fingerprint. Free with g_free. */
char *enrolled_normalize (const char *fingerprint);
/* Of the first certificate in PEM; free with g_free. */
char *enrolled_read_pem (const char *pem, GError **error);
