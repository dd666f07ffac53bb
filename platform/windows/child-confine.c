/* What a child gives up by itself. Its token and its job, which it was started with, forbid the
 * rest: child-token.c, child.c. */
#include "platform/child.h"
#include "platform/windows/failure.h"
#include <windows.h>

static gboolean
set_policy (PROCESS_MITIGATION_POLICY policy, gpointer value, gsize length, GError **error)
{
  return SetProcessMitigationPolicy (policy, value, length)
      || failure_set (error, GetLastError (), "Policy %d is refused", (int)policy);
}

/* No code but what lies in our own files, and nothing that others would load into us. */
gboolean
child_confine (GError **error)
{
  PROCESS_MITIGATION_DYNAMIC_CODE_POLICY code = { .ProhibitDynamicCode = 1 };
  PROCESS_MITIGATION_EXTENSION_POINT_DISABLE_POLICY points = { .DisableExtensionPoints = 1 };
  PROCESS_MITIGATION_IMAGE_LOAD_POLICY images
      = { .NoRemoteImages = 1, .NoLowMandatoryLabelImages = 1 };

  return set_policy (ProcessDynamicCodePolicy, &code, sizeof code, error)
      && set_policy (ProcessExtensionPointDisablePolicy, &points, sizeof points, error)
      && set_policy (ProcessImageLoadPolicy, &images, sizeof images, error);
}
