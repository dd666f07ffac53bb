/* The queue's rows in the store. */
#include "queue/queue.h"
#include "settings.h"
#include <string.h>

#define BACKOFF_MAX (4 * 3600)
#define RECIPIENTS_AT_ONCE 100 /* every server takes so many (RFC 5321 §4.5.3.1.8) */

static const char *const ways[] = { [QUEUE_TLS_AS_PUBLISHED] = "",
                                    [QUEUE_TLS_REQUIRED] = "/required",
                                    [QUEUE_TLS_PREFERRED] = "/preferred",
                                    [QUEUE_TLS_OPTIONAL] = "/optional" };

static QueueTls
tls_of (const char *sender, guint content)
{
  if (content & QUEUE_REQUIRE_TLS)
    return *sender ? QUEUE_TLS_REQUIRED : QUEUE_TLS_PREFERRED;
  return content & QUEUE_WAIVE_TLS ? QUEUE_TLS_OPTIONAL : QUEUE_TLS_AS_PUBLISHED;
}

char *
queue_destination (const char *recipient, const char *sender, guint content)
{
  const char *at = strrchr (recipient, '@');
  g_autofree char *ascii = at && at[1] ? g_hostname_to_ascii (at + 1) : NULL;
  g_autofree char *domain = ascii ? g_ascii_strdown (ascii, -1) : NULL;

  if (domain == NULL || strchr (domain, '/'))
    return NULL;
  return g_strconcat (domain, ways[tls_of (sender, content)], NULL);
}

QueueTls
queue_destination_read (const char *destination, char **domain)
{
  const gsize length = strcspn (destination, "/");

  *domain = g_strndup (destination, length);
  for (guint i = 1; i < G_N_ELEMENTS (ways); i++)
    if (strcmp (destination + length, ways[i]) == 0)
      return (QueueTls)i;
  return QUEUE_TLS_AS_PUBLISHED;
}

gboolean
queue_add (StoreTransaction *transaction, const QueueRow *row, GError **error)
{
  const gint64 now = store_transaction_now (transaction);
  const gint64 due = MAX (now, row->released);
  g_autofree char *destination = row->is_local
      ? g_strdup (QUEUE_HERE)
      : queue_destination (row->recipient, row->sender, row->content);

  if (destination == NULL) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, "<%s> leads nowhere", row->recipient);
    return FALSE;
  }
  return database_run (store_transaction_database (transaction), error,
                       "INSERT INTO queue (message, account, sender, recipient, envid, orcpt,"
                       " notify, ret, created, due, expires, domain, content, held, released,"
                       " future) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
                       " ?14, ?15, ?16)",
                       "iittttttiiitiiit", row->message, row->account, row->sender, row->recipient,
                       row->envid, row->orcpt, row->notify, row->ret, now, due,
                       due + setting_number (SETTING_QUEUE_LIFETIME), destination,
                       (gint64)row->content, (gint64)row->hold, row->released, row->future);
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
  " attempts, content, noticed, (SELECT size FROM message WHERE id = queue.message), last_reply,"  \
  " released, future, domain = '', due"                                                            \
  " FROM queue WHERE "
#define OF_DESTINATION COLUMNS "domain = ?1 AND held = 0"

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
  mail->requires_tls = (content & QUEUE_REQUIRE_TLS) != 0;
  mail->size = (guint64)statement_int (row, 14);
  mail->future = g_strdup (statement_text (row, 17));
  mail->is_local = statement_int (row, 18) != 0;
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
  recipient->last_reply = g_strdup (statement_text (row, 15));
  recipient->released = statement_int (row, 16);
  recipient->due = statement_int (row, 19);
}

/* Whether ROW goes with MAIL, for whom so far only the first row counted. */
static gboolean
belongs (const QueueMail *mail, Statement *row)
{
  return mail->message == statement_int (row, 1) && mail->account == statement_int (row, 2)
      && strcmp (mail->sender, statement_text (row, 3)) == 0;
}

/* What is collected from rows in the order of account and id. */
typedef struct {
  const gint64 *busy;
  guint busy_count;
  guint most;
  GPtrArray *mails; /* QueueMail */
  guint first; /* of them, that came from here */
  gboolean more;
} Collection;

/* Whether ROW belongs to a message that is being sent, or whose mail here is full. */
static gboolean
must_wait (Collection *self, Statement *row)
{
  const gint64 message = statement_int (row, 1);
  const QueueMail *last
      = self->mails->len > self->first ? self->mails->pdata[self->mails->len - 1] : NULL;

  if (is_busy (message, self->busy, self->busy_count))
    return TRUE;
  return last && last->message == message
      && (!belongs (last, row) || last->recipients->len == RECIPIENTS_AT_ONCE);
}

/* FALSE: it belongs to a mail that is one too many. */
static gboolean
take_row (Collection *self, Statement *row)
{
  const guint count = self->mails->len - self->first;
  QueueMail *last = count > 0 ? self->mails->pdata[self->mails->len - 1] : NULL;

  if (last == NULL || last->message != statement_int (row, 1)) {
    if (count == self->most || (last && last->account != statement_int (row, 2)))
      return FALSE;
    last = mail_of (row);
    g_ptr_array_add (self->mails, last);
  }
  add_recipient (last, row);
  return TRUE;
}

/* The first mails of ROWS that are not busy, all of one account, with all their recipients. */
static gboolean
collect (Statement *rows, Collection *self, GError **error)
{
  g_autoptr (GError) failure = NULL;

  self->first = self->mails->len;
  while (statement_next (rows, &failure)) {
    if (must_wait (self, rows)) {
      self->more |= self->mails->len > self->first;
      continue;
    }
    if (!take_row (self, rows)) {
      self->more = TRUE;
      statement_done (rows);
      break;
    }
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Senders take turns: first those behind the last one, then from the beginning. */
gboolean
queue_next (Database *database, const char *destination, QueueWhich which, gint64 now,
            gint64 after_account, const gint64 *busy, guint busy_count, guint most,
            GPtrArray *mails, gboolean *more, GError **error)
{
  static const char *const halves[][2]
      = { [QUEUE_DUE] = { OF_DESTINATION " AND due <= ?2 AND account > ?3 ORDER BY account, id",
                          OF_DESTINATION " AND due <= ?2 AND account <= ?3 ORDER BY account, id" },
          [QUEUE_EXPIRED]
          = { OF_DESTINATION " AND expires <= ?2 AND account > ?3 ORDER BY account, id",
              OF_DESTINATION " AND expires <= ?2 AND account <= ?3 ORDER BY account, id" } };
  Collection collection = { .busy = busy, .busy_count = busy_count, .most = most, .mails = mails };
  const guint before = mails->len;

  for (guint i = 0; i < 2 && mails->len == before; i++) {
    Statement *rows = database_query (database, error, halves[which][i], "tii", destination, now,
                                      after_account);
    if (rows == NULL || !collect (rows, &collection, error))
      return FALSE;
  }
  *more = collection.more;
  return TRUE;
}

QueueMail *
queue_find (Database *database, gint64 id, GError **error)
{
  g_autoptr (GPtrArray) mails = g_ptr_array_new_with_free_func ((GDestroyNotify)queue_mail_free);
  Collection collection = { .most = 1, .mails = mails };
  Statement *row = database_query (database, error, COLUMNS "id = ?1", "i", id);

  if (row == NULL || !collect (row, &collection, error) || mails->len == 0)
    return NULL;
  return g_ptr_array_steal_index (mails, 0);
}

QueueMail *
queue_find_braked (Database *database, gint64 account, const char *on_their_way, GError **error)
{
  g_autoptr (GPtrArray) mails = g_ptr_array_new_with_free_func ((GDestroyNotify)queue_mail_free);
  Collection collection = { .most = 1, .mails = mails };
  Statement *rows = database_query (
      database, error,
      COLUMNS "account = ?1 AND held = 2"
              " AND instr (?2, char (10) || message || ' ' || domain || char (10)) = 0"
              " ORDER BY message, id",
      "it", account, on_their_way);

  if (rows == NULL || !collect (rows, &collection, error) || mails->len == 0)
    return NULL;
  return g_ptr_array_steal_index (mails, 0);
}

/* Of a number, or 0 when there is none. */
static gboolean
read_number (Database *database, const char *query, const char *destination, gint64 *number,
             GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (database, error, query, "t", destination);

  if (row == NULL)
    return FALSE;
  *number = 0;
  if (statement_next (row, &failure)) {
    *number = statement_int (row, 0);
    statement_done (row);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
queue_due (Database *database, const char *destination, gint64 *due, GError **error)
{
  return read_number (database, "SELECT min (due) FROM queue WHERE domain = ?1 AND held = 0",
                      destination, due, error);
}

gboolean
queue_end (Database *database, const char *destination, gint64 *end, GError **error)
{
  return read_number (database, "SELECT min (expires) FROM queue WHERE domain = ?1 AND held = 0",
                      destination, end, error);
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

gboolean
queue_remove (Database *database, gint64 row, GError **error)
{
  return database_run (database, error, "DELETE FROM queue WHERE id = ?1", "i", row);
}

/* Who asked for another attempt during this one gets it: then DUE is not what it was. */
static gboolean
settle_one (Database *database, const QueueRecipient *recipient, gint64 now, GError **error)
{
  const gint64 due = MIN (now + queue_backoff (recipient->attempts),
                          MAX (recipient->expires, now + 1) /* its last chance, on time */);

  if (recipient->outcome != QUEUE_DEFERRED)
    return queue_remove (database, recipient->row, error);
  return database_run (database, error,
                       "UPDATE queue SET attempts = attempts + 1,"
                       " due = CASE WHEN due = ?5 THEN ?2 ELSE due END, last_reply = ?3,"
                       " noticed = ?4 WHERE id = ?1",
                       "iitii", recipient->row, due, recipient->reply, (gint64)recipient->noticed,
                       recipient->due);
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
