/* Numbers and bytes in the small binary forms that are kept of a mail (summary, sort keys): written
 * one after the other, read back with every length checked. */
#pragma once
#include <glib.h>

/* LEB128: seven bits a byte, the lowest first. */
void packed_put_number (GByteArray *out, guint64 number);
/* Zigzag, so that small negative numbers are short too. */
void packed_put_signed (GByteArray *out, gint64 number);
/* Their number, then the bytes. */
void packed_put_bytes (GByteArray *out, gconstpointer bytes, gsize length);

typedef struct {
  const guint8 *next, *end;
  gboolean is_damaged; /* something did not fit: what was read since is worth nothing */
} PackedReader;

guint64 packed_get_number (PackedReader *reader);
gint64 packed_get_signed (PackedReader *reader);
/* SIZE bytes inside the reader's own; NULL when there are fewer. */
const guint8 *packed_get_bytes (PackedReader *reader, guint64 size);
