/* Conditions, changes and their log, in one transaction where the store holds the thing. */
#include "admin/change.h"
#include "admin/audit.h"
#include "language.h"
#include "log.h"
#include <string.h>

/* What stands in bodies and nobody may read later. */
static const char *const secrets[]
    = { "password", "key", "pkcs12", "passphrase", "hmac_key", "tsig_key" };

char *
admin_etag (const json_t *state)
{
  g_autofree char *digest = NULL;
  char *text = state ? json_dumps (state, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text ? text : "", -1);
  free (text);
  return g_strdup_printf ("\"%.32s\"", digest);
}

void
admin_tag (json_t *item, const json_t *state)
{
  g_autofree char *etag = admin_etag (state);

  json_object_set_new (item, "etag", json_string (etag));
}

/* "A", "B" or *, as RFC 9110 §13.1.1 has it. */
static gboolean
names_etag (const char *list, const char *etag)
{
  g_auto (GStrv) tags = g_strsplit (list, ",", 20);

  for (char **tag = tags; *tag; tag++)
    if (strcmp (g_strstrip (*tag), etag) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_conditions (AdminCall *call, const json_t *state, GError **error)
{
  g_autofree char *etag = admin_etag (state);
  const char *match = call->if_match, *none = call->if_none_match;
  const gboolean is_there = state != NULL;

  if ((match == NULL || (strcmp (match, "*") == 0 ? is_there : names_etag (match, etag)))
      && (none == NULL || (strcmp (none, "*") == 0 ? !is_there : !names_etag (none, etag))))
    return TRUE;
  call->is_stale = TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_EXISTS,
                       _ ("Somebody else has changed this meanwhile. Look at how it is now, then "
                          "change it again."));
  return FALSE;
}

/* For actions on what has no state of its own: what was asked for. */
static void
add_request (const AdminCall *call, json_t *changes)
{
  const char *field;
  json_t *value;

  json_object_foreach (call->body, field, value)
  {
    if (!json_is_null (value) && !g_strv_contains (call->secret_fields, field))
      json_array_append_new (
          changes,
          json_pack ("{s:s, s:n, s:O, s:b}", "field", field, "old", "new", value, "secret", FALSE));
  }
}

static json_t *
find_changes (const AdminCall *call, const json_t *before, const json_t *after)
{
  json_t *changes = audit_compare (before, after);

  if (json_array_size (changes) == 0)
    add_request (call, changes);
  for (const char *const *field = call->secret_fields; *field; field++)
    if (json_object_get (call->body, *field))
      audit_add_secret (changes, *field);
  return changes;
}

/* What is written about the call; free with free, for jansson made it. */
static char *
print_changes (const AdminCall *call, const json_t *before, const json_t *after)
{
  json_t *changes = find_changes (call, before, after);
  char *text = json_dumps (changes, JSON_COMPACT);

  json_decref (changes);
  return text;
}

static gboolean
write_log (const AdminCall *call, StoreTransaction *transaction, const json_t *before,
           const json_t *after, GError **error)
{
  char *changes = print_changes (call, before, after);
  const AuditEntry entry = { .user = call->caller->user,
                             .way = call->caller->way,
                             .address = call->caller->peer,
                             .method = call->resource->method,
                             .path = call->path,
                             .changes = changes ? changes : "[]" };
  const gboolean done = audit_write (transaction, &entry, error);

  free (changes);
  return done;
}

static void
set_etag (AdminCall *call, const json_t *state)
{
  g_free (call->etag);
  call->etag = call->resource->state ? admin_etag (state) : NULL;
}

static json_t *
state_of (AdminCall *call, Database *database)
{
  return call->resource->state ? call->resource->state (call, database) : NULL;
}

typedef struct {
  AdminCall *call;
  StoreWriteFunc write;
  gpointer data;
} Change;

static gboolean
run_change (StoreTransaction *transaction, gpointer data, GError **error)
{
  Change *self = data;
  Database *database = store_transaction_database (transaction);
  json_t *before = state_of (self->call, database), *after = NULL;
  gboolean done = check_conditions (self->call, before, error)
      && self->write (transaction, self->data, error);

  if (done) {
    after = state_of (self->call, database);
    done = write_log (self->call, transaction, before, after, error);
    set_etag (self->call, after);
  }
  json_decref (before);
  json_decref (after);
  return done;
}

static void
set_default_secrets (AdminCall *call)
{
  static const char *all[G_N_ELEMENTS (secrets) + 1];
  static gsize made;

  if (g_once_init_enter (&made)) {
    memcpy (all, secrets, sizeof secrets);
    g_once_init_leave (&made, 1);
  }
  if (call->secret_fields == NULL)
    call->secret_fields = all;
}

gboolean
admin_call_write (AdminCall *call, StoreWriteFunc func, gpointer data, GError **error)
{
  Change change = { .call = call, .write = func, .data = data };

  set_default_secrets (call);
  return store_write_sync (call->service->store, run_change, &change, error);
}

typedef struct {
  AdminCall *call;
  json_t *state;
} StateReading;

static gboolean
read_state (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  StateReading *self = data;

  self->state = state_of (self->call, store_snapshot_database (snapshot));
  return TRUE;
}

json_t *
admin_call_read_state (AdminCall *call)
{
  StateReading reading = { .call = call };

  if (call->resource->state)
    store_read_sync (call->service->store, read_state, &reading, NULL);
  return reading.state;
}

/* What is done apart from the store: it stands in the log before it is done, so that nothing
 * happens that could not be written down; what came of it is written afterwards. */
typedef struct {
  AdminCall *call;
  json_t *before, *after;
  gint64 row; /* of the log */
  gboolean is_done;
} Apart;

static gboolean
write_ahead (StoreTransaction *transaction, gpointer data, GError **error)
{
  Apart *self = data;

  if (!write_log (self->call, transaction, self->before, self->before, error))
    return FALSE;
  self->row = database_last_id (store_transaction_database (transaction));
  return TRUE;
}

static gboolean
write_outcome (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Apart *self = data;
  char *changes;
  gboolean done;

  if (!self->is_done)
    return audit_remove (transaction, self->row, error);
  changes = print_changes (self->call, self->before, self->after);
  done = audit_update (transaction, self->row, changes ? changes : "[]", error);
  free (changes);
  return done;
}

/* It is done, or it is not, whatever becomes of the log: there the call stands as it was made. */
static void
settle_log (Apart *self)
{
  g_autoptr (GError) error = NULL;

  if (!store_write_sync (self->call->service->store, write_outcome, self, &error))
    log_event (LOG_WARNING, "The audit log does not tell what came of a call", "path",
               self->call->path, "error", error->message, NULL);
}

static gboolean
run_apart (Apart *self, GError **error)
{
  AdminCall *call = self->call;

  self->before = admin_call_read_state (call);
  if (!check_conditions (call, self->before, error)
      || !store_write_sync (call->service->store, write_ahead, self, error))
    return FALSE;
  self->is_done = call->resource->run (call, error);
  if (self->is_done) {
    self->after = admin_call_read_state (call);
    set_etag (call, self->after);
  }
  if (!self->is_done || call->resource->state)
    settle_log (self);
  return self->is_done;
}

gboolean
admin_call_run_apart (AdminCall *call, GError **error)
{
  static GMutex alone;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&alone);
  Apart self = { .call = call };
  gboolean done;

  set_default_secrets (call);
  done = run_apart (&self, error);
  json_decref (self.before);
  json_decref (self.after);
  return done;
}
