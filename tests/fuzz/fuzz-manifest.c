/* Backups may come from strangers: a manifest names no file outside of its folder. */
#include "archive/manifest.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GPtrArray) files = manifest_parse ((const char *)data, size, NULL);

  for (guint i = 0; files && i < files->len; i++)
    g_assert_true (((const ManifestFile *)files->pdata[i])->name[0] != '/');
  return 0;
}
