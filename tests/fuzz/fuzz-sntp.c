/* An answer of a time server, against a question that was sent at a time of its own: the first
 * eight bytes are when, in microseconds after 1970 (up to the year 2242), the next two how long it
 * took. */
#include "admin/sntp.h"
#include <string.h>

#define LATEST (G_GINT64_CONSTANT (1) << 53)
#define FOREVER (G_GINT64_CONSTANT (1) << 54)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint8 asked[SNTP_LENGTH], answer[SNTP_LENGTH];
  gint64 sent, ahead = 0;
  guint16 took;

  if (size < sizeof sent + sizeof took)
    return 0;
  memcpy (&sent, data, sizeof sent);
  memcpy (&took, data + sizeof sent, sizeof took);
  sent = (gint64)(GUINT64_FROM_LE ((guint64)sent) % (guint64)LATEST);
  took = GUINT16_FROM_LE (took);
  data += sizeof sent + sizeof took;
  size -= sizeof sent + sizeof took;
  sntp_ask (asked, sent);
  if (sntp_read (data, size, asked, sent, sent + took, &ahead)) {
    g_assert_cmpuint (size, >=, SNTP_LENGTH);
    g_assert_cmpint (ABS (ahead), <, FOREVER);
  }
  /* As a server that answers this question would: only what it says of the time is left to chance.
   */
  if (size >= SNTP_LENGTH) {
    memcpy (answer, data, SNTP_LENGTH);
    answer[0] = 4 << 3 | 4;
    answer[1] = 2;
    memcpy (answer + 24, asked + 40, 8);
    g_assert_true (sntp_read (answer, SNTP_LENGTH, asked, sent, sent + took, &ahead));
    g_assert_cmpint (ABS (ahead), <, FOREVER);
  }
  return 0;
}
