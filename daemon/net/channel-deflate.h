/* The compressed layer of a channel: raw DEFLATE streams both ways (RFC 1951, RFC 4978). It costs
 * an idle client no window: what is sent ends with a full flush each time, so that one compressor a
 * thread serves all, and what the client sent is kept only as far as it may refer to it. */
#pragma once
#include "net/channel-output.h"

typedef struct _ChannelDeflate ChannelDeflate;

ChannelDeflate *channel_deflate_new (void);
void channel_deflate_free (ChannelDeflate *deflate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChannelDeflate, channel_deflate_free)

/* Moves up to MOST bytes from PLAIN, squeezed, to PACKED. */
void channel_deflate_pack (ChannelOutput *plain, ChannelOutput *packed, gsize most);

/* Hands compressed bytes over; only when the last were used up (channel_deflate_is_hungry). */
void channel_deflate_feed (ChannelDeflate *deflate, const guint8 *bytes, gsize length);
gboolean channel_deflate_is_hungry (const ChannelDeflate *deflate);
/* Unpacks into BYTES; however much the input would become, no more than LENGTH. 0: hungry. -1 with
 * ERROR: it is not DEFLATE, or the stream has ended. */
gssize channel_deflate_unpack (ChannelDeflate *deflate, guint8 *bytes, gsize length,
                               GError **error);
/* Gives memory back while nothing is to be done; returns how much is held. */
gsize channel_deflate_rest (ChannelDeflate *deflate);
