/* Long work runs in threads of the store's and of GTask's. */
#include "server-upkeep.h"
#include "log.h"
#include "metrics.h"
#include "platform/service.h"
#include "policy/dkim-keys.h"
#include "store/compact.h"

#define COMPACT_SECONDS 3600
#define SPACE_SECONDS 30

struct _Upkeep {
  Store *store;
  Indexer *indexer;
  char *folder;
  guint compact_timer, space_timer;
  gboolean is_compacting, is_making_keys, took_mail;
};

static void
did_compact (GObject *source, GAsyncResult *result, gpointer data)
{
  Upkeep *self = data;
  g_autoptr (GError) error = NULL;
  CompactReport report = { 0 };

  self->is_compacting = FALSE;
  if (!store_compact_finish (self->store, result, &report, &error)) {
    if (g_error_matches (error, STORE_ERROR, STORE_ERROR_EXISTS))
      return; /* the administrator was faster */
    log_event (LOG_ERROR, "Compaction failed", "error", error->message, NULL);
    return;
  }
  g_autofree char *messages = g_strdup_printf ("%" G_GUINT64_FORMAT, report.messages);
  g_autofree char *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, report.bytes_freed);
  if (report.messages > 0)
    indexer_sweep (self->indexer);
  log_event (LOG_INFO, "Compacted", "messages", messages, "bytes_freed", bytes, NULL);
}

static gboolean
compact (gpointer data)
{
  Upkeep *self = data;

  if (!self->is_compacting) {
    self->is_compacting = TRUE;
    store_compact_async (self->store, -1, did_compact, self);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
watch_space (gpointer data)
{
  Upkeep *self = data;
  gboolean takes = store_takes_mail (self->store);

  metric_set (METRIC_DISK_RESERVE_REACHED, !takes);
  if (takes == self->took_mail)
    return G_SOURCE_CONTINUE;
  self->took_mail = takes;
  if (takes)
    log_event (LOG_NOTICE, "There is space on the disk again: new mail is accepted", NULL);
  else
    log_event (LOG_ERROR, "The disk is nearly full: new mail is refused until there is space",
               "folder", self->folder, NULL);
  service_notify_status (takes ? "Running" : "The disk is nearly full: new mail is refused");
  return G_SOURCE_CONTINUE;
}

static void
complete_keys (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (!dkim_keys_complete (data, &error))
    log_event (LOG_ERROR, "Cannot make keys for signing mail", "error", error->message, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
did_complete_keys (GObject *source, GAsyncResult *result, gpointer data)
{
  Upkeep *self = data;

  self->is_making_keys = FALSE;
}

/* Of the first domain, and of those from before there were any. */
static void
make_keys (Upkeep *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, did_complete_keys, self);

  self->is_making_keys = TRUE;
  g_task_set_source_tag (task, make_keys);
  g_task_set_task_data (task, self->store, NULL);
  g_task_run_in_thread (task, complete_keys);
}

Upkeep *
upkeep_new (Store *store, Indexer *indexer, const char *folder)
{
  Upkeep *self = g_new0 (Upkeep, 1);

  self->store = store;
  self->indexer = indexer;
  self->folder = g_strdup (folder);
  self->took_mail = TRUE;
  self->compact_timer = g_timeout_add_seconds (COMPACT_SECONDS, compact, self);
  self->space_timer = g_timeout_add_seconds (SPACE_SECONDS, watch_space, self);
  watch_space (self);
  make_keys (self);
  return self;
}

void
upkeep_cease (Upkeep *self)
{
  g_clear_handle_id (&self->compact_timer, g_source_remove);
  g_clear_handle_id (&self->space_timer, g_source_remove);
}

gboolean
upkeep_rests (const Upkeep *self)
{
  return !self->is_compacting && !self->is_making_keys;
}

void
upkeep_free (Upkeep *self)
{
  upkeep_cease (self);
  g_free (self->folder);
  g_free (self);
}
