/* The whole daemon: reads the configuration, opens the store, listens, and stops in order. */
#pragma once

/* Runs until the service manager asks to stop; returns the exit status. CONFIGURATION: a file, or
 * NULL for the usual place. */
int server_run (const char *configuration);
/* Reads the configuration and the certificates, says what is wrong, changes nothing. */
int server_check (const char *configuration);
