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

gboolean
appearance_has_session_bus (void)
{
  return TRUE;
}
