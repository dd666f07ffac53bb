/* The header of a record: any bytes, under a checksum that fits, are refused or parsed, and what
 * was parsed prints and parses again. */
#include "store/record.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree guint8 *bytes = g_memdup2 (data, size);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize digest_length = sizeof digest;
  guint64 header = 0;

  if (!record_measure (bytes, size, &header) || header > size)
    return 0;
  g_checksum_update (checksum, bytes, header - RECORD_CHECKSUM);
  g_checksum_get_digest (checksum, digest, &digest_length);
  memcpy (bytes + header - RECORD_CHECKSUM, digest, RECORD_CHECKSUM);
  g_autoptr (Record) record = record_parse (bytes, size, NULL);
  if (record) {
    g_autoptr (GByteArray) printed = record_print (record);
    g_autoptr (Record) again = record_parse (printed->data, printed->len, NULL);
    g_assert_nonnull (again);
  }
  return 0;
}
