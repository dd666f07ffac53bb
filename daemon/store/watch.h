/* Hint and pull: after a commit that touched MAILBOX, FUNC runs once in the GMainContext of the
 * thread that registered, and not again until watch_rearm. Register before the first read; rearm
 * before opening the snapshot. */
#pragma once
#include "store/store.h"

typedef struct _Watch Watch;
Watch *watch_new (Store *store, gint64 mailbox, void (*func) (gpointer data), gpointer data);
/* Returns TRUE if the watch had fired since the last rearm. */
gboolean watch_rearm (Watch *watch);
/* After this FUNC does not run again. In the registering thread. */
void watch_free (Watch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Watch, watch_free)
