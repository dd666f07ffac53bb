/* queue.routes, queue.relay and a domain, a line each: what an administrator may have written. */
#include "queue/relay.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  g_auto (Relay) relay = { NULL };

  if (g_strv_length (lines) < 3)
    return 0;
  relay = relay_choose (lines[0], lines[1], lines[2]);
  g_assert_true (relay.host == NULL || *relay.host);
  g_assert_true (relay.host || (relay.port == 0 && !relay.is_provider));
  return 0;
}
