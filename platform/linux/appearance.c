/* The desktop tells libadwaita by its portal, and when it changes. */
#include "platform/appearance.h"

gboolean
appearance_is_dark (void)
{
  return FALSE;
}

gboolean
appearance_is_high_contrast (void)
{
  return FALSE;
}

/* The kernel's drivers for graphics (DRM) have a render node each: renderD128, renderD129 … */
gboolean
appearance_has_graphics (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/dev/dri", 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_prefix (name, "renderD"))
      return TRUE;
  return FALSE;
}

gboolean
appearance_has_session_bus (void)
{
  return TRUE;
}
