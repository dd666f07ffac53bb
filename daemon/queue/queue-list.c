/* Lists rows and changes them by hand. */
#include "queue/queue-list.h"
#include "archive/history.h"
#include "language.h"
#include "queue/queue.h"
#include "queue/settlement.h"

#define TRACED_MAX 1000 /* rows of one action */

gboolean
queue_list (Database *database, gint64 id, guint limit, QueueItemFunc func, gpointer data,
            GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (
      database, error,
      "SELECT q.id, sender, recipient, domain, m.size, created, due, expires, attempts, held,"
      " last_reply, released, account FROM queue q LEFT JOIN message m ON m.id = q.message"
      " WHERE ?1 = 0 OR q.id = ?1 ORDER BY q.id LIMIT ?2",
      "ii", id, (gint64)limit);

  if (row == NULL)
    return FALSE;
  while (statement_next (row, &failure)) {
    g_autofree char *domain = NULL;
    const QueueTls tls = queue_destination_read (statement_text (row, 3), &domain);
    const QueueItem item = { statement_int (row, 0),
                             statement_text (row, 1),
                             statement_text (row, 2),
                             domain,
                             tls,
                             statement_int (row, 4),
                             statement_int (row, 5),
                             statement_int (row, 6),
                             statement_int (row, 7),
                             (guint)statement_int (row, 8),
                             statement_int (row, 9),
                             statement_text (row, 10),
                             statement_int (row, 11),
                             statement_int (row, 12) };
    func (&item, data);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* A write job and the destinations that it woke. */
typedef struct {
  gint64 id;
  QueueAction action;
  const char *on_their_way; /* schedule_pause's, or "" */
  GPtrArray *domains; /* char * */
  GPtrArray *rows; /* HistoryEvent: the first of them, for the trace */
} Act;

static const HistoryKind history_kinds[] = { [QUEUE_RETRY] = HISTORY_RETRIED,
                                             [QUEUE_HOLD] = HISTORY_HELD,
                                             [QUEUE_RELEASE] = HISTORY_RELEASED,
                                             [QUEUE_REMOVE] = HISTORY_REMOVED };

/* ?1: the row, or 0 for all. ?3: what is on its way is left alone. */
#define CHOSEN                                                                                     \
  " WHERE (?1 = 0 OR id = ?1)"                                                                     \
  " AND instr (?3, char (10) || message || ' ' || domain || char (10)) = 0"

/* To add an action, add a line here. ?2: now. A retry of what may go changes when it is due,
 * always, so that an attempt that is under way sees it (queue_settle). */
static const struct {
  const char *statement;
  gboolean is_change; /* of a mail that must not be on its way then */
} actions[] = {
  [QUEUE_RETRY] = { "UPDATE queue SET due = CASE WHEN released > ?2 THEN released"
                    " ELSE min (due, ?2) - 1 END" CHOSEN,
                    FALSE },
  [QUEUE_HOLD] = { "UPDATE queue SET held = max (held, 1)" CHOSEN " AND ?2 > 0", TRUE },
  /* What the brake holds is released mail by mail, or with its user (queue-brake.h). */
  [QUEUE_RELEASE] = { "UPDATE queue SET held = CASE WHEN ?1 = 0 AND held = 2 THEN 2 ELSE 0 END,"
                      " due = max (?2, released)" CHOSEN,
                      FALSE },
  [QUEUE_REMOVE] = { "DELETE FROM queue" CHOSEN " AND ?2 > 0", TRUE },
};

static gboolean
find_domains (Database *database, Act *act, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (
      database, error, "SELECT DISTINCT domain FROM queue WHERE ?1 = 0 OR id = ?1", "i", act->id);

  g_ptr_array_set_size (act->domains, 0);
  while (row && statement_next (row, &failure))
    g_ptr_array_add (act->domains, g_strdup (statement_text (row, 0)));
  if (row && failure == NULL)
    return TRUE;
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
row_free (gpointer data)
{
  HistoryEvent *row = data;

  g_free ((char *)row->sender);
  g_free ((char *)row->recipient);
  g_free (row);
}

static gboolean
find_rows (Database *database, Act *act, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (database, error,
                                   "SELECT message, sender, recipient FROM queue" CHOSEN
                                   " ORDER BY id LIMIT ?2",
                                   "iit", act->id, (gint64)TRACED_MAX, act->on_their_way);

  g_ptr_array_set_size (act->rows, 0);
  while (row && statement_next (row, &failure)) {
    const HistoryEvent event = { .kind = history_kinds[act->action],
                                 .message = statement_int (row, 0),
                                 .sender = g_strdup (statement_text (row, 1)),
                                 .recipient = g_strdup (statement_text (row, 2)) };
    g_ptr_array_add (act->rows, g_memdup2 (&event, sizeof event));
  }
  if (row && failure == NULL)
    return TRUE;
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Why a row was not changed. */
static gboolean
refuse (gboolean is_there, GError **error)
{
  if (is_there)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 _ ("This mail is being sent at this moment. Look again in a minute."));
  else
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                 _ ("There is no such mail in the queue."));
  return FALSE;
}

static gboolean
write_act (StoreTransaction *transaction, gpointer data, GError **error)
{
  Act *act = data;
  Database *database = store_transaction_database (transaction);

  if (!find_domains (database, act, error) || !find_rows (database, act, error)
      || !database_run (database, error, actions[act->action].statement, "iit", act->id,
                        store_transaction_now (transaction), act->on_their_way))
    return FALSE;
  return act->id == 0 || database_changes (database) > 0 || refuse (act->domains->len > 0, error);
}

/* SCHEDULE may be NULL: nothing is sent then. */
static char *
begin_change (Schedule *schedule)
{
  return schedule ? schedule_pause (schedule) : g_strdup ("");
}

static void
end_change (Schedule *schedule)
{
  if (schedule)
    schedule_resume (schedule);
}

gboolean
queue_act (Store *store, Schedule *schedule, gint64 id, QueueAction action, GError **error)
{
  g_autoptr (GPtrArray) domains = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  g_autofree char *on_their_way = begin_change (schedule);
  Act act = { id, action, actions[action].is_change ? on_their_way : "", domains, rows };
  const gboolean done = store_write_sync (store, write_act, &act, error);

  for (guint i = 0; done && i < rows->len; i++)
    history_note (rows->pdata[i]);
  /* Before it goes on: an attempt that fails meanwhile must not count as the one that is asked for.
   */
  for (guint i = 0; done && schedule && i < domains->len && !actions[action].is_change; i++)
    schedule_announce (schedule, domains->pdata[i], TRUE);
  end_change (schedule);
  return done;
}

/* A read job. */
typedef struct {
  gint64 id;
  const char *on_their_way;
  QueueMail *mail;
} Find;

static gboolean
is_on_its_way (Database *database, const Find *find)
{
  Statement *row = database_query (database, NULL, "SELECT 1 FROM queue" CHOSEN, "iit", find->id,
                                   (gint64)0, find->on_their_way);
  const gboolean is_free = row && statement_next (row, NULL);

  if (is_free)
    statement_done (row);
  return !is_free;
}

static gboolean
read_one (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Find *find = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (GError) failure = NULL;

  g_clear_pointer (&find->mail, queue_mail_free);
  find->mail = queue_find (database, find->id, &failure);
  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return (find->mail && !is_on_its_way (database, find)) || refuse (find->mail != NULL, error);
}

gboolean
queue_bounce (Store *store, Schedule *schedule, const char *hostname, gint64 id, GError **error)
{
  g_autofree char *on_their_way = begin_change (schedule);
  Find find = { id, on_their_way, NULL };
  gboolean done = store_read_sync (store, read_one, &find, error);

  done = done
      && settlement_return_sync (store, hostname, schedule, g_steal_pointer (&find.mail), "5.0.0",
                                 error);
  g_clear_pointer (&find.mail, queue_mail_free);
  end_change (schedule);
  return done;
}
