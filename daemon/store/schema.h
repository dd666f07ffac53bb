/* The tables of store.db, as numbered migrations. PRAGMA user_version counts those that are done;
 * PRAGMA application_id says that it is ours. */
#pragma once
#include "store/database.h"

typedef struct {
  const char *const *migrations; /* SQL scripts; number N brings version N to N + 1 */
  guint count;
} Schema;
extern const Schema schema_current;

/* Brings DATABASE (at PATH) to the newest version. Before an older one is changed, a copy is kept
 * beside it as PATH.before-VERSION and verified. STORE_ERROR_NEWER when it is newer than SCHEMA,
 * STORE_ERROR_INVALID when it is not ours. */
gboolean schema_migrate (Database *database, const char *path, const Schema *schema,
                         GError **error);
