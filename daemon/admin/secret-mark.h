/* What is told of a secret instead of it: whether two readings were of the same one. */
#pragma once
#include <glib.h>

/* Of the secret VALUE under KEY, as long as this process lives; without the process's own random key
 * nobody can try whether a guess has the same mark. Free with g_free. Any thread. */
char *secret_mark (const char *key, const char *value);
