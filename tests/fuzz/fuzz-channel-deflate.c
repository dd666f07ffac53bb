/* What a client sends compressed, in two parts with a rest between. */
#include "net/channel-deflate.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (ChannelDeflate) deflate = channel_deflate_new ();
  gsize parts[] = { size / 2, size - size / 2 };
  guint8 out[4096];

  for (guint i = 0, total = 0; i < 2; data += parts[i], i++) {
    if (parts[i] > 0)
      channel_deflate_feed (deflate, data, parts[i]);
    while (!channel_deflate_is_hungry (deflate) && total++ < 10000)
      if (channel_deflate_unpack (deflate, out, sizeof out, NULL) < 0)
        return 0;
    if (!channel_deflate_is_hungry (deflate))
      return 0;
    channel_deflate_rest (deflate);
  }
  return 0;
}
