/* Long work: checks and compaction (backups: resource-backups.c). They answer with a job's number;
 * /v1/jobs/NUMBER tells the rest.
 */
#include "admin/resources.h"
#include "store/check.h"
#include "store/compact.h"

typedef struct {
  Store *store;
  gboolean repair;
} Work;

static gboolean
start (AdminCall *call, const char *kind, JobFunc func, gboolean repair, GError **error)
{
  Work *work = g_new0 (Work, 1);

  *work = (Work) { call->service->store, repair };
  guint64 number = jobs_start (call->jobs, kind, JOB_ALONE, func, work, g_free, error);
  if (number == 0)
    return FALSE;
  json_object_set_new (call->answer, "job", json_integer ((json_int_t)number));
  return TRUE;
}

static json_t *
run_check (Job *job, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (CheckReport) report = store_check (work->store, work->repair, job_goes_on, job, error);

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
  return start (call, "check", run_check, json_is_true (json_object_get (call->body, "repair")),
                error);
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
  return start (call, "compact", run_compact, FALSE, error);
}

gboolean
jobs_get (AdminCall *call, GError **error)
{
  json_object_set_new (call->answer, "jobs", jobs_list (call->jobs, NULL));
  return TRUE;
}

static gboolean
read_number (AdminCall *call, guint64 *number, GError **error)
{
  if (g_ascii_string_to_unsigned (call->argument, 10, 1, G_MAXINT64, number, NULL))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no such job."));
  return FALSE;
}

gboolean
job_delete (AdminCall *call, GError **error)
{
  guint64 number;

  return read_number (call, &number, error) && jobs_cancel (call->jobs, number, error);
}

gboolean
job_get (AdminCall *call, GError **error)
{
  guint64 number;
  json_t *job;

  if (!read_number (call, &number, error))
    return FALSE;
  job = jobs_describe (call->jobs, number);
  if (job == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no such job."));
  else
    json_object_update_new (call->answer, job);
  return job != NULL;
}
