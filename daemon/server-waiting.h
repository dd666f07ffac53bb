/* A service that is installed before anybody has set up the office. */
#pragma once
#include <glib.h>

/* Returns TRUE once the configuration (a file, or NULL for the usual place) is there, whatever is
 * in it; FALSE when the service manager asks to stop before. Says to the service manager that we
 * are ready, as nothing is wrong. */
gboolean server_wait (const char *configuration);
