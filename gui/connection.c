/* Calls are made by up to four workers, each with a client of its own that keeps its connection to
 * the server, so that a long call holds up nobody. */
#include "connection.h"
#include "events.h"
#include "json.h"
#include "target.h"
#include <glib/gi18n.h>
#include <string.h>

#define WORKERS 4
#define ASK_SECONDS 10 /* what only tells something comes at once, or nobody is there */
#define RETRY_FIRST 1 /* seconds, doubled each time */
#define RETRY_MOST 30
#define GATHER_MILLISECONDS 50 /* changes that come together are told once */
#define EVENTS_PATH "/v1/events?topics=change,metrics,job"

struct _Connection {
  GObject parent;

  Target *target;
  GThreadPool *workers;
  GAsyncQueue *clients; /* AdminClient, idle */
  ConnectionState state;
  char *trouble;
  char *name;
  json_t *whoami;
  Events *events, *log;
  gboolean has_no_events; /* this server knows none */
  guint retry, retry_seconds;
  GHashTable *changes; /* what → name, to be told soon */
  guint gathering;
  gboolean closed;
};
G_DEFINE_FINAL_TYPE (Connection, connection, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, SIGNAL_METRICS, SIGNAL_LOG, SIGNAL_JOB, SIGNAL_COUNT };
static guint signals[SIGNAL_COUNT];
enum { PROPERTY_STATE = 1, PROPERTY_COUNT };
static GParamSpec *properties[PROPERTY_COUNT];

/* One call, in a GTask's data. */
typedef struct {
  char *method, *path, *etag;
  json_t *body;
  AdminReply reply;
  GApplication *held; /* goes on until this change was made, also when its window has closed */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  admin_reply_clear (&self->reply);
  json_decref (self->body);
  g_free (self->method);
  g_free (self->path);
  g_free (self->etag);
  g_free (self);
}

/* The states of the connection. */

static void
set_state (Connection *self, ConnectionState state, char *trouble)
{
  const gboolean same = self->state == state && g_strcmp0 (self->trouble, trouble) == 0;

  g_free (self->trouble);
  self->trouble = trouble;
  self->state = state;
  if (!same)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_STATE]);
}

static gboolean
did_wait (gpointer data)
{
  Connection *self = data;

  self->retry = 0;
  connection_open (self);
  return G_SOURCE_REMOVE;
}

static void
try_later (Connection *self)
{
  if (self->retry != 0 || self->closed)
    return;
  self->retry = g_timeout_add_seconds (self->retry_seconds, did_wait, self);
  self->retry_seconds = MIN (self->retry_seconds * 2, RETRY_MOST);
}

/* What to look at, besides what the error says. */
static const char *
advice (Connection *self, int code)
{
  if (!target_is_local (self->target))
    return _ (
        "Check that the server is switched on, that this computer is in the network, and that "
        "a firewall lets the port of the admin API through.");
  if (code == G_IO_ERROR_TIMED_OUT)
    return _ ("The Hauspost service runs, but does not answer. If it stays so, start it anew.");
  if (code == G_IO_ERROR_CONNECTION_REFUSED)
    return _ ("Start the Hauspost service; the panel connects by itself as soon as it runs.");
  return _ ("Check that Hauspost is set up on this computer and that you are its administrator.");
}

/* ERROR came from the way to the server, not from the server. */
static void
did_lose (Connection *self, const GError *error)
{
  const gboolean refused = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);

  g_clear_pointer (&self->events, events_stop);
  set_state (self, refused ? CONNECTION_REFUSED : CONNECTION_LOST,
             refused ? g_strdup (error->message)
                     : g_strdup_printf ("%s %s", error->message, advice (self, error->code)));
  if (!refused)
    try_later (self);
}

/* Changes, gathered. */

static gboolean
tell_changes (gpointer data)
{
  Connection *self = data;
  g_autoptr (GHashTable) changes = g_steal_pointer (&self->changes);
  GHashTableIter iter;
  gpointer what, name;

  self->gathering = 0;
  self->changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_object_ref (self);
  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &what, &name))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0, what, name);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

static void
gather_change (Connection *self, const char *what, const char *name)
{
  const char *before = g_hash_table_lookup (self->changes, what);

  if (before != NULL && strcmp (before, name) != 0)
    name = ""; /* several */
  g_hash_table_replace (self->changes, g_strdup (what), g_strdup (name));
  if (self->gathering == 0)
    self->gathering = g_timeout_add (GATHER_MILLISECONDS, tell_changes, self);
}

/* "/v1/users/anna@…" changed "users". */
static void
gather_own (Connection *self, const char *path)
{
  g_auto (GStrv) parts = g_strsplit_set (path, "/?", 5); /* "", "v1", "users", "anna@…" */
  g_autofree char *name = NULL;

  if (g_strv_length (parts) < 3)
    return;
  name = parts[3] ? g_uri_unescape_string (parts[3], NULL) : NULL;
  gather_change (self, parts[2], name ? name : "");
}

/* Events. */

static AdminClient *
connect_target (gpointer data, GError **error)
{
  return target_connect (data, error);
}

static void
free_target (gpointer data)
{
  target_unref (data);
}

static void
did_event (const char *name, json_t *object, gpointer data)
{
  Connection *self = data;

  if (strcmp (name, "change") == 0)
    gather_change (self, object_text (object, "what"), object_text (object, "name"));
  else if (strcmp (name, "overflow") == 0)
    gather_change (self, "", "");
  else if (strcmp (name, "metrics") == 0 && object)
    g_signal_emit (self, signals[SIGNAL_METRICS], 0, object);
  else if (strcmp (name, "log") == 0 && object)
    g_signal_emit (self, signals[SIGNAL_LOG], 0, object);
  else if (strcmp (name, "job") == 0 && object)
    g_signal_emit (self, signals[SIGNAL_JOB], 0, object);
}

static void
did_end_events (const GError *error, gpointer data)
{
  Connection *self = data;

  g_clear_pointer (&self->events, events_stop);
  self->has_no_events = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  if (!self->has_no_events)
    try_later (self); /* asks how the server is, then listens again */
}

static void
did_end_log (const GError *error, gpointer data)
{
  Connection *self = data;

  g_clear_pointer (&self->log, events_stop);
}

static Events *
follow (Connection *self, const char *path, EventsEndFunc end)
{
  return events_start (path, connect_target, target_ref (self->target), free_target, did_event, end,
                       self);
}

void
connection_follow_log (Connection *self, const char *level, const char *text)
{
  g_autofree char *escaped = text ? g_uri_escape_string (text, NULL, FALSE) : NULL;
  g_autofree char *path = NULL;

  g_clear_pointer (&self->log, events_stop);
  if (level == NULL || self->closed)
    return;
  path = g_strdup_printf ("/v1/events?topics=log&level=%s&text=%s", level, escaped ? escaped : "");
  self->log = follow (self, path, did_end_log);
}

/* Calls. */

/* What a worker tells the main thread of a call, beside its answer. */
typedef struct {
  Connection *connection;
  char *changed; /* the path of what was changed, or NULL */
  GError *lost; /* of the way, or NULL */
} Report;

static void
report_free (gpointer data)
{
  Report *self = data;

  g_object_unref (self->connection);
  g_free (self->changed);
  g_clear_error (&self->lost);
  g_free (self);
}

static gboolean
take_report (gpointer data)
{
  Report *report = data;
  Connection *self = report->connection;

  if (self->closed)
    return G_SOURCE_REMOVE;
  if (report->changed)
    gather_own (self, report->changed);
  if (report->lost)
    did_lose (self, report->lost);
  return G_SOURCE_REMOVE;
}

static void
report (Connection *self, const Call *call, const GError *error)
{
  const gboolean changed = error == NULL && strcmp (call->method, "GET") != 0;
  Report *told;

  if (!changed && call->reply.status != 0)
    return;
  told = g_new0 (Report, 1);
  told->connection = g_object_ref (self);
  told->changed = changed ? g_strdup (call->path) : NULL;
  told->lost = call->reply.status == 0 && error ? g_error_copy (error) : NULL;
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, take_report, told, report_free);
}

static void
free_answer (gpointer data)
{
  json_decref (data);
}

/* Back in the main thread. */
static void
end_task (gpointer data)
{
  GTask *task = data;
  const Call *call = g_task_get_task_data (task);

  if (call->held != NULL)
    g_application_release (call->held);
  g_object_unref (task);
}

/* In a worker. The task goes back to the main thread, where alone a connection may end. */
static void
make_call (gpointer data, gpointer user_data)
{
  GTask *task = data;
  Connection *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  const gboolean is_new = g_strcmp0 (call->etag, ETAG_NEW) == 0;
  const AdminRequest request
      = { call->method, call->path, call->body, is_new ? NULL : call->etag, is_new ? "*" : NULL };
  GError *error = NULL;
  AdminClient *client = g_async_queue_try_pop (self->clients);

  if (client == NULL)
    client = target_connect (self->target, &error);
  if (client != NULL) {
    admin_client_set_patience (client, strcmp (call->method, "GET") == 0 ? ASK_SECONDS : 0);
    admin_client_exchange (client, &request, &call->reply, &error);
  }
  if (call->reply.status != 0)
    g_async_queue_push (self->clients, client);
  else
    admin_client_free (client); /* the next one reads the token anew */
  report (self, call, error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&call->reply.object), free_answer);
  g_idle_add_once (end_task, task);
}

void
connection_call_async (Connection *self, const char *method, const char *path, const json_t *body,
                       const char *etag, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer data)
{
  GTask *task = g_task_new (self, cancellable, callback, data);
  Call *call = g_new0 (Call, 1);

  call->method = g_strdup (method);
  call->path = g_strdup (path);
  call->etag = g_strdup (etag);
  call->body = body ? json_deep_copy (body) : NULL;
  g_task_set_source_tag (task, connection_call_async);
  g_task_set_task_data (task, call, call_free);
  if (self->closed) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "closed");
    g_object_unref (task);
    return;
  }
  if (strcmp (method, "GET") != 0 && (call->held = g_application_get_default ()) != NULL)
    g_application_hold (call->held);
  g_thread_pool_push (self->workers, task, NULL);
}

json_t *
connection_call_finish (Connection *self, GAsyncResult *result, char **etag, GError **error)
{
  Call *call = g_task_get_task_data (G_TASK (result));
  json_t *answer = g_task_propagate_pointer (G_TASK (result), error);

  if (etag != NULL)
    *etag = answer ? g_strdup (call->reply.etag) : NULL;
  return answer;
}

json_t *
connection_call_current (GAsyncResult *result, const char **etag)
{
  Call *call = g_task_get_task_data (G_TASK (result));

  if (etag != NULL)
    *etag = call->reply.etag;
  return json_object_get (call->reply.object, "current");
}

void
connection_get_async (Connection *self, const char *path, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data)
{
  connection_call_async (self, "GET", path, NULL, NULL, cancellable, callback, data);
}

/* Opening and closing. */

static void
did_ask_who (GObject *source, GAsyncResult *result, gpointer data)
{
  Connection *self = PANEL_CONNECTION (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer = connection_call_finish (self, result, NULL, &error);

  if (self->closed)
    return;
  if (answer == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
      set_state (self, CONNECTION_REFUSED, g_strdup (error->message));
    else
      did_lose (self, error);
    return;
  }
  g_clear_pointer (&self->whoami, json_decref);
  self->whoami = json_incref (answer);
  self->retry_seconds = RETRY_FIRST;
  if (self->events == NULL && !self->has_no_events)
    self->events = follow (self, EVENTS_PATH, did_end_events);
  set_state (self, CONNECTION_CONNECTED, NULL);
}

void
connection_open (Connection *self)
{
  if (self->closed)
    return;
  g_clear_handle_id (&self->retry, g_source_remove);
  if (self->state != CONNECTION_CONNECTED)
    set_state (self, CONNECTION_CONNECTING, g_strdup (self->trouble));
  connection_get_async (self, "/v1/whoami", NULL, did_ask_who, NULL);
}

void
connection_close (Connection *self)
{
  self->closed = TRUE;
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_handle_id (&self->gathering, g_source_remove);
  g_clear_pointer (&self->events, events_stop);
  g_clear_pointer (&self->log, events_stop);
  set_state (self, CONNECTION_CLOSED, NULL);
}

ConnectionState
connection_get_state (Connection *self)
{
  return self->state;
}

const char *
connection_get_trouble (Connection *self)
{
  return self->trouble;
}

const char *
connection_get_name (Connection *self)
{
  return self->name;
}

gboolean
connection_is_local (Connection *self)
{
  return target_is_local (self->target);
}

json_t *
connection_get_whoami (Connection *self)
{
  return self->whoami;
}

gboolean
connection_may_change (Connection *self)
{
  return strcmp (object_text (self->whoami, "role"), "read-only") != 0;
}

/* The object. */

static void
connection_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_uint (value, PANEL_CONNECTION (object)->state);
}

static void
connection_finalize (GObject *object)
{
  Connection *self = PANEL_CONNECTION (object);

  connection_close (self);
  /* Every call holds a reference: none is under way. */
  g_thread_pool_free (self->workers, FALSE, FALSE);
  g_async_queue_unref (self->clients);
  g_hash_table_unref (self->changes);
  target_unref (self->target);
  json_decref (self->whoami);
  g_free (self->trouble);
  g_free (self->name);
  G_OBJECT_CLASS (connection_parent_class)->finalize (object);
}

static void
connection_class_init (ConnectionClass *class)
{
  static const struct {
    const char *name;
    guint arguments;
    GType types[2];
  } table[SIGNAL_COUNT] = {
    [SIGNAL_CHANGED] = { "changed", 2, { G_TYPE_STRING, G_TYPE_STRING } },
    [SIGNAL_METRICS] = { "metrics", 1, { G_TYPE_POINTER } },
    [SIGNAL_LOG] = { "log", 1, { G_TYPE_POINTER } },
    [SIGNAL_JOB] = { "job", 1, { G_TYPE_POINTER } },
  };

  G_OBJECT_CLASS (class)->finalize = connection_finalize;
  G_OBJECT_CLASS (class)->get_property = connection_get_property;
  for (guint i = 0; i < SIGNAL_COUNT; i++)
    signals[i]
        = g_signal_newv (table[i].name, G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, NULL, NULL,
                         NULL, NULL, G_TYPE_NONE, table[i].arguments, (GType *)table[i].types);
  properties[PROPERTY_STATE]
      = g_param_spec_uint ("state", NULL, NULL, 0, CONNECTION_REFUSED, CONNECTION_CLOSED,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), PROPERTY_COUNT, properties);
}

static void
free_client (gpointer data)
{
  admin_client_free (data);
}

static void
connection_init (Connection *self)
{
  self->workers = g_thread_pool_new (make_call, NULL, WORKERS, FALSE, NULL);
  self->clients = g_async_queue_new_full (free_client);
  self->changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->retry_seconds = RETRY_FIRST;
}

static Connection *
new_for (Target *target)
{
  Connection *self = g_object_new (PANEL_TYPE_CONNECTION, NULL);

  self->target = target;
  self->name = g_strdup (target_is_local (target) ? _ ("This computer") : target_address (target));
  return self;
}

Connection *
connection_new_local (const char *configuration)
{
  return new_for (target_new_local (configuration));
}

Connection *
connection_new_remote (const char *address, const char *fingerprint, const char *user,
                       const char *password)
{
  return new_for (target_new_remote (address, fingerprint, user, password));
}
