/* The check of numbers: what mailboxes and accounts say of themselves against their entries, and
 * entries whose message is lost. Repairs run as jobs that look again: the store works on. */
#include "store/check-parts.h"

/* Each number of a mailbox beside the one that its entries give. MODSEQ and UIDNEXT may be ahead,
 * never behind. */
#define COUNTED                                                                                    \
  "SELECT m.id, coalesce (a.address, '?'), coalesce (m.name, '(deleted)'),"                        \
  " m.messages, count (e.uid) FILTER (WHERE e.expunged = 0),"                                      \
  " m.unseen, count (e.uid) FILTER (WHERE e.expunged = 0 AND e.flags & 8 = 0),"                    \
  " m.size, coalesce (sum (e.size) FILTER (WHERE e.expunged = 0), 0),"                             \
  " m.marked, count (e.uid) FILTER (WHERE e.expunged = 0 AND e.flags & 4),"                        \
  " m.marked_size, coalesce (sum (e.size) FILTER (WHERE e.expunged = 0 AND e.flags & 4), 0),"      \
  " m.uid_next, max (m.uid_next, coalesce (max (e.uid), 0) + 1),"                                  \
  " m.modseq, max (m.modseq, coalesce (max (e.modseq), 0))"                                        \
  " FROM mailbox m LEFT JOIN entry e ON e.mailbox = m.id LEFT JOIN account a ON a.id = m.account"  \
  " WHERE m.id = ?1 AND m.deleted IS NULL GROUP BY m.id"

static const struct {
  const char *name;
  const char *repair; /* ?1: mailbox, ?2: the right number */
} numbers[] = {
  { "messages", "UPDATE mailbox SET messages = ?2 WHERE id = ?1" },
  { "unseen messages", "UPDATE mailbox SET unseen = ?2 WHERE id = ?1" },
  { "bytes", "UPDATE mailbox SET size = ?2 WHERE id = ?1" },
  { "messages marked for deletion", "UPDATE mailbox SET marked = ?2 WHERE id = ?1" },
  { "bytes marked for deletion", "UPDATE mailbox SET marked_size = ?2 WHERE id = ?1" },
  { "UIDNEXT", "UPDATE mailbox SET uid_next = ?2 WHERE id = ?1" },
  { "HIGHESTMODSEQ", "UPDATE mailbox SET modseq = ?2 WHERE id = ?1" },
};
#define NUMBERS G_N_ELEMENTS (numbers)
#define FIRST_NUMBER 3 /* column: what is said; the next one: what is right */

typedef struct {
  Check *check;
  gint64 id;
  GArray *ids; /* gint64 */
  gboolean wrong;
  gint64 right[NUMBERS];
} Look;

static gboolean
list_ids (Database *database, const char *sql, GArray *ids, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (database, &failure, sql, "");

  while (row && statement_next (row, &failure)) {
    gint64 id = statement_int (row, 0);
    g_array_append_val (ids, id);
  }
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* NULL without ERROR: the mailbox has gone meanwhile. */
static Statement *
count_mailbox (Database *database, gint64 id, GError **error)
{
  Statement *row = database_query (database, error, COUNTED, "i", id);

  return row && statement_next (row, error) ? row : NULL;
}

static void
compare_numbers (Look *look, Statement *row, gboolean tell)
{
  look->wrong = FALSE;
  for (guint i = 0; i < NUMBERS; i++) {
    gint64 said = statement_int (row, FIRST_NUMBER + 2 * (int)i);

    look->right[i] = statement_int (row, FIRST_NUMBER + 1 + 2 * (int)i);
    if (said == look->right[i])
      continue;
    look->wrong = TRUE;
    if (tell)
      check_report_add (look->check->report,
                        "Mailbox %s of %s: %s is %" G_GINT64_FORMAT ", should be %" G_GINT64_FORMAT,
                        statement_text (row, 2), statement_text (row, 1), numbers[i].name, said,
                        look->right[i]);
  }
}

static gboolean
compare_mailbox (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Look *look = data;
  g_autoptr (GError) failure = NULL;
  Statement *row = count_mailbox (store_snapshot_database (snapshot), look->id, &failure);

  look->wrong = FALSE;
  if (row) {
    compare_numbers (look, row, TRUE);
    statement_done (row);
  }
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Counted anew: mail may have come since. */
static gboolean
repair_mailbox (StoreTransaction *transaction, gpointer data, GError **error)
{
  Look *look = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (GError) failure = NULL;
  Statement *row = count_mailbox (database, look->id, &failure);

  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (!row)
    return TRUE;
  compare_numbers (look, row, FALSE);
  statement_done (row);
  for (guint i = 0; i < NUMBERS; i++)
    if (!database_run (database, error, numbers[i].repair, "ii", look->id, look->right[i]))
      return FALSE;
  store_transaction_touch (transaction, look->id);
  return TRUE;
}

static gboolean
list_mailboxes (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Look *look = data;

  return list_ids (store_snapshot_database (snapshot),
                   "SELECT id FROM mailbox WHERE deleted IS NULL", look->ids, error);
}

static gboolean
list_accounts (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Look *look = data;

  return list_ids (store_snapshot_database (snapshot), "SELECT id FROM account", look->ids, error);
}

static gboolean
each_id (Check *check, StoreReadFunc list, StoreReadFunc compare, StoreWriteFunc repair,
         GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  Look look = { .check = check, .ids = ids };

  if (!store_read_sync (check->store, list, &look, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++) {
    guint64 before = check->report->problems;

    look.id = g_array_index (ids, gint64, i);
    if (!store_read_sync (check->store, compare, &look, error))
      return FALSE;
    if (!look.wrong || !check->repair)
      continue;
    if (!store_write_sync (check->store, repair, &look, error))
      return FALSE;
    check->report->repaired += check->report->problems - before;
  }
  return TRUE;
}

static gboolean
count_entries (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Check *check = data;
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT coalesce (sum (messages), 0) FROM mailbox", "");

  if (!row || !statement_next (row, error))
    return FALSE;
  check->report->entries = (guint64)statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

gboolean
check_mailboxes (Check *check, GError **error)
{
  return store_read_sync (check->store, count_entries, check, error)
      && each_id (check, list_mailboxes, compare_mailbox, repair_mailbox, error);
}

#define USED                                                                                       \
  "(SELECT coalesce (sum (size), 0) FROM mailbox WHERE account = account.id AND deleted IS NULL)"

static gboolean
compare_account (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Look *look = data;
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (store_snapshot_database (snapshot), &failure,
                                   "SELECT address, used, " USED " FROM account"
                                   " WHERE id = ?1 AND used <> " USED,
                                   "i", look->id);

  look->wrong = row && statement_next (row, &failure);
  if (look->wrong) {
    check_report_add (look->check->report,
                      "Account %s uses %" G_GINT64_FORMAT " bytes and says %" G_GINT64_FORMAT,
                      statement_text (row, 0), statement_int (row, 2), statement_int (row, 1));
    statement_done (row);
  }
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
repair_account (StoreTransaction *transaction, gpointer data, GError **error)
{
  Look *look = data;

  return database_run (store_transaction_database (transaction), error,
                       "UPDATE account SET used = " USED " WHERE id = ?1", "i", look->id);
}

gboolean
check_accounts (Check *check, GError **error)
{
  return each_id (check, list_accounts, compare_account, repair_account, error);
}
