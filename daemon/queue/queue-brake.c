/* Changes the rows of a braked account, and the brake with them in one commit. */
#include "queue/queue-brake.h"
#include "accounts/brake.h"
#include "archive/history.h"
#include "queue/queue.h"
#include "queue/settlement.h"
#include "settings.h"

#define TRACED_MAX 1000 /* rows of one action */

static void
row_free (gpointer data)
{
  HistoryEvent *row = data;

  g_free ((char *)row->sender);
  g_free ((char *)row->recipient);
  g_free (row);
}

GPtrArray *
queue_brake_rows_new (void)
{
  return g_ptr_array_new_with_free_func (row_free);
}

void
queue_brake_trace (const GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    history_note (rows->pdata[i]);
}

/* The first rows of ACCOUNT that are HELD so, to be traced as KIND. */
static gboolean
find_rows (Database *database, gint64 account, QueueHold held, HistoryKind kind, GPtrArray *rows,
           GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row
      = database_query (database, error,
                        "SELECT message, sender, recipient FROM queue"
                        " WHERE account = ?1 AND held = ?2 AND domain <> '' ORDER BY id LIMIT ?3",
                        "iii", account, (gint64)held, (gint64)TRACED_MAX);

  g_ptr_array_set_size (rows, 0);
  while (row && statement_next (row, &failure)) {
    const HistoryEvent event = { .kind = kind,
                                 .message = statement_int (row, 0),
                                 .sender = g_strdup (statement_text (row, 1)),
                                 .recipient = g_strdup (statement_text (row, 2)) };
    g_ptr_array_add (rows, g_memdup2 (&event, sizeof event));
  }
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (row)
    return TRUE;
  return FALSE;
}

/* What waits for people here stays as it is: it harms nobody elsewhere. */
gboolean
queue_brake (StoreTransaction *transaction, gint64 account, GPtrArray *rows, GError **error)
{
  Database *database = store_transaction_database (transaction);

  return find_rows (database, account, QUEUE_IS_SENT, HISTORY_BRAKED, rows, error)
      && database_run (database, error,
                       "UPDATE queue SET held = 2 WHERE account = ?1 AND held = 0 AND domain <> ''",
                       "i", account);
}

gboolean
queue_count_braked (Database *database, gint64 account, gint64 *count, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (
      database, error, "SELECT count (*) FROM queue WHERE account = ?1 AND held = 2", "i", account);

  if (row == NULL)
    return FALSE;
  *count = statement_next (row, &failure) ? statement_int (row, 0) : 0;
  statement_done (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* A write job, and what it touched. */
typedef struct {
  const char *address;
  BrakeAction action;
  const char *on_their_way; /* schedule_pause's, or "" */
  GPtrArray *domains; /* char *: where mail goes on to */
  GPtrArray *rows; /* HistoryEvent: the first of them, for the trace */
} Act;

static gboolean
find_domains (Database *database, gint64 account, GPtrArray *domains, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (
      database, error, "SELECT DISTINCT domain FROM queue WHERE account = ?1 AND held = 2", "i",
      account);

  g_ptr_array_set_size (domains, 0);
  while (row && statement_next (row, &failure))
    g_ptr_array_add (domains, g_strdup (statement_text (row, 0)));
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (row)
    return TRUE;
  return FALSE;
}

/* Its time begins anew: while it was held nobody tried to deliver it. */
static gboolean
release (StoreTransaction *transaction, const Act *act, gint64 account, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);

  return find_domains (database, account, act->domains, error)
      && find_rows (database, account, QUEUE_HELD_BY_BRAKE, HISTORY_RELEASED, act->rows, error)
      && brake_release (transaction, act->address, error)
      && database_run (database, error,
                       "UPDATE queue SET held = 0, due = max (?2, released),"
                       " expires = max (expires, ?3) WHERE account = ?1 AND held = 2",
                       "iii", account, now, now + setting_number (SETTING_QUEUE_LIFETIME));
}

static gboolean
remove_mail (StoreTransaction *transaction, const Act *act, gint64 account, GError **error)
{
  Database *database = store_transaction_database (transaction);

  return find_rows (database, account, QUEUE_HELD_BY_BRAKE, HISTORY_REMOVED, act->rows, error)
      && database_run (database, error,
                       "DELETE FROM queue WHERE account = ?1 AND held = 2"
                       " AND instr (?2, char (10) || message || ' ' || domain || char (10)) = 0",
                       "it", account, act->on_their_way);
}

static gboolean
write_act (StoreTransaction *transaction, gpointer data, GError **error)
{
  Act *act = data;
  g_autoptr (Braked) braked = NULL;

  if (act->action == BRAKE_LOCK && !brake_lock (transaction, act->address, error))
    return FALSE;
  braked = brake_find (store_transaction_database (transaction), act->address, error);
  if (braked == NULL)
    return FALSE;
  switch (act->action) {
  case BRAKE_RELEASE:
    return release (transaction, act, braked->account, error);
  case BRAKE_LOCK:
    return queue_brake (transaction, braked->account, act->rows, error);
  case BRAKE_REMOVE:
    return remove_mail (transaction, act, braked->account, error);
  case BRAKE_BOUNCE: /* one by one, below */
    break;
  }
  return TRUE;
}

/* What a server is taking at this moment is neither removed nor returned. */
static gboolean
is_change (BrakeAction action)
{
  return action == BRAKE_REMOVE || action == BRAKE_BOUNCE;
}

static char *
begin_change (Schedule *schedule, BrakeAction action)
{
  return schedule && is_change (action) ? schedule_pause (schedule) : g_strdup ("");
}

static void
end_change (Schedule *schedule, BrakeAction action)
{
  if (schedule && is_change (action))
    schedule_resume (schedule);
}

static gboolean
change (Store *store, Schedule *schedule, const char *address, BrakeAction action, GError **error)
{
  g_autoptr (GPtrArray) domains = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) rows = queue_brake_rows_new ();
  g_autofree char *on_their_way = begin_change (schedule, action);
  Act act = { address, action, on_their_way, domains, rows };
  const gboolean done = store_write_sync (store, write_act, &act, error);

  end_change (schedule, action);
  if (!done)
    return FALSE;
  queue_brake_trace (rows);
  for (guint i = 0; i < domains->len && schedule; i++)
    schedule_announce (schedule, domains->pdata[i], TRUE);
  if (schedule && action == BRAKE_LOCK)
    schedule_look_again (schedule);
  return TRUE;
}

/* A read job: the next mail to go back. */
typedef struct {
  const char *address;
  const char *on_their_way;
  QueueMail *mail; /* NULL: there is none */
} Next;

static gboolean
read_next (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Next *next = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (GError) failure = NULL;
  g_autoptr (Braked) braked = brake_find (database, next->address, error);

  g_clear_pointer (&next->mail, queue_mail_free);
  if (braked == NULL)
    return FALSE;
  next->mail = queue_find_braked (database, braked->account, next->on_their_way, &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
bounce (Store *store, Schedule *schedule, const char *hostname, const char *address, GError **error)
{
  g_autofree char *on_their_way = begin_change (schedule, BRAKE_BOUNCE);
  Next next = { address, on_their_way, NULL };
  gboolean done;

  do
    done = store_read_sync (store, read_next, &next, error);
  while (done && next.mail
         && (done = settlement_return_sync (store, hostname, schedule, g_steal_pointer (&next.mail),
                                            "5.7.1", error)));
  end_change (schedule, BRAKE_BOUNCE);
  return done;
}

gboolean
queue_brake_act (Store *store, Schedule *schedule, const char *hostname, const char *address,
                 BrakeAction action, GError **error)
{
  return action == BRAKE_BOUNCE ? bounce (store, schedule, hostname, address, error)
                                : change (store, schedule, address, action, error);
}
