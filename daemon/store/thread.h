/* Which messages belong together (THREADID of RFC 8474 §5.2): known when a message comes in, by the
 * hashes of Message-IDs that its account has met, and never changed. Cost: the message's
 * references, not the mailbox. */
#pragma once
#include "store/message.h"

/* A message that this job appends gets a place of ACCOUNT: it joins the thread that the account
 * knows one of its references from, or begins one. Another message: nothing happens. */
gboolean thread_join (StoreTransaction *transaction, gint64 account, gint64 message,
                      GError **error);
/* The messages of THREAD, in all accounts: a set of gint64, NULL with ERROR. */
GHashTable *thread_messages (Database *database, gint64 thread, GError **error);
