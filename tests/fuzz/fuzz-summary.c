#include "mail/summary.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Any message gives a summary that opens; any bytes read as one are refused or stay in bounds. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) made = summary_new (data, size);
  g_autoptr (Summary) summary = summary_open (made);
  g_autoptr (GBytes) damaged = g_bytes_new (data, size);
  g_autoptr (Summary) other = summary_open (damaged);
  const guint numbers[] = { 2, 1 };
  SummaryPart part;

  g_assert_nonnull (summary);
  g_assert_cmpuint (g_bytes_get_size (made), <=, 256 * 1024);
  if (summary_part (summary, numbers, 2, &part))
    g_assert_true (part.body.offset + part.body.length <= size);
  if (other != NULL)
    summary_part (other, numbers, 2, &part);
  return 0;
}
