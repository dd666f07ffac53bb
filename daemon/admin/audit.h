/* Who changed what, by which way, from where: rows in the store, written in the transaction of the
 * change. Never a secret. Inside store jobs. */
#pragma once
#include "store/store.h"
#include <jansson.h>

typedef struct {
  gint64 id;
  gint64 time; /* seconds, UTC */
  const char *user, *way, *address, *method, *path;
  const char *changes; /* a JSON list of {"field", "old", "new", "secret"} */
} AuditEntry;

/* ID and TIME are given here. */
gboolean audit_write (StoreTransaction *transaction, const AuditEntry *entry, GError **error);
/* For what was written down before it was done: what changed by it, or that it was not done. */
gboolean audit_update (StoreTransaction *transaction, gint64 id, const char *changes,
                       GError **error);
gboolean audit_remove (StoreTransaction *transaction, gint64 id, GError **error);

typedef struct {
  const char *user; /* NULL: anybody, as all of these */
  const char *about; /* a part of the path */
  gint64 since, until; /* 0: always */
  gint64 before; /* an id; 0: the newest */
  guint limit;
} AuditQuery;
/* The newest first. */
typedef void (*AuditFunc) (const AuditEntry *entry, gpointer data);
gboolean audit_read (Database *database, const AuditQuery *query, AuditFunc func, gpointer data,
                     GError **error);
/* Removes what is older than SECONDS; 0: nothing is. */
gboolean audit_tidy (StoreTransaction *transaction, gint64 seconds, GError **error);

/* What differs between two states of a thing (objects, NULL: it is not there), field by field; what
 * begins with '_' is nobody's to see. A new list. */
json_t *audit_compare (const json_t *before, const json_t *after);
/* Adds that FIELD, a secret, was changed. */
void audit_add_secret (json_t *changes, const char *field);
