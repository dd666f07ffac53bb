#include "mail/references.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GArray) hashes = message_references (data, size);

  g_assert_cmpuint (hashes->len, <=, REFERENCES_MAX);
  return 0;
}
