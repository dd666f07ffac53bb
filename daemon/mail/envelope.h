/* The ENVELOPE of a message (RFC 9051 §7.5.2). */
#pragma once
#include <glib.h>

#define ENVELOPE_MAX 65536

/* Appends the envelope of the header section BYTES, at most ENVELOPE_MAX bytes: long lists and
 * texts are cut, always at the same place. */
void envelope_append (GString *out, const guint8 *bytes, gsize length);
