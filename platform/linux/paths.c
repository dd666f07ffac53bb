/* Places after the Filesystem Hierarchy Standard. */
#include "platform/paths.h"
#include "config.h"

const char *
paths_configuration (void)
{
  return "/etc/hauspost/hauspost.conf";
}

const char *
paths_data (void)
{
  return "/var/lib/hauspost";
}

const char *
paths_locale (void)
{
  return LOCALE_DIR;
}
