/* What the store keeps of a message beside its summary to be read fast by the hundred thousand
 * (mail/sort-keys.h); it does not look into it. In rows of their own, so that reading them all does
 * not read all summaries. */
#pragma once
#include "store/message.h"

/* Before the message is appended, and by one thread. */
void prepared_message_set_keys (PreparedMessage *message, GBytes *keys);

/* FUNC is called for those of MESSAGES (COUNT, ascending) that have keys, with its index. */
typedef void (*MessageKeysFunc) (guint index, const guint8 *keys, gsize length, gpointer data);
gboolean message_keys_each (Database *database, const gint64 *messages, guint count,
                            MessageKeysFunc func, gpointer data, GError **error);
/* For a message that came without, or whose keys are of an older version; one that is gone by now
 * is no error. */
gboolean message_keys_put (StoreTransaction *transaction, gint64 message, GBytes *keys,
                           GError **error);
