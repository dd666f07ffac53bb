/* Content transfer encodings (RFC 2045 §6) undone piece by piece, for bodies of any size. */
#pragma once
#include <glib.h>

typedef struct _ContentDecoder ContentDecoder;

/* ENCODING without case, NULL is 7bit. NULL: nobody knows it. */
ContentDecoder *content_decoder_new (const char *encoding);
void content_decoder_free (ContentDecoder *decoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ContentDecoder, content_decoder_free)
/* Appends to OUT what BYTES give; LAST: no more come. The same pieces always give the same. */
void content_decoder_feed (ContentDecoder *decoder, const guint8 *bytes, gsize length,
                           gboolean last, GByteArray *out);
