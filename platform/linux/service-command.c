/* How an administrator starts the service under systemd. */
#include "platform/service.h"

/* Where packages and administrators put units (systemd.unit(5)). */
static const char *const units[] = {
  "/etc/systemd/system/hauspost.service",
  "/lib/systemd/system/hauspost.service",
};

/* "enable" also makes systemd read the configuration's listeners (the package's generator). */
const char *
service_start_command (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_file_test (units[i], G_FILE_TEST_EXISTS))
      return "systemctl enable --now hauspost";
  return NULL;
}
