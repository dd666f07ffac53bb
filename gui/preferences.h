/* What the panel remembers about itself (window's size, the last page, saved servers): a key file
 * in the user's configuration folder, which works without an installed schema, also on Windows.
 * No secrets in it. */
#pragma once
#include <glib.h>

/* The key file, borrowed; changes are written by preferences_save. Main thread only. */
GKeyFile *preferences (void);
/* FALSE and a warning in the log when it cannot be written; the panel goes on. */
gboolean preferences_save (void);
