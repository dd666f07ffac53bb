/* Making, proving and removing backups in DATA/backups. */
#include "admin/backup-plan.h"
#include "admin/documents.h"
#include "archive/backup.h"
#include "log.h"
#include "platform/file.h"
#include "settings.h"
#include "store/check.h"
#include <string.h>

#define NAME_FORMAT "%Y%m%dT%H%M%SZ"
#define NAME_LENGTH 16
#define PROOF "temporary/proof"

struct _BackupWork {
  Store *store;
  char *data;
  char *backups;
  char *folder; /* NULL: to be found */
};

char *
backups_folder (const Configuration *configuration)
{
  return g_build_filename (configuration->data, "backups", NULL);
}

static GPtrArray *
list_folder (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = file_exists (folder) ? file_list (folder, error) : NULL;
  GPtrArray *paths;

  if (names == NULL && file_exists (folder))
    return NULL;
  paths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; names && i < names->len; i++)
    g_ptr_array_add (paths, g_build_filename (folder, names->pdata[i], NULL));
  return paths;
}

GPtrArray *
backups_list (const Configuration *configuration, GError **error)
{
  g_autofree char *folder = backups_folder (configuration);

  return list_folder (folder, error);
}

gint64
backup_begun (const char *backup)
{
  g_autofree char *name = g_path_get_basename (backup);
  g_autoptr (GDateTime) time = NULL;

  if (strlen (name) != NAME_LENGTH || name[8] != 'T' || name[15] != 'Z')
    return 0;
  time = g_date_time_new_from_iso8601 (name, NULL);
  return time ? g_date_time_to_unix (time) : 0;
}

/* The newest whole one, by its name; NULL: there is none. */
static const char *
find_newest (const GPtrArray *paths)
{
  guint64 size;

  for (guint i = paths->len; i > 0; i--)
    if (backup_begun (paths->pdata[i - 1]) > 0 && backup_size (paths->pdata[i - 1], &size))
      return paths->pdata[i - 1];
  return NULL;
}

gint64
backups_newest (const Configuration *configuration)
{
  g_autoptr (GPtrArray) paths = backups_list (configuration, NULL);
  const char *newest = paths ? find_newest (paths) : NULL;

  return newest ? backup_begun (newest) : 0;
}

BackupWork *
backup_work_new (Store *store, const Configuration *configuration, const char *folder)
{
  BackupWork *self = g_new0 (BackupWork, 1);

  self->store = store;
  self->data = g_strdup (configuration->data);
  self->backups = backups_folder (configuration);
  self->folder = g_strdup (folder);
  return self;
}

void
backup_work_free (gpointer data)
{
  BackupWork *self = data;

  g_free (self->data);
  g_free (self->backups);
  g_free (self->folder);
  g_free (self);
}

static gboolean
find_new_folder (BackupWork *self, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *name = g_date_time_format (now, NAME_FORMAT);

  if (self->folder)
    return TRUE;
  self->folder = g_build_filename (self->backups, name, NULL);
  return file_make_folder (self->backups, error);
}

static void
keep_failure (const BackupWork *self, const GError *problem)
{
  json_t *failure = problem
      ? json_pack ("{s:I, s:s}", "time", (json_int_t)(g_get_real_time () / G_USEC_PER_SEC), "error",
                   problem->message)
      : NULL;
  g_autoptr (GError) error = NULL;

  if (!document_keep (self->store, BACKUP_FAILED, failure, &error))
    log_event (LOG_WARNING, "How a backup ended is not written down", "error", error->message,
               NULL);
  json_decref (failure);
}

json_t *
backup_work_create (Job *job, gpointer data, GError **error)
{
  BackupWork *self = data;
  g_autoptr (GError) problem = NULL;

  if (find_new_folder (self, &problem)
      && backup_create (self->store, self->folder, job_goes_on, job, &problem)) {
    keep_failure (self, NULL);
    return json_pack ("{s:s}", "folder", self->folder);
  }
  if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    keep_failure (self, problem);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

static gboolean
find_old_folder (BackupWork *self, GError **error)
{
  g_autoptr (GPtrArray) paths = self->folder ? NULL : list_folder (self->backups, error);

  if (paths)
    self->folder = g_strdup (find_newest (paths));
  if (self->folder == NULL && paths)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _ ("There is no whole backup yet: make one first."));
  return self->folder != NULL;
}

json_t *
backup_work_verify (Job *job, gpointer data, GError **error)
{
  BackupWork *self = data;

  return find_old_folder (self, error) && backup_verify (self->folder, job_goes_on, job, error)
      ? json_pack ("{s:s}", "folder", self->folder)
      : NULL;
}

/* Restoring counts as the first half, checking as the second one. */
typedef struct {
  Job *job;
  guint half;
} Halves;

static gboolean
go_on (guint64 done, guint64 total, gpointer data)
{
  const Halves *self = data;
  const guint64 hundredths = total > 0 ? done * 100 / total : 0;

  return job_goes_on (self->half * 100 + MIN (hundredths, 100), 200, self->job);
}

static gboolean
require_space (const BackupWork *self, GError **error)
{
  guint64 free, needed;

  if (!backup_size (self->folder, &needed)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("%s is no whole backup: it has no table of contents."), self->folder);
    return FALSE;
  }
  if (!file_free_space (self->data, &free, error))
    return FALSE;
  needed += needed / 10 + (guint64)setting_number (SETTING_DISK_RESERVE);
  if (free > needed)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                       _ ("There is too little space on the disk to restore the backup beside what "
                          "is there."));
  return FALSE;
}

static CheckReport *
check_restored (const char *folder, Halves *halves, GError **error)
{
  const StoreOptions options = { .folder = folder };
  g_autoptr (Store) store = store_open (&options, error);

  return store ? store_check (store, FALSE, go_on, halves, error) : NULL;
}

static json_t *
judge (const BackupWork *self, const CheckReport *report, GError **error)
{
  json_t *proof;

  if (report->problems > 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("The restored backup is damaged: %s"),
                 report->lines->len > 0 ? (const char *)report->lines->pdata[0] : "");
    return NULL;
  }
  proof = json_pack ("{s:I, s:s, s:I, s:I}", "time",
                     (json_int_t)(g_get_real_time () / G_USEC_PER_SEC), "folder", self->folder,
                     "messages", (json_int_t)report->messages, "bytes", (json_int_t)report->bytes);
  if (document_keep (self->store, BACKUP_PROVED, proof, error))
    return proof;
  json_decref (proof);
  return NULL;
}

static json_t *
prove_in (BackupWork *self, const char *folder, Job *job, GError **error)
{
  Halves halves = { job, 0 };
  g_autoptr (CheckReport) report = NULL;

  if (!backup_restore (self->folder, folder, go_on, &halves, error))
    return NULL;
  halves.half = 1;
  report = check_restored (folder, &halves, error);
  job_progress (200, 200, job);
  return report ? judge (self, report, error) : NULL;
}

json_t *
backup_work_prove (Job *job, gpointer data, GError **error)
{
  BackupWork *self = data;
  g_autofree char *folder = g_build_filename (self->data, PROOF, NULL);
  g_autoptr (GError) left = NULL;
  json_t *proof;

  if (!find_old_folder (self, error) || !require_space (self, error)
      || (file_exists (folder) && !backup_discard (folder, error)))
    return NULL;
  proof = prove_in (self, folder, job, error);
  if (file_exists (folder) && !backup_discard (folder, &left))
    log_event (LOG_WARNING, "A restored backup cannot be removed", "folder", folder, "error",
               left->message, NULL);
  return proof;
}

/* Only those that the server has named itself. */
static void
remove_oldest (const BackupWork *self)
{
  g_autoptr (GPtrArray) paths = list_folder (self->backups, NULL);
  gint64 left = setting_number (SETTING_BACKUP_KEEP);

  for (guint i = paths ? paths->len : 0; i > 0; i--) {
    g_autoptr (GError) error = NULL;

    if (backup_begun (paths->pdata[i - 1]) == 0 || left-- > 0)
      continue;
    if (!backup_discard (paths->pdata[i - 1], &error))
      log_event (LOG_WARNING, "An old backup cannot be removed", "folder", paths->pdata[i - 1],
                 "error", error->message, NULL);
  }
}

json_t *
backup_work_due (Job *job, gpointer data, GError **error)
{
  BackupWork *self = data;
  g_autoptr (GError) problem = NULL;
  json_t *result = backup_work_create (job, self, error), *proof;

  if (result == NULL)
    return NULL;
  remove_oldest (self);
  if (setting_number (SETTING_BACKUP_PROVE) == 0)
    return result;
  proof = backup_work_prove (job, self, &problem);
  if (proof == NULL) {
    keep_failure (self, problem);
    g_propagate_error (error, g_steal_pointer (&problem));
    json_decref (result);
    return NULL;
  }
  json_object_set_new (result, "proof", proof);
  return result;
}
