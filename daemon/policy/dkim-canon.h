/* Canonical forms of header fields and bodies (RFC 6376 §3.4), for what is signed and verified. */
#pragma once
#include <glib.h>
#include <openssl/evp.h>

typedef enum { DKIM_SIMPLE, DKIM_RELAXED } DkimCanon;

/* Appends the field FIELD[LENGTH] (with its line end) to OUT, ending in CRLF. */
void dkim_canon_field (GString *out, const guint8 *field, gsize length, DkimCanon canon);

/* SHA-256 of a body that comes in pieces; memory does not grow with it. */
typedef struct _DkimBody DkimBody;

/* LENGTH: how much of the canonical form counts (l=), G_MAXUINT64 for all. */
DkimBody *dkim_body_new (DkimCanon canon, guint64 length);
void dkim_body_free (DkimBody *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DkimBody, dkim_body_free)
void dkim_body_add (DkimBody *self, const guint8 *bytes, gsize length);
/* Once. *TOTAL (may be NULL): the length of the whole canonical form, also of what did not count.
 */
void dkim_body_finish (DkimBody *self, guint8 digest[32], guint64 *total);
