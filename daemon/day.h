/* Days as people write them, in the language of whoever asks. */
#pragma once
#include <glib.h>

/* The day of a time in seconds (UTC), here; free with g_free. */
char *day_say (gint64 time);
