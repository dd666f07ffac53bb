/* Looks at what may have changed, and tells the listeners. */
#include "admin/event-hub.h"
#include "metrics.h"
#include "platform/file.h"
#include <string.h>

#define LISTENERS_MOST 32
#define LISTENERS_OF_ONE 8
#define TICK_MILLISECONDS 250 /* the log and the jobs */
#define LOOK_TICKS 4 /* the store and the metrics */
#define ALIVE_TICKS 60
#define GOODBYE_ROUNDS 50 /* of the main loop, for the last words */

struct _EventHub {
  Store *store;
  Jobs *jobs;
  GPtrArray *listeners; /* EventListener */
  GHashTable *changes; /* what to how often, as the last look has found it */
  guint timer; /* 0: nobody listens */
  guint ticks;
  guint64 log_line, job_mark;
  gboolean looking; /* a look is under way */
};

/* What a domain administrator may hear of. */
static const char *const of_domains[]
    = { "aliases", "app-passwords", "brakes", "devices",           "dkim", "domains", "groups",
        "queue",   "roles",         "users",  "user-certificates", NULL };

EventHub *
event_hub_new (Store *store, Jobs *jobs)
{
  EventHub *self = g_new0 (EventHub, 1);

  self->store = store;
  self->jobs = jobs;
  self->listeners = g_ptr_array_new_with_free_func ((GDestroyNotify)event_listener_free);
  self->changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

static void
send_to_all (EventHub *self, Topic topic, const char *event, const json_t *data)
{
  for (guint i = 0; i < self->listeners->len; i++) {
    EventListener *listener = self->listeners->pdata[i];
    if (event_listener_listening (listener)->topics & topic)
      event_listener_send (listener, event, data);
  }
}

/* A domain administrator hears of its own domains, and not who else administers. */
static gboolean
may_hear (const Caller *caller, const char *what, const char *name)
{
  if (caller->role != ADMIN_DOMAINS)
    return TRUE;
  return g_strv_contains (of_domains, what)
      && (name == NULL || strcmp (what, "queue") == 0 || caller_sees (caller, name));
}

void
event_hub_tell_change (EventHub *self, const char *what, const char *name, const char *by)
{
  for (guint i = 0; i < self->listeners->len; i++) {
    EventListener *listener = self->listeners->pdata[i];
    const Listening *listening = event_listener_listening (listener);
    const gboolean is_of_all = listening->caller->role != ADMIN_DOMAINS;

    if (!(listening->topics & TOPIC_CHANGE) || !may_hear (listening->caller, what, name))
      continue;
    json_t *data
        = json_pack ("{s:s, s:s?, s:s?}", "what", what, "name", name, "by", is_of_all ? by : NULL);
    event_listener_send (listener, "change", data);
    json_decref (data);
  }
}

/* The look into the store: how often what was changed, who the listeners are now. */
typedef struct {
  EventHub *hub;
  GHashTable *changes;
  gint64 queue, free;
  GPtrArray *callers; /* Caller *, with the roles that they have now */
} Look;

static void
free_caller (gpointer caller)
{
  caller_free (caller);
}

static void
look_free (gpointer data)
{
  Look *self = data;

  g_hash_table_unref (self->changes);
  g_ptr_array_unref (self->callers);
  g_free (self);
}

static gboolean
read_numbers (Look *self, Database *database, GError **error)
{
  Statement *row = database_query (database, error, "SELECT what, number FROM change", "");

  while (row && statement_next (row, error))
    g_hash_table_insert (self->changes, g_strdup (statement_text (row, 0)),
                         GSIZE_TO_POINTER ((gsize)statement_int (row, 1)));
  row = row
      ? database_query (database, error, "SELECT count(*), coalesce (max(id), 0) FROM queue", "")
      : NULL;
  if (row == NULL || !statement_next (row, error))
    return FALSE;
  self->queue = statement_int (row, 0);
  g_hash_table_insert (
      self->changes, g_strdup ("queue"),
      GSIZE_TO_POINTER ((gsize)(statement_int (row, 0) * 31 + statement_int (row, 1)
                                + metric_get (METRIC_QUEUE_DEFERRED))));
  statement_done (row);
  return TRUE;
}

static gboolean
look (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Look *self = data;
  Database *database = store_snapshot_database (snapshot);
  guint64 free = 0;

  if (!read_numbers (self, database, error))
    return FALSE;
  for (guint i = 0; i < self->callers->len; i++) {
    Caller *caller = self->callers->pdata[i];
    g_autoptr (GError) problem = NULL;
    if (!caller_read_role (caller, database, &problem)
        && g_error_matches (problem, STORE_ERROR, STORE_ERROR_DENIED))
      caller->role = ADMIN_NOTHING;
  }
  if (file_free_space (store_folder (self->hub->store), &free, NULL))
    self->free = (gint64)free;
  return TRUE;
}

/* Whoever's role is another one has to come again. Listeners may have come and gone since. */
static void
dismiss_changed (EventHub *self, const GPtrArray *callers)
{
  for (guint i = 0; i < self->listeners->len; i++) {
    EventListener *listener = self->listeners->pdata[i];
    const Caller *before = event_listener_listening (listener)->caller;

    for (guint c = 0; c < callers->len; c++) {
      const Caller *now = callers->pdata[c];
      if (strcmp (before->user, now->user) == 0 && !caller_is_same (before, now))
        event_listener_end (listener, _ ("Your role has changed. Sign on again."));
    }
  }
}

static void
tell_changes (EventHub *self, GHashTable *fresh)
{
  GHashTableIter iter;
  gpointer what, number, before;

  g_hash_table_iter_init (&iter, fresh);
  while (g_hash_table_iter_next (&iter, &what, &number)) {
    const gboolean known = g_hash_table_lookup_extended (self->changes, what, NULL, &before);
    if (known && before != number)
      event_hub_tell_change (self, what, NULL, NULL);
    g_hash_table_insert (self->changes, g_strdup (what), number);
  }
}

static void
tell_metrics (EventHub *self, const Look *found)
{
  json_t *data = json_pack ("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "time",
                            (json_int_t)(g_get_real_time () / G_USEC_PER_SEC), "in",
                            (json_int_t)metric_get (METRIC_SMTP_ACCEPTED), "out",
                            (json_int_t)metric_get (METRIC_QUEUE_SENT), "refused",
                            (json_int_t)metric_get (METRIC_SMTP_REFUSED), "sessions",
                            (json_int_t)metric_get (METRIC_CONNECTIONS_OPEN), "queue",
                            (json_int_t)found->queue, "free", (json_int_t)found->free);

  send_to_all (self, TOPIC_METRICS, "metrics", data);
  json_decref (data);
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer data)
{
  EventHub *self = data;
  const Look *found = store_job_data (result);
  const gboolean done = store_read_finish (self->store, result, NULL);

  self->looking = FALSE;
  if (!done)
    return;
  dismiss_changed (self, found->callers);
  tell_changes (self, found->changes);
  tell_metrics (self, found);
}

static void
look_soon (EventHub *self)
{
  Look *fresh;

  if (self->looking)
    return;
  self->looking = TRUE;
  fresh = g_new0 (Look, 1);
  fresh->hub = self;
  fresh->changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fresh->callers = g_ptr_array_new_with_free_func (free_caller);
  for (guint i = 0; i < self->listeners->len; i++)
    g_ptr_array_add (fresh->callers,
                     caller_copy (event_listener_listening (self->listeners->pdata[i])->caller));
  store_read_async (self->store, look, fresh, look_free, NULL, did_look, self);
}

json_t *
log_line_describe (const LogLine *line)
{
  json_t *fields = json_object ();

  for (char **field = line->fields; *field; field += 2)
    json_object_set_new (fields, field[0], json_string (field[1]));
  return json_pack ("{s:I, s:f, s:s, s:s, s:o}", "id", (json_int_t)line->id, "time",
                    (double)line->time / G_USEC_PER_SEC, "level", log_level_name (line->level),
                    "message", line->message, "fields", fields);
}

/* The ring is locked: nothing is sent there. */
static void
copy_line (const LogLine *line, gpointer data)
{
  LogLine *copy = g_memdup2 (line, sizeof *line);

  copy->message = g_strdup (line->message);
  copy->fields = g_strdupv (line->fields);
  g_ptr_array_add (data, copy);
}

static void
free_line (gpointer data)
{
  LogLine *line = data;

  g_free ((char *)line->message);
  g_strfreev (line->fields);
  g_free (line);
}

static void
tell_line (EventHub *self, const LogLine *line)
{
  json_t *described = NULL;

  for (guint i = 0; i < self->listeners->len; i++) {
    EventListener *listener = self->listeners->pdata[i];
    const Listening *listening = event_listener_listening (listener);

    if (!(listening->topics & TOPIC_LOG) || line->level < listening->level
        || !log_line_has (line, listening->text))
      continue;
    if (described == NULL)
      described = log_line_describe (line);
    event_listener_send (listener, "log", described);
  }
  json_decref (described);
}

static void
tell_log (EventHub *self)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (free_line);

  self->log_line = log_ring_read (self->log_line, copy_line, lines);
  for (guint i = 0; i < lines->len; i++)
    tell_line (self, lines->pdata[i]);
}

static void
tell_jobs (EventHub *self)
{
  json_t *jobs = jobs_list (self->jobs, &self->job_mark), *job;
  gsize i;

  json_array_foreach (jobs, i, job) send_to_all (self, TOPIC_JOB, "job", job);
  json_decref (jobs);
}

static void
keep_alive (EventHub *self)
{
  for (guint i = self->listeners->len; i > 0; i--) {
    EventListener *listener = self->listeners->pdata[i - 1];
    if (event_listener_is_stuck (listener))
      g_ptr_array_remove_index (self->listeners, i - 1);
    else
      event_listener_keep_alive (listener);
  }
}

static gboolean
tick (gpointer data)
{
  EventHub *self = data;

  if (self->listeners->len == 0) {
    self->timer = 0;
    return G_SOURCE_REMOVE;
  }
  self->ticks++;
  tell_log (self);
  tell_jobs (self);
  if (self->ticks % LOOK_TICKS == 0)
    look_soon (self);
  if (self->ticks % ALIVE_TICKS == 0)
    keep_alive (self);
  return G_SOURCE_CONTINUE;
}

const char *
event_hub_refuses (EventHub *self, const Caller *caller)
{
  guint same = 0;

  for (guint i = 0; i < self->listeners->len; i++)
    same
        += strcmp (event_listener_listening (self->listeners->pdata[i])->caller->user, caller->user)
        == 0;
  return self->listeners->len >= LISTENERS_MOST || same >= LISTENERS_OF_ONE
      ? _ ("Too many programs listen already.")
      : NULL;
}

static void
did_end (EventListener *listener, gpointer data)
{
  g_ptr_array_remove (((EventHub *)data)->listeners, listener);
}

static void
ignore_line (const LogLine *line, gpointer data)
{
}

/* The first one hears of what comes from now on. */
static void
begin (EventHub *self)
{
  g_hash_table_remove_all (self->changes);
  self->log_line = log_ring_read (G_MAXUINT64 - 1, ignore_line, NULL);
  self->ticks = 0;
  self->timer = g_timeout_add (TICK_MILLISECONDS, tick, self);
  look_soon (self);
}

void
event_hub_add (EventHub *self, GIOStream *stream, Listening *listening)
{
  EventListener *listener = event_listener_new (stream, listening, did_end, self);
  json_t *hello
      = json_pack ("{s:I}", "id", (json_int_t)log_ring_read (G_MAXUINT64 - 1, ignore_line, NULL));

  event_listener_send (listener, "hello", hello);
  json_decref (hello);
  g_ptr_array_add (self->listeners, listener);
  if (self->timer == 0)
    begin (self);
}

void
event_hub_free (EventHub *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  for (guint i = 0; i < self->listeners->len; i++)
    event_listener_end (self->listeners->pdata[i], _ ("The server stops."));
  while (self->looking)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < GOODBYE_ROUNDS && g_main_context_iteration (NULL, FALSE); i++) { }
  g_ptr_array_unref (self->listeners);
  g_hash_table_unref (self->changes);
  g_free (self);
}
