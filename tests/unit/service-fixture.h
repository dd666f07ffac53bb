/* Asking this process what its service manager would ask. */
#pragma once
#ifdef G_OS_UNIX
#include <signal.h>
#include <unistd.h>

static inline void
ask_reload (void)
{
  kill (getpid (), SIGHUP);
}

static inline void
ask_stop (void)
{
  kill (getpid (), SIGTERM);
}
#else
#include "platform/windows/service-private.h"

static inline void
ask_reload (void)
{
  service_control (SERVICE_CONTROL_PARAMCHANGE);
}

static inline void
ask_stop (void)
{
  service_control (SERVICE_CONTROL_STOP);
}
#endif
