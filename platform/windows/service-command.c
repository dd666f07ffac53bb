/* How an administrator starts the service under the Service Control Manager. */
#include "platform/service.h"

/* The installer has made it known under this name. */
const char *
service_start_command (void)
{
  return "net start hauspost";
}
