/* Finds mails in the history. */
#include "archive/history-parts.h"

#define COLUMNS                                                                                    \
  "id, time, kind, message, size, message_id, sender, recipient, user, address, host, reply"

static const char *const names[HISTORY_KIND_COUNT] = {
  [HISTORY_TAKEN] = "taken",         [HISTORY_DELIVERED] = "delivered",
  [HISTORY_JUNKED] = "junked",       [HISTORY_QUEUED] = "queued",
  [HISTORY_SENT] = "sent",           [HISTORY_DELAYED] = "delayed",
  [HISTORY_FAILED] = "failed",       [HISTORY_TOLD] = "told",
  [HISTORY_REFUSED] = "refused",     [HISTORY_HELD] = "held",
  [HISTORY_RELEASED] = "released",   [HISTORY_RETRIED] = "retried",
  [HISTORY_REMOVED] = "removed",     [HISTORY_BRAKED] = "braked",
  [HISTORY_SCHEDULED] = "scheduled",
  [HISTORY_QUEUED_TLS] = "queued-tls",
};

const char *
history_kind_name (HistoryKind kind)
{
  return (guint)kind < HISTORY_KIND_COUNT ? names[kind] : "unknown";
}

/* A mail is its message's id, or the negative id of the one line that a refused one has. Each index
 * is asked for its newest lines alone. */
static const char find_about[]
    = "WITH found (mail, id) AS ("
      " SELECT * FROM (SELECT CASE message WHEN 0 THEN -id ELSE message END, id FROM line"
      "  WHERE message_id = ?1 ORDER BY id DESC LIMIT 10 * ?2)"
      " UNION SELECT * FROM (SELECT CASE message WHEN 0 THEN -id ELSE message END, id FROM line"
      "  WHERE sender = ?1 ORDER BY id DESC LIMIT 10 * ?2)"
      " UNION SELECT * FROM (SELECT CASE message WHEN 0 THEN -id ELSE message END, id FROM line"
      "  WHERE recipient = ?1 ORDER BY id DESC LIMIT 10 * ?2))"
      " SELECT mail, max(id) AS last FROM found GROUP BY mail ORDER BY last DESC LIMIT ?2";
static const char find_any[]
    = "SELECT CASE message WHEN 0 THEN -id ELSE message END AS mail, max(id) AS last"
      " FROM (SELECT id, message FROM line ORDER BY id DESC LIMIT 10 * ?2)"
      " WHERE ?1 IS NULL GROUP BY mail ORDER BY last DESC LIMIT ?2";

static GArray *
find_mails (Database *database, const char *about, guint limit, GError **error)
{
  g_autoptr (GArray) mails = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) failure = NULL;
  Statement *row = about ? database_query (database, error, find_about, "ti", about, (gint64)limit)
                         : database_query (database, error, find_any, "ti", NULL, (gint64)limit);

  if (row == NULL)
    return NULL;
  while (statement_next (row, &failure)) {
    const gint64 mail = statement_int (row, 0);
    g_array_append_val (mails, mail);
  }
  if (failure == NULL)
    return g_steal_pointer (&mails);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static HistoryLine
read_line (Statement *row)
{
  return (HistoryLine) { .time = statement_int (row, 1),
                         .event = { .kind = (HistoryKind)statement_int (row, 2),
                                    .message = statement_int (row, 3),
                                    .size = (guint64)statement_int (row, 4),
                                    .message_id = statement_text (row, 5),
                                    .sender = statement_text (row, 6),
                                    .recipient = statement_text (row, 7),
                                    .user = statement_text (row, 8),
                                    .address = statement_text (row, 9),
                                    .host = statement_text (row, 10),
                                    .reply = statement_text (row, 11) } };
}

static gboolean
read_mail (Database *database, gint64 mail, HistoryLineFunc func, gpointer data, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = mail > 0
      ? database_query (database, error,
                        "SELECT " COLUMNS " FROM line WHERE message = ?1 AND message != 0"
                        " ORDER BY id",
                        "i", mail)
      : database_query (database, error, "SELECT " COLUMNS " FROM line WHERE id = ?1", "i", -mail);

  if (row == NULL)
    return FALSE;
  while (statement_next (row, &failure)) {
    const HistoryLine line = read_line (row);
    func (mail, &line, data);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
history_read (const char *folder, const char *about, guint limit, HistoryLineFunc func,
              gpointer data, GError **error)
{
  g_autoptr (Database) database = history_open (folder, error);
  g_autoptr (GArray) mails = database ? find_mails (database, about, limit, error) : NULL;

  for (guint i = 0; mails && i < mails->len; i++)
    if (!read_mail (database, g_array_index (mails, gint64, i), func, data, error))
      return FALSE;
  return mails != NULL;
}
