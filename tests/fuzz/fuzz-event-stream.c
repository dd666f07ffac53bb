#include "admin/event-stream.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
did_event (const char *name, const char *data, gpointer user_data)
{
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (EventStream) stream = event_stream_new (did_event, NULL);

  event_stream_feed (stream, (const char *)data, size);
  return 0;
}
