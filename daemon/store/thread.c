/* Which messages belong together. */
#include "store/thread.h"
#include "store/batch.h"
#include "store/prepared.h"

/* 0: the account knows none of them. */
static gboolean
find (Database *database, gint64 account, const GArray *hashes, gint64 *thread, GError **error)
{
  GError *failure = NULL;

  for (guint i = 0; i < hashes->len && *thread == 0; i++) {
    Statement *row = database_query (
        database, error, "SELECT thread FROM thread_reference WHERE account = ?1 AND hash = ?2",
        "ii", account, (gint64)g_array_index (hashes, guint64, i));
    if (!row)
      return FALSE;
    if (statement_next (row, &failure)) {
      *thread = statement_int (row, 0);
      statement_done (row);
    }
    if (failure) {
      g_propagate_error (error, failure);
      return FALSE;
    }
  }
  return TRUE;
}

/* Also those that have not come yet: a parent that arrives late joins its replies. What is known
 * already keeps its thread, which was reported perhaps. */
static gboolean
remember (Database *database, gint64 account, const GArray *hashes, gint64 thread, GError **error)
{
  for (guint i = 0; i < hashes->len; i++)
    if (!database_run (database, error,
                       "INSERT OR IGNORE INTO thread_reference (account, hash, thread)"
                       " VALUES (?1, ?2, ?3)",
                       "iii", account, (gint64)g_array_index (hashes, guint64, i), thread))
      return FALSE;
  return TRUE;
}

gboolean
thread_join (StoreTransaction *transaction, gint64 account, gint64 message, GError **error)
{
  Append *append = transaction_find_append (transaction, message);
  const GArray *hashes = append ? append->message->thread_hashes : NULL;

  if (!hashes)
    return TRUE;
  if (!find (transaction->database, account, hashes, &append->thread, error))
    return FALSE;
  if (append->thread == 0)
    append->thread = append->id;
  return remember (transaction->database, account, hashes, append->thread, error);
}

GHashTable *
thread_messages (Database *database, gint64 thread, GError **error)
{
  g_autoptr (GHashTable) messages
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GError *failure = NULL;
  Statement *row = database_query (database, error,
                                   "SELECT id FROM message WHERE thread = ?1 UNION ALL"
                                   " SELECT id FROM message WHERE id = ?1 AND thread IS NULL",
                                   "i", thread);

  if (!row)
    return NULL;
  while (statement_next (row, &failure)) {
    gint64 id = statement_int (row, 0);
    g_hash_table_add (messages, g_memdup2 (&id, sizeof id));
  }
  if (!failure)
    return g_steal_pointer (&messages);
  g_propagate_error (error, failure);
  return NULL;
}
