/* Asked through GIO, which knows how on every system. */
#include "admin/disk-space.h"

gboolean
disk_space_read (const char *folder, DiskSpace *space)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GFileInfo) info = g_file_query_filesystem_info (file, "filesystem::*", NULL, NULL);

  if (info == NULL)
    return FALSE;
  space->total = (gint64)g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_SIZE);
  space->free = (gint64)g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE);
  space->used = space->total - space->free;
  return space->total > 0;
}
