/* hauspost check, compact, backup …: through the daemon, or on the data folder while it is down. */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/resources.h"
#include "archive/backup.h"
#include "platform/owner.h"
#include "store/check.h"
#include "language.h"

#define POLL_MICROSECONDS 200000

static gboolean
show_progress (guint64 done, guint64 total, gpointer data)
{
  console_progress (data, done, total);
  return TRUE;
}

/* The finished job's result (a new reference). */
static json_t *
finish_job (json_t *job, GError **error)
{
  const char *problem = json_string_value (json_object_get (job, "error"));
  json_t *result = json_incref (json_object_get (job, "result"));

  if (problem != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, problem);
  else if (result == NULL)
    result = json_object ();
  return problem == NULL ? result : NULL;
}

static json_t *
follow_job (AdminClient *client, gint64 number, const char *what, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/jobs/%" G_GINT64_FORMAT, number);
  json_t *job;

  while ((job = admin_client_call (client, "GET", path, NULL, error)) != NULL) {
    if (g_strcmp0 (json_string_value (json_object_get (job, "state")), "running") != 0)
      break;
    console_progress (what, (guint64)json_integer_value (json_object_get (job, "done")),
                      (guint64)json_integer_value (json_object_get (job, "total")));
    json_decref (job);
    g_usleep (POLL_MICROSECONDS);
  }
  console_progress_end ();
  json_t *result = job != NULL ? finish_job (job, error) : NULL;
  json_decref (job);
  return result;
}

json_t *
command_run_job (Invocation *invocation, const char *path, json_t *body, const char *what,
                 GError **error)
{
  AdminClient *client = command_client (invocation, error);
  json_t *answer = client != NULL ? admin_client_call (client, "POST", path, body, error) : NULL;
  gint64 number = json_integer_value (json_object_get (answer, "job"));

  json_decref (body);
  json_decref (answer);
  return answer != NULL ? follow_job (client, number, what, error) : NULL;
}

static gboolean
report_check (Invocation *invocation, const json_t *report, GError **error)
{
  gint64 problems = json_integer_value (json_object_get (report, "problems"));
  gint64 recovered = json_integer_value (json_object_get (report, "recovered"));
  gint64 repaired = json_integer_value (json_object_get (report, "repaired"));
  json_t *line;
  gsize i;

  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (report);
  else {
    json_array_foreach (json_object_get (report, "lines"), i, line)
        g_print ("%s\n", json_string_value (line));
    g_print (_ ("%d messages in %d entries and %d segments were verified.\n"),
             (int)json_integer_value (json_object_get (report, "messages")),
             (int)json_integer_value (json_object_get (report, "entries")),
             (int)json_integer_value (json_object_get (report, "segments")));
    if (recovered > 0)
      g_print (_ ("%d messages were brought back.\n"), (int)recovered);
    if (problems > 0)
      g_print (_ ("%d problems were found, %d of them are repaired.\n"), (int)problems,
               (int)repaired);
  }
  if (problems == repaired)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The store has %d problems."),
               (int)(problems - repaired));
  return FALSE;
}

/* A database that cannot be opened is made anew from the segments, when the administrator asked for
 * a repair. */
static CheckReport *
check_folder (const char *folder, gboolean repair, const char *what, GError **error)
{
  StoreOptions options = { .folder = folder };
  g_autoptr (GError) cause = NULL;

  if (!owner_become (folder, error)) /* until the command ends */
    return NULL;
  g_autoptr (Store) store = store_open (&options, &cause);
  if (store != NULL)
    return store_check (store, repair, show_progress, (gpointer)what, error);
  if (repair && g_error_matches (cause, STORE_ERROR, STORE_ERROR_CORRUPT)) {
    g_printerr (_ ("%s The store is made anew from its segments; users need new passwords.\n"),
                cause->message);
    return store_rebuild (folder, show_progress, (gpointer)what, error);
  }
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

static json_t *
check_offline (Invocation *invocation, gboolean repair, GError **error)
{
  const Configuration *configuration = command_configuration (invocation, error);
  g_autoptr (CheckReport) report = configuration != NULL
      ? check_folder (configuration->data, repair, _ ("Checking"), error)
      : NULL;

  console_progress_end ();
  return report != NULL ? check_report_describe (report) : NULL;
}

gboolean
command_check (Invocation *invocation, GError **error)
{
  gboolean repair = invocation->options[OPTION_REPAIR] != NULL;
  json_t *report;

  if (invocation->options[OPTION_OFFLINE] != NULL)
    report = check_offline (invocation, repair, error);
  else
    report = command_run_job (invocation, "/v1/check", json_pack ("{s:b}", "repair", repair),
                              _ ("Checking"), error);
  if (report == NULL)
    return FALSE;
  gboolean sound = report_check (invocation, report, error);
  json_decref (report);
  return sound;
}

gboolean
command_compact (Invocation *invocation, GError **error)
{
  json_t *report
      = command_run_job (invocation, "/v1/compact", json_object (), _ ("Compacting"), error);

  if (report == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (report);
  else {
    g_autofree char *bytes
        = g_format_size ((guint64)json_integer_value (json_object_get (report, "bytes")));
    g_print (_ ("%d deleted mails are gone for good; %s were given back to the disk.\n"),
             (int)json_integer_value (json_object_get (report, "deleted")), bytes);
  }
  json_decref (report);
  return TRUE;
}

static gboolean
report_folder (Invocation *invocation, json_t *result, const char *format)
{
  if (result == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (result);
  else
    g_print (format, json_string_value (json_object_get (result, "folder")));
  json_decref (result);
  return TRUE;
}

static json_t *
back_up_offline (Invocation *invocation, const char *target, GError **error)
{
  const Configuration *configuration = command_configuration (invocation, error);

  if (configuration == NULL || !owner_become (configuration->data, error))
    return NULL;
  StoreOptions options = { .folder = configuration->data };
  g_autoptr (Store) store = store_open (&options, error);
  gboolean done = store != NULL
      && backup_create (store, target, show_progress, (gpointer)_ ("Backing up"), error);
  console_progress_end ();
  return done ? json_pack ("{s:s}", "folder", target) : NULL;
}

gboolean
command_backup_create (Invocation *invocation, GError **error)
{
  const char *given = command_argument (invocation, 0);
  g_autofree char *folder = given != NULL ? g_canonicalize_filename (given, NULL) : NULL;
  json_t *result;

  if (invocation->options[OPTION_OFFLINE] == NULL)
    result = command_run_job (invocation, "/v1/backups", json_pack ("{s:s?}", "folder", folder),
                              _ ("Backing up"), error);
  else if (folder != NULL)
    result = back_up_offline (invocation, folder, error);
  else {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Name the backup's folder when you use --offline."));
    return FALSE;
  }
  return report_folder (invocation, result, _ ("The backup is in %s.\n"));
}

gboolean
command_backup_verify (Invocation *invocation, GError **error)
{
  g_autofree char *folder = g_canonicalize_filename (command_argument (invocation, 0), NULL);
  json_t *result = NULL;

  if (invocation->options[OPTION_OFFLINE] == NULL)
    result = command_run_job (invocation, "/v1/backups/verify",
                              json_pack ("{s:s}", "folder", folder), _ ("Verifying"), error);
  else {
    if (backup_verify (folder, show_progress, (gpointer)_ ("Verifying"), error))
      result = json_pack ("{s:s}", "folder", folder);
    console_progress_end ();
  }
  return report_folder (invocation, result, _ ("The backup in %s is whole.\n"));
}

gboolean
command_backup_prove (Invocation *invocation, GError **error)
{
  const char *given = command_argument (invocation, 0);
  g_autofree char *folder = given != NULL ? g_canonicalize_filename (given, NULL) : NULL;
  json_t *result = command_run_job (invocation, "/v1/backups/prove",
                                    json_pack ("{s:s?}", "folder", folder), _ ("Restoring"), error);

  return report_folder (invocation, result, _ ("The backup in %s was restored and is whole.\n"));
}

gboolean
command_backup_list (Invocation *invocation, GError **error)
{
  return command_print_names (invocation, "/v1/backups", "backups", error);
}

gboolean
command_backup_restore (Invocation *invocation, GError **error)
{
  g_autofree char *backup = g_canonicalize_filename (command_argument (invocation, 0), NULL);
  g_autofree char *folder = g_canonicalize_filename (command_argument (invocation, 1), NULL);
  gboolean done = owner_become (folder, error)
      && backup_restore (backup, folder, show_progress, (gpointer)_ ("Restoring"), error);

  console_progress_end ();
  if (done)
    g_print (_ ("The backup is restored into %s. Set data = %s in the configuration and start the "
                "daemon.\n"),
             folder, folder);
  return done;
}
