/* The keys of messages: rows of their own, read in runs. */
#include "store/message-keys.h"
#include "store/prepared.h"

/* Messages that are looked up together, and how many rows between them may be read in vain: a
 * mailbox mostly holds neighbours. */
#define RUN 256
#define STRIDE 4

void
prepared_message_set_keys (PreparedMessage *message, GBytes *keys)
{
  g_clear_pointer (&message->keys, g_bytes_unref);
  message->keys = g_bytes_ref (keys);
}

typedef struct {
  const gint64 *messages;
  guint from, to; /* indexes */
  MessageKeysFunc func;
  gpointer data;
} Run;

static void
tell (Statement *row, Run *run)
{
  gsize length;
  const guint8 *keys = statement_blob (row, 1, &length);
  gint64 message = statement_int (row, 0);

  while (run->from < run->to && run->messages[run->from] < message)
    run->from++;
  while (run->from < run->to && run->messages[run->from] == message)
    run->func (run->from++, keys, length, run->data);
}

static gboolean
read_rows (Database *database, Run *run, gint64 first, gint64 last, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, error, "SELECT message, keys FROM message_keys WHERE message BETWEEN ?1 AND ?2",
      "ii", first, last);

  if (!row)
    return FALSE;
  while (statement_next (row, &failure))
    tell (row, run);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
read_run (Database *database, Run *run, GError **error)
{
  gint64 first = run->messages[run->from], last = run->messages[run->to - 1];
  guint to = run->to;

  if (last - first < (gint64)(run->to - run->from) * STRIDE)
    return read_rows (database, run, first, last, error);
  for (guint i = run->from; i < to; i++) {
    Run one = { run->messages, i, i + 1, run->func, run->data };
    if (!read_rows (database, &one, run->messages[i], run->messages[i], error))
      return FALSE;
  }
  return TRUE;
}

gboolean
message_keys_each (Database *database, const gint64 *messages, guint count, MessageKeysFunc func,
                   gpointer data, GError **error)
{
  for (guint i = 0; i < count; i += RUN) {
    Run run = { messages, i, MIN (count, i + RUN), func, data };
    if (!read_run (database, &run, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
message_keys_put (StoreTransaction *transaction, gint64 message, GBytes *keys, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "INSERT OR REPLACE INTO message_keys (message, keys)"
                       " SELECT id, ?2 FROM message WHERE id = ?1",
                       "ib", message, keys);
}
