/* Messages for servers that take only 7-bit mail (RFC 6152 §3). Pure. */
#pragma once
#include <glib.h>

/* The message with its 8-bit bodies in quoted-printable (text) or Base64, which breaks signatures
 * over them (RFC 6376 §5.3). NULL: it cannot be done, as other bytes than those of bodies that say
 * how they are encoded have the 8th bit: header fields, mostly. */
GBytes *seven_bit_encode (const guint8 *message, gsize length);
