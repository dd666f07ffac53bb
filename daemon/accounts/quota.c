/* How much an account may keep, and keeps. */
#include "accounts/quota.h"

#include "settings.h"

void
quota_free (Quota *quota)
{
  g_free (quota->root);
  g_free (quota);
}

Quota *
quota_read (Database *database, gint64 account, GError **error)
{
  g_autoptr (Quota) quota = g_new0 (Quota, 1);
  GError *failure = NULL;
  Statement *row = database_query (
      database, error,
      "SELECT a.address, a.used, a.quota, coalesce (sum (m.messages), 0), count (m.id)"
      " FROM account a LEFT JOIN mailbox m ON m.account = a.id AND m.deleted IS NULL"
      " WHERE a.id = ?1 GROUP BY a.id",
      "i", account);

  if (!row)
    return NULL;
  if (!statement_next (row, &failure)) {
    if (failure)
      g_propagate_error (error, failure);
    else
      g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no such user");
    return NULL;
  }
  quota->root = g_strdup (statement_text (row, 0));
  quota->storage = statement_int (row, 1);
  quota->storage_limit = statement_int (row, 2);
  quota->messages = statement_int (row, 3);
  quota->mailboxes = statement_int (row, 4);
  statement_done (row);
  quota->messages_limit = setting_number (SETTING_MESSAGES_MAX);
  quota->mailboxes_limit = setting_number (SETTING_MAILBOXES_MAX);
  return g_steal_pointer (&quota);
}

static gboolean
fits (gint64 used, gint64 more, gint64 limit)
{
  return more <= 0 || limit == 0 || (used <= limit && more <= limit - used);
}

gboolean
quota_require (Database *database, gint64 account, gint64 bytes, gint64 messages, gint64 mailboxes,
               GError **error)
{
  g_autoptr (Quota) quota = quota_read (database, account, error);
  const char *problem = NULL;

  if (!quota)
    return FALSE;
  if (!fits (quota->storage, bytes, quota->storage_limit))
    problem = "The mailbox is full";
  else if (!fits (quota->messages, messages, quota->messages_limit))
    problem = "There are too many messages";
  else if (!fits (quota->mailboxes, mailboxes, quota->mailboxes_limit))
    problem = "There are too many mailboxes";
  if (problem)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_QUOTA, problem);
  return !problem;
}
