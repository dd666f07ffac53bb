/* Rows of a name and a text. */
#include "admin/documents.h"

json_t *
document_read (Database *database, const char *name, GError **error)
{
  json_t *value = NULL;
  Statement *row
      = database_query (database, error, "SELECT value FROM document WHERE name = ?1", "t", name);

  if (row && statement_next (row, error))
    value = json_loads (statement_text (row, 0), 0, NULL);
  if (row)
    statement_done (row);
  return value;
}

gboolean
document_write (StoreTransaction *transaction, const char *name, const json_t *value,
                GError **error)
{
  Database *database = store_transaction_database (transaction);
  char *text = value ? json_dumps (value, JSON_COMPACT) : NULL;
  const gboolean done = text
      ? database_run (database, error,
                      "INSERT INTO document (name, value) VALUES (?1, ?2)"
                      " ON CONFLICT (name) DO UPDATE SET value = ?2",
                      "tt", name, text)
      : database_run (database, error, "DELETE FROM document WHERE name = ?1", "t", name);

  free (text);
  return done;
}

typedef struct {
  const char *name;
  const json_t *value;
  json_t *found;
} Access;

static gboolean
read_one (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Access *self = data;

  self->found = document_read (store_snapshot_database (snapshot), self->name, NULL);
  return TRUE;
}

json_t *
document_load (Store *store, const char *name)
{
  Access access = { .name = name };

  store_read_sync (store, read_one, &access, NULL);
  return access.found;
}

static gboolean
write_one (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Access *self = data;

  return document_write (transaction, self->name, self->value, error);
}

gboolean
document_keep (Store *store, const char *name, const json_t *value, GError **error)
{
  Access access = { .name = name, .value = value };

  return store_write_sync (store, write_one, &access, error);
}
