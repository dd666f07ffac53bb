/* The audit log's rows, and the differences that they hold. */
#include "admin/audit.h"

gboolean
audit_write (StoreTransaction *transaction, const AuditEntry *entry, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "INSERT INTO audit (time, user, way, address, method, path, changes)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                       "itttttt", store_transaction_now (transaction), entry->user, entry->way,
                       entry->address, entry->method, entry->path, entry->changes);
}

gboolean
audit_update (StoreTransaction *transaction, gint64 id, const char *changes, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE audit SET changes = ?2 WHERE id = ?1", "it", id, changes);
}

gboolean
audit_remove (StoreTransaction *transaction, gint64 id, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "DELETE FROM audit WHERE id = ?1", "i", id);
}

gboolean
audit_read (Database *database, const AuditQuery *query, AuditFunc func, gpointer data,
            GError **error)
{
  GError *problem = NULL;
  Statement *row
      = database_query (database, error,
                        "SELECT id, time, user, way, address, method, path, changes FROM audit"
                        " WHERE (?1 = 0 OR id < ?1) AND (?2 IS NULL OR user = ?2)"
                        " AND (?3 IS NULL OR instr (lower (path), lower (?3))) AND time >= ?4"
                        " AND (?5 = 0 OR time < ?5) ORDER BY id DESC LIMIT ?6",
                        "ittiii", query->before, query->user, query->about, query->since,
                        query->until, (gint64)query->limit);

  if (row == NULL)
    return FALSE;
  while (statement_next (row, &problem)) {
    const AuditEntry entry
        = { statement_int (row, 0),  statement_int (row, 1),  statement_text (row, 2),
            statement_text (row, 3), statement_text (row, 4), statement_text (row, 5),
            statement_text (row, 6), statement_text (row, 7) };
    func (&entry, data);
  }
  if (problem)
    g_propagate_error (error, problem);
  return problem == NULL;
}

gboolean
audit_tidy (StoreTransaction *transaction, gint64 seconds, GError **error)
{
  return seconds == 0
      || database_run (store_transaction_database (transaction), error,
                       "DELETE FROM audit WHERE time < ?1", "i",
                       store_transaction_now (transaction) - seconds);
}

static void
add (json_t *changes, const char *field, json_t *before, json_t *after)
{
  if (*field != '_' && !(before && after && json_equal (before, after)))
    json_array_append_new (changes,
                           json_pack ("{s:s, s:O?, s:O?, s:b}", "field", field, "old", before,
                                      "new", after, "secret", FALSE));
}

json_t *
audit_compare (const json_t *before, const json_t *after)
{
  json_t *changes = json_array (), *value;
  const char *field;

  json_object_foreach ((json_t *)before, field, value)
      add (changes, field, value, json_object_get (after, field));
  json_object_foreach ((json_t *)after, field, value)
  {
    if (json_object_get (before, field) == NULL)
      add (changes, field, NULL, value);
  }
  return changes;
}

void
audit_add_secret (json_t *changes, const char *field)
{
  json_array_append_new (
      changes, json_pack ("{s:s, s:n, s:n, s:b}", "field", field, "old", "new", "secret", TRUE));
}
