#include "mail/preview.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (MimePart) root = mime_parse (data, size);
  g_autofree char *text = preview_new (data, root);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, PREVIEW_MAX);
  return 0;
}
