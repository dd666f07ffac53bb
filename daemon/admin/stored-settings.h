/* The settings as the store keeps them. */
#pragma once
#include "settings.h"
#include "store/store.h"

/* Publishes what is stored. A key or a value that this version does not know is told in the log and
 * left alone. Waits. */
gboolean stored_settings_load (Store *store, GError **error);
/* Those that only this server knows, when they are not there yet. */
gboolean stored_settings_make_keys (Store *store, GError **error);
/* Checks TEXT, stores it (NULL: forgets it, the default counts again), publishes it. Waits. */
gboolean stored_settings_change (Store *store, Setting setting, const char *text, GError **error);
/* The two halves of that, for a change with others: the row, inside a write job, of a TEXT that was
 * checked; and, once it is committed, the value for all threads. */
gboolean stored_settings_write (StoreTransaction *transaction, Setting setting, const char *text,
                                GError **error);
gboolean stored_settings_publish (Setting setting, const char *text, GError **error);
