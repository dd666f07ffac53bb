/* A damaged segment is walked through to its end, whatever its bytes say. */
#include "store/scan.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) file = g_bytes_new (data, size);
  g_autoptr (Scan) scan = scan_new_from_bytes (file);
  guint64 offset;

  while (scan_next (scan, &offset))
    g_bytes_unref (scan_bytes (scan));
  return 0;
}
