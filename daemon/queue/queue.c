/* The queue's rows, made in the commit that accepts a mail. */
#include "queue/queue.h"

#define LIFETIME (5 * 86400) /* seconds; RFC 5321 §4.5.4.1: four to five days */

gboolean
queue_add (StoreTransaction *transaction, gint64 message, gint64 account, const char *sender,
           const char *recipient, const char *envid, const char *orcpt, const char *notify,
           const char *ret, GError **error)
{
  const gint64 now = store_transaction_now (transaction);

  return database_run (store_transaction_database (transaction), error,
                       "INSERT INTO queue (message, account, sender, recipient, envid, orcpt,"
                       " notify, ret, created, due, expires)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)",
                       "iittttttii", message, account, sender, recipient, envid, orcpt, notify, ret,
                       now, now + LIFETIME);
}
