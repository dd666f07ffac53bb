/* Long work: checks, compaction and backups. They answer with a job's number; /v1/jobs/NUMBER tells
 * the rest.
 */
#include "admin/resources.h"
#include "archive/backup.h"
#include "platform/file.h"
#include "store/check.h"
#include "store/compact.h"

typedef struct {
  Store *store;
  char *folder;
  gboolean repair;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->folder);
  g_free (work);
}

static gboolean
start (AdminCall *call, const char *kind, JobFunc func, const char *folder, gboolean repair,
       GError **error)
{
  Work *work = g_new0 (Work, 1);

  *work = (Work) { call->service->store, g_strdup (folder), repair };
  guint64 number = jobs_start (call->jobs, kind, func, work, work_free, error);
  if (number == 0)
    return FALSE;
  json_object_set_new (call->answer, "job", json_integer ((json_int_t)number));
  return TRUE;
}

static json_t *
run_check (Job *job, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (CheckReport) report
      = store_check (work->store, work->repair, job_progress, job, error);

  return report != NULL ? check_report_describe (report) : NULL;
}

json_t *
check_report_describe (const CheckReport *report)
{
  json_t *lines = json_array ();

  for (guint i = 0; i < report->lines->len; i++)
    json_array_append_new (lines, json_string (report->lines->pdata[i]));
  return json_pack (
      "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "messages", (json_int_t)report->messages, "bytes",
      (json_int_t)report->bytes, "segments", (json_int_t)report->segments, "entries",
      (json_int_t)report->entries, "problems", (json_int_t)report->problems, "repaired",
      (json_int_t)report->repaired, "recovered", (json_int_t)report->recovered, "lines", lines);
}

/* {"repair": bool} */
gboolean
check_post (AdminCall *call, GError **error)
{
  return start (call, "check", run_check, NULL,
                json_is_true (json_object_get (call->body, "repair")), error);
}

static json_t *
run_compact (Job *job, gpointer data, GError **error)
{
  Work *work = data;
  CompactReport report;

  if (!store_compact_sync (work->store, -1, job_progress, job, &report, error))
    return NULL;
  return json_pack ("{s:I, s:I, s:I}", "deleted", (json_int_t)report.tombstones, "messages",
                    (json_int_t)report.messages, "bytes", (json_int_t)report.bytes_freed);
}

/* What was deleted longer ago than the setting store.undelete-time. */
gboolean
compact_post (AdminCall *call, GError **error)
{
  return start (call, "compact", run_compact, NULL, FALSE, error);
}

static json_t *
run_backup (Job *job, gpointer data, GError **error)
{
  Work *work = data;

  if (!backup_create (work->store, work->folder, job_progress, job, error))
    return NULL;
  return json_pack ("{s:s}", "folder", work->folder);
}

static json_t *
run_verify (Job *job, gpointer data, GError **error)
{
  Work *work = data;

  if (!backup_verify (work->folder, job_progress, job, error))
    return NULL;
  return json_pack ("{s:s}", "folder", work->folder);
}

static char *
backups_folder (AdminCall *call)
{
  return g_build_filename (call->configuration->data, "backups", NULL);
}

static gboolean
require_absolute (const char *folder, GError **error)
{
  if (g_path_is_absolute (folder))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "Name the backup's folder with its whole path.");
  return FALSE;
}

/* {"folder": PATH on the server}; without one, a new folder below DATA/backups. */
gboolean
backup_post (AdminCall *call, GError **error)
{
  const char *given = admin_call_optional_text (call, "folder");
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *name = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  g_autofree char *base = backups_folder (call);
  g_autofree char *folder = given != NULL ? g_strdup (given) : g_build_filename (base, name, NULL);

  if (!require_absolute (folder, error) || (given == NULL && !file_make_folder (base, error)))
    return FALSE;
  return start (call, "backup", run_backup, folder, FALSE, error);
}

gboolean
backup_verify_post (AdminCall *call, GError **error)
{
  const char *folder = admin_call_text (call, "folder", error);

  return folder != NULL && require_absolute (folder, error)
      && start (call, "verify", run_verify, folder, FALSE, error);
}

gboolean
backups_get (AdminCall *call, GError **error)
{
  g_autofree char *base = backups_folder (call);
  json_t *list = json_array ();

  json_object_set_new (call->answer, "backups", list);
  if (!file_exists (base))
    return TRUE;
  g_autoptr (GPtrArray) names = file_list (base, error);
  if (names == NULL)
    return FALSE;
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *folder = g_build_filename (base, names->pdata[i], NULL);
    json_array_append_new (list, json_string (folder));
  }
  return TRUE;
}

gboolean
job_get (AdminCall *call, GError **error)
{
  guint64 number = 0;
  json_t *job = NULL;

  if (g_ascii_string_to_unsigned (call->argument, 10, 1, G_MAXINT64, &number, NULL))
    job = jobs_describe (call->jobs, number);
  if (job == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no such job.");
    return FALSE;
  }
  json_object_update_new (call->answer, job);
  return TRUE;
}
