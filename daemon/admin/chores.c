/* Looks every minute whether something is due. */
#include "admin/chores.h"
#include "admin/audit.h"
#include "admin/backup-plan.h"
#include "log.h"
#include "settings.h"

#define LOOK_SECONDS 60
#define TIDY_SECONDS 3600
#define AGAIN_SECONDS 3600 /* after a backup that failed */

struct _Chores {
  Store *store;
  Jobs *jobs;
  char *data;
  guint timer;
  gboolean looking, tidying;
  gint64 tidied, tried; /* seconds, UTC */
};

static gboolean
tidy (StoreTransaction *transaction, gpointer data, GError **error)
{
  return audit_tidy (transaction, setting_number (SETTING_AUDIT_TIME), error);
}

static void
did_tidy (GObject *source, GAsyncResult *result, gpointer data)
{
  Chores *self = data;
  g_autoptr (GError) error = NULL;

  self->tidying = FALSE;
  if (!store_write_finish (self->store, result, &error))
    log_event (LOG_WARNING, "Old entries of the audit log stay", "error", error->message, NULL);
}

/* Asks the disk: in a worker. */
static void
look (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Chores *self = data;
  const Configuration configuration = { .data = self->data };

  g_task_return_int (task, (gssize)backups_newest (&configuration));
}

static void
start_backup (Chores *self, gint64 now)
{
  const Configuration configuration = { .data = self->data };
  g_autoptr (GError) error = NULL;

  if (jobs_start (self->jobs, "backup", JOB_ALONE, backup_work_due,
                  backup_work_new (self->store, &configuration, NULL), backup_work_free, &error))
    self->tried = now;
  else
    log_event (LOG_INFO, "A backup is due and waits", "error", error->message, NULL);
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer data)
{
  Chores *self = data;
  const gint64 newest = g_task_propagate_int (G_TASK (result), NULL);
  const gint64 every = setting_number (SETTING_BACKUP_EVERY);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  self->looking = FALSE;
  if (self->timer != 0 && every > 0 && now - newest >= every && now - self->tried >= AGAIN_SECONDS)
    start_backup (self, now);
}

static gboolean
tick (gpointer data)
{
  Chores *self = data;
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (!self->tidying && now - self->tidied >= TIDY_SECONDS) {
    self->tidying = TRUE;
    self->tidied = now;
    store_write_async (self->store, tidy, NULL, NULL, NULL, did_tidy, self);
  }
  if (!self->looking && setting_number (SETTING_BACKUP_EVERY) > 0) {
    g_autoptr (GTask) task = g_task_new (NULL, NULL, did_look, self);
    self->looking = TRUE;
    g_task_set_source_tag (task, tick);
    g_task_set_task_data (task, self, NULL);
    g_task_run_in_thread (task, look);
  }
  return G_SOURCE_CONTINUE;
}

Chores *
chores_new (Store *store, Jobs *jobs, const Configuration *configuration)
{
  Chores *self = g_new0 (Chores, 1);

  self->store = store;
  self->jobs = jobs;
  self->data = g_strdup (configuration->data);
  self->timer = g_timeout_add_seconds (LOOK_SECONDS, tick, self);
  return self;
}

void
chores_free (Chores *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  while (self->looking || self->tidying)
    g_main_context_iteration (NULL, TRUE);
  g_free (self->data);
  g_free (self);
}
