/* Backups: those that are there, a new one, and whether one can be restored. */
#include "admin/backup-plan.h"
#include "admin/documents.h"
#include "admin/resources.h"
#include "archive/backup.h"
#include "settings.h"
#include <string.h>

static gboolean
require_absolute (const char *folder, GError **error)
{
  if (folder == NULL || g_path_is_absolute (folder))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("Name the backup's folder with its whole path."));
  return FALSE;
}

static gboolean
start (AdminCall *call, const char *kind, JobFunc func, const char *folder, GError **error)
{
  guint64 number = 0;

  if (require_absolute (folder, error))
    number = jobs_start (call->jobs, kind, JOB_ALONE, func,
                         backup_work_new (call->service->store, call->configuration, folder),
                         backup_work_free, error);
  if (number > 0)
    json_object_set_new (call->answer, "job", json_integer ((json_int_t)number));
  return number > 0;
}

/* {"folder": PATH on the server}; without one, a new folder below DATA/backups. */
gboolean
backup_post (AdminCall *call, GError **error)
{
  return start (call, "backup", backup_work_create, admin_call_optional_text (call, "folder"),
                error);
}

/* {"folder": PATH} */
gboolean
backup_verify_post (AdminCall *call, GError **error)
{
  const char *folder = admin_call_text (call, "folder", error);

  return folder && start (call, "verify", backup_work_verify, folder, error);
}

/* {"folder": PATH}; without one, the newest below DATA/backups. */
gboolean
backup_prove_post (AdminCall *call, GError **error)
{
  return start (call, "prove", backup_work_prove, admin_call_optional_text (call, "folder"), error);
}

static json_t *
or_null (json_t *value)
{
  return value ? value : json_null ();
}

static json_t *
describe (const char *folder, const json_t *proof)
{
  const gint64 begun = backup_begun (folder);
  guint64 bytes = 0;
  const gboolean is_whole = backup_size (folder, &bytes);
  const gboolean is_proved
      = g_strcmp0 (json_string_value (json_object_get (proof, "folder")), folder) == 0;

  return json_pack ("{s:s, s:o, s:I, s:b, s:o}", "folder", folder, "created",
                    begun ? json_integer (begun) : json_null (), "bytes", (json_int_t)bytes,
                    "whole", is_whole, "proved",
                    is_proved ? json_incref (json_object_get (proof, "time")) : json_null ());
}

gboolean
backups_get (AdminCall *call, GError **error)
{
  g_autoptr (GPtrArray) paths = backups_list (call->configuration, error);
  const gint64 every = setting_number (SETTING_BACKUP_EVERY);
  const gint64 newest = backups_newest (call->configuration);
  json_t *list = json_array (), *details = json_array (), *proof;

  json_object_set_new (call->answer, "backups", list);
  json_object_set_new (call->answer, "details", details);
  if (paths == NULL)
    return FALSE;
  proof = document_load (call->service->store, BACKUP_PROVED);
  for (guint i = 0; i < paths->len; i++) {
    json_array_append_new (list, json_string (paths->pdata[i]));
    json_array_append_new (details, describe (paths->pdata[i], proof));
  }
  json_object_update_new (
      call->answer,
      json_pack ("{s:I, s:I, s:o, s:o, s:o}", "every", (json_int_t)every, "keep",
                 (json_int_t)setting_number (SETTING_BACKUP_KEEP), "next",
                 every ? json_integer (MAX (newest + every, call->started)) : json_null (),
                 "proved", or_null (proof), "failed",
                 or_null (document_load (call->service->store, BACKUP_FAILED))));
  return TRUE;
}
