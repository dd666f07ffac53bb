/* The queue's rows in the store. */
#include "queue/queue.h"
#include "settings.h"
#include <string.h>

#define BACKOFF_MAX (4 * 3600)
#define RECIPIENTS_AT_ONCE 100 /* every server takes so many (RFC 5321 §4.5.3.1.8) */

char *
queue_domain (const char *address)
{
  const char *at = strrchr (address, '@');
  g_autofree char *ascii = at && at[1] ? g_hostname_to_ascii (at + 1) : NULL;

  return ascii ? g_ascii_strdown (ascii, -1) : NULL;
}

gboolean
queue_add (StoreTransaction *transaction, const QueueRow *row, GError **error)
{
  const gint64 now = store_transaction_now (transaction);
  g_autofree char *domain = queue_domain (row->recipient);

  if (domain == NULL) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, "<%s> leads nowhere", row->recipient);
    return FALSE;
  }
  return database_run (store_transaction_database (transaction), error,
                       "INSERT INTO queue (message, account, sender, recipient, envid, orcpt,"
                       " notify, ret, created, due, expires, domain, content)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12)",
                       "iittttttiiti", row->message, row->account, row->sender, row->recipient,
                       row->envid, row->orcpt, row->notify, row->ret, now,
                       now + setting_number (SETTING_QUEUE_LIFETIME), domain, (gint64)row->content);
}

static gboolean
is_busy (gint64 message, const gint64 *busy, guint count)
{
  for (guint i = 0; i < count; i++)
    if (busy[i] == message)
      return TRUE;
  return FALSE;
}

#define COLUMNS                                                                                    \
  "SELECT id, message, account, sender, recipient, envid, orcpt, notify, ret, created, expires,"   \
  " attempts, content, noticed, (SELECT size FROM message WHERE id = queue.message)"               \
  " FROM queue WHERE "
#define OF_DOMAIN COLUMNS "domain = ?1 AND held = 0"

static QueueMail *
mail_of (Statement *row)
{
  QueueMail *mail = queue_mail_new ();
  const gint64 content = statement_int (row, 12);

  mail->message = statement_int (row, 1);
  mail->account = statement_int (row, 2);
  mail->sender = g_strdup (statement_text (row, 3));
  mail->envid = g_strdup (statement_text (row, 5));
  mail->ret = g_strdup (statement_text (row, 8));
  mail->eight_bit = (content & QUEUE_EIGHT_BIT) != 0;
  mail->utf8 = (content & QUEUE_UTF8) != 0;
  mail->size = (guint64)statement_int (row, 14);
  return mail;
}

static void
add_recipient (QueueMail *mail, Statement *row)
{
  QueueRecipient *recipient
      = queue_mail_add (mail, statement_int (row, 0), statement_text (row, 4));

  recipient->orcpt = g_strdup (statement_text (row, 6));
  recipient->notify = g_strdup (statement_text (row, 7));
  recipient->created = statement_int (row, 9);
  recipient->expires = statement_int (row, 10);
  recipient->attempts = (guint)statement_int (row, 11);
  recipient->noticed = statement_int (row, 13) != 0;
}

/* Whether ROW goes with MAIL, for whom so far only the first row counted. */
static gboolean
belongs (const QueueMail *mail, Statement *row)
{
  return mail->message == statement_int (row, 1) && mail->account == statement_int (row, 2)
      && strcmp (mail->sender, statement_text (row, 3)) == 0;
}

/* The first mail of ROWS that is not busy, with all its recipients that follow. */
static QueueMail *
collect (Statement *rows, const gint64 *busy, guint busy_count, gboolean *more, GError **error)
{
  g_autoptr (QueueMail) mail = NULL;
  g_autoptr (GError) failure = NULL;

  while (statement_next (rows, &failure)) {
    if (is_busy (statement_int (rows, 1), busy, busy_count))
      continue;
    if (mail == NULL)
      mail = mail_of (rows);
    if (!belongs (mail, rows) || mail->recipients->len == RECIPIENTS_AT_ONCE) {
      *more = TRUE;
      statement_done (rows);
      break;
    }
    add_recipient (mail, rows);
  }
  if (failure == NULL)
    return g_steal_pointer (&mail);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* Senders take turns: first those behind the last one, then from the beginning. */
QueueMail *
queue_next (Database *database, const char *domain, gint64 now, gint64 after_account,
            const gint64 *busy, guint busy_count, gboolean *more, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *rows = database_query (
      database, error, OF_DOMAIN " AND due <= ?2 AND account > ?3 ORDER BY account, id", "tii",
      domain, now, after_account);
  QueueMail *mail = rows ? collect (rows, busy, busy_count, more, &failure) : NULL;

  if (rows && mail == NULL && failure == NULL) {
    rows = database_query (database, error,
                           OF_DOMAIN " AND due <= ?2 AND account <= ?3 ORDER BY account, id", "tii",
                           domain, now, after_account);
    mail = rows ? collect (rows, busy, busy_count, more, &failure) : NULL;
  }
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return mail;
}

QueueMail *
queue_find (Database *database, gint64 id, GError **error)
{
  gboolean more = FALSE;
  Statement *row = database_query (database, error, COLUMNS "id = ?1", "i", id);

  return row ? collect (row, NULL, 0, &more, error) : NULL;
}

gboolean
queue_due (Database *database, const char *domain, gint64 *due, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (
      database, error, "SELECT coalesce (min (due), 0) FROM queue WHERE domain = ?1 AND held = 0",
      "t", domain);

  if (row == NULL)
    return FALSE;
  *due = statement_next (row, &failure) ? statement_int (row, 0) : 0;
  statement_done (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
queue_each_destination (Database *database, QueueDestinationFunc func, gpointer data,
                        GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (
      database, error, "SELECT domain, min (due) FROM queue WHERE held = 0 GROUP BY domain", "");

  while (row && statement_next (row, &failure))
    func (statement_text (row, 0), statement_int (row, 1), data);
  if (row && failure == NULL)
    return TRUE;
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gint64
queue_backoff (guint attempts)
{
  const gint64 first = setting_number (SETTING_QUEUE_RETRY);
  const gint64 plain = MIN (first << MIN (attempts, 10), MAX (first, BACKOFF_MAX));

  return plain + g_random_int_range (0, (gint32)(plain / 4) + 1);
}

static gboolean
settle_one (Database *database, const QueueRecipient *recipient, gint64 now, GError **error)
{
  if (recipient->outcome != QUEUE_DEFERRED)
    return database_run (database, error, "DELETE FROM queue WHERE id = ?1", "i", recipient->row);
  return database_run (database, error,
                       "UPDATE queue SET attempts = attempts + 1, due = ?2, last_reply = ?3,"
                       " noticed = ?4 WHERE id = ?1",
                       "iiti", recipient->row, now + queue_backoff (recipient->attempts),
                       recipient->reply, (gint64)recipient->noticed);
}

gboolean
queue_settle (StoreTransaction *transaction, const QueueMail *mail, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);

  for (guint i = 0; i < mail->recipients->len; i++)
    if (!settle_one (database, mail->recipients->pdata[i], now, error))
      return FALSE;
  return TRUE;
}
