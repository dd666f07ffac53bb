/* Hint and pull: after a commit that touched what is watched, FUNC runs once in the GMainContext of
 * the thread that registered, and not again until watch_rearm. Register before the first read;
 * rearm before opening the snapshot. */
#pragma once
#include "store/store.h"

typedef struct _Watch Watch;
Watch *watch_new (Store *store, gint64 mailbox, void (*func) (gpointer data), gpointer data);
/* Everything that ACCOUNT has, and what it learns of others' (store_transaction_touch_account):
 * costs the same however many mailboxes there are. */
Watch *watch_new_account (Store *store, gint64 account, void (*func) (gpointer data),
                          gpointer data);
/* Returns the WatchKind bits of what was touched since the last rearm, 0: nothing. */
guint watch_rearm (Watch *watch);
/* After this FUNC does not run again. In the registering thread. */
void watch_free (Watch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Watch, watch_free)
