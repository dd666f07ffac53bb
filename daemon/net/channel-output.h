/* What waits to be sent on a channel: small writes are gathered, big ones are kept by reference. */
#pragma once
#include <glib.h>

typedef struct {
  GByteArray *tail; /* small writes since the last piece */
  GQueue pieces; /* of GBytes, before the tail */
  gsize length; /* bytes in both */
} ChannelOutput;

void channel_output_copy (ChannelOutput *output, const void *bytes, gsize length);
void channel_output_add (ChannelOutput *output, GBytes *bytes);
/* Later writes begin a new piece. */
void channel_output_seal (ChannelOutput *output);
/* Takes whole pieces from the front, at most COUNT, and none after MOST bytes are reached. Returns
 * how many; the caller owns them. */
guint channel_output_take (ChannelOutput *output, GBytes **pieces, guint count, gsize most);
void channel_output_clear (ChannelOutput *output);
