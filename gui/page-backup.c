/* The list of backups, the job that runs, the schedule's settings. */
#include "page-backup.h"
#include "actions.h"
#include "format.h"
#include "job-row.h"
#include "row-list.h"
#include "setting-row.h"
#include "widgets/copy-row.h"
#include "widgets/page-frame.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

static const char *const kinds[] = { "backup", "verify", "prove", NULL };

struct _PageBackup {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  PageFrame *frame;
  GtkButton *now;
  AdwPreferencesGroup *state, *schedule, *list, *restore;
  AdwActionRow *last, *proved, *next;
  GtkWidget *job, *restore_row;
};
G_DEFINE_FINAL_TYPE (PageBackup, page_backup, ADW_TYPE_BIN)

/* The newest comes first; before GET /v1/backups told more, it told folders alone. */
static json_t *
details_of (const json_t *answer)
{
  json_t *details = object_list (answer, "details"), *sorted = json_array (), *folder;
  gsize i;

  if (details == NULL) {
    json_array_foreach (object_list (answer, "backups"), i, folder)
        json_array_insert_new (sorted, 0, json_pack ("{s:O}", "folder", folder));
    return sorted;
  }
  json_array_foreach (details, i, folder) json_array_insert (sorted, 0, folder);
  return sorted;
}

static void
show_proof (PageBackup *self, const json_t *proved, const json_t *failed)
{
  const gulong mails = (gulong)object_number (proved, "messages");
  g_autofree char *time = format_time (object_number (proved, "time"));
  g_autofree char *good
      = g_strdup_printf (ngettext ("%s: %lu mail was read, and it was whole.",
                                   "%s: %lu mails were read, and all were whole.", mails),
                         time, mails);
  g_autofree char *bad = failed != NULL
      ? g_strdup_printf (_ ("The last backup failed: %s"), object_text (failed, "error"))
      : NULL;

  if (proved == NULL || json_is_null (proved))
    adw_action_row_set_subtitle (
        self->proved,
        _ ("never. Nobody knows whether the backups are good before one was restored."));
  else
    adw_action_row_set_subtitle (self->proved, good);
  if (bad != NULL && json_is_object (failed))
    adw_action_row_set_subtitle (self->last, bad);
}

static void
show_state (PageBackup *self, const json_t *answer, const json_t *newest)
{
  const gint64 next = object_number (answer, "next"), created = object_number (newest, "created");
  g_autofree char *ago = created > 0 ? format_ago (created) : NULL;
  g_autofree char *time = created > 0 ? format_time (created) : NULL;
  g_autofree char *last = ago != NULL ? g_strdup_printf ("%s (%s)", ago, time) : NULL;
  g_autofree char *due = next > 0 ? format_time (next) : g_strdup (_ ("none is planned"));

  adw_action_row_set_subtitle (self->last,
                               last != NULL         ? last
                                   : newest != NULL ? object_text (newest, "folder")
                                                    : _ ("never"));
  adw_action_row_set_subtitle (self->next, due);
  gtk_widget_set_visible (GTK_WIDGET (self->next), object_has (answer, "every"));
  gtk_widget_set_visible (GTK_WIDGET (self->proved), object_list (answer, "details") != NULL);
  show_proof (self, json_object_get (answer, "proved"), json_object_get (answer, "failed"));
}

/* The command names the newest backup, so that it can be copied as it is. */
static void
show_restore (PageBackup *self, const json_t *newest)
{
  const char *folder = newest != NULL ? object_text (newest, "folder") : _ ("BACKUP");
  g_autofree char *quoted = g_shell_quote (folder);
  g_autofree char *command = g_strdup_printf ("hauspost backup restore %s /var/lib/hauspost-new",
                                              newest != NULL ? quoted : folder);

  copy_row_set_value (PANEL_COPY_ROW (self->restore_row), command);
}

static GtkWidget *backup_row (json_t *backup, gpointer data);

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageBackup *self = data;
  if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  g_autoptr (json_t) list = details_of (answer);
  show_state (self, answer, json_array_get (list, 0));
  show_restore (self, json_array_get (list, 0));
  row_list_fill (self->list, list, _ ("There is none yet. Make the first one now."), backup_row,
                 self);
  page_frame_show_content (self->frame);
}

static void
reload (PageBackup *self)
{
  if (self->connection != NULL)
    connection_get_async (self->connection, "/v1/backups", self->cancellable, did_load, self);
}

static void
did_change (PageBackup *self, const char *what, const char *name)
{
  if (g_strcmp0 (what, "backups") == 0)
    reload (self);
  if (g_strcmp0 (what, "jobs") == 0)
    job_row_find (PANEL_JOB_ROW (self->job), kinds);
}

/* Work. */

static void
did_end (PageBackup *self, json_t *job)
{
  static const struct {
    const char *kind, *good;
  } ends[] = { { "backup", N_ ("The backup is there") },
               { "verify", N_ ("Every byte of the backup is right") },
               { "prove", N_ ("The backup was restored, and every mail in it is whole") } };
  const char *state = object_text (job, "state");

  gtk_widget_set_sensitive (GTK_WIDGET (self->now), connection_may_change (self->connection));
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (strcmp (state, "done") == 0 && strcmp (object_text (job, "kind"), ends[i].kind) == 0)
      window_toast (GTK_WIDGET (self), _ (ends[i].good));
  if (strcmp (state, "failed") == 0) {
    g_autoptr (GError) error
        = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, object_text (job, "error"));
    window_toast_error (GTK_WIDGET (self), error);
  } else if (job == NULL)
    window_toast (GTK_WIDGET (self), _ ("The server was started anew meanwhile: begin again."));
  reload (self);
}

static void
did_start (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageBackup *self = data;
  if (answer != NULL)
    job_row_watch (PANEL_JOB_ROW (self->job), object_number (answer, "job"));
  else {
    gtk_widget_set_sensitive (GTK_WIDGET (self->now), TRUE);
    window_toast_error (GTK_WIDGET (self), error);
  }
}

static void
run (PageBackup *self, Action action, const char *folder)
{
  g_autoptr (json_t) body = folder != NULL ? json_pack ("{s:s}", "folder", folder) : json_object ();

  action_run_async (self->connection, action, NULL, body, NULL, self->cancellable, did_start, self);
}

static void
back_up (PageBackup *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->now), FALSE);
  run (self, ACTION_BACKUP_CREATE, NULL);
}

static const char *
folder_of (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "folder");
}

static void
did_verify (GtkWidget *button, PageBackup *self)
{
  run (self, ACTION_BACKUP_VERIFY, folder_of (button));
}

static void
did_prove (GtkWidget *button, PageBackup *self)
{
  run (self, ACTION_BACKUP_PROVE, folder_of (button));
}

static void
add_button (GtkWidget *row, PageBackup *self, Action action, const char *folder, const char *label,
            GCallback func)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "folder", g_strdup (folder), g_free);
  g_signal_connect (button, "clicked", func, self);
  action_describe (button, action, folder);
  gtk_widget_set_sensitive (button, connection_may_change (self->connection));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static GtkWidget *
backup_row (json_t *backup, gpointer data)
{
  PageBackup *self = data;
  const char *folder = object_text (backup, "folder");
  const gint64 created = object_number (backup, "created"), bytes = object_number (backup, "bytes");
  g_autofree char *time = created > 0 ? format_time (created) : g_path_get_basename (folder);
  g_autofree char *size = bytes > 0 ? format_size (bytes) : NULL;
  g_autofree char *proof
      = object_has (backup, "proved") ? format_ago (object_number (backup, "proved")) : NULL;
  g_autofree char *said
      = proof != NULL ? g_strdup_printf (_ ("restored for proof %s"), proof) : NULL;
  g_autofree char *facts
      = g_strjoin (" · ", folder, size != NULL ? size : said, size != NULL ? said : NULL, NULL);
  GtkWidget *row = text_row_new (time, facts);

  if (proof != NULL)
    text_row_set_sign (row, "emblem-ok-symbolic", "success", _ ("proven"));
  add_button (row, self, ACTION_BACKUP_VERIFY, folder, _ ("_Verify"), G_CALLBACK (did_verify));
  add_button (row, self, ACTION_BACKUP_PROVE, folder, _ ("_Prove"), G_CALLBACK (did_prove));
  return row;
}

static void
page_backup_dispose (GObject *object)
{
  PageBackup *self = PANEL_PAGE_BACKUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (page_backup_parent_class)->dispose (object);
}

static void
page_backup_class_init (PageBackupClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = page_backup_dispose;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-backup.ui");
  gtk_widget_class_bind_template_child (widget, PageBackup, frame);
  gtk_widget_class_bind_template_child (widget, PageBackup, now);
  gtk_widget_class_bind_template_child (widget, PageBackup, state);
  gtk_widget_class_bind_template_child (widget, PageBackup, schedule);
  gtk_widget_class_bind_template_child (widget, PageBackup, list);
  gtk_widget_class_bind_template_child (widget, PageBackup, restore);
  gtk_widget_class_bind_template_child (widget, PageBackup, last);
  gtk_widget_class_bind_template_child (widget, PageBackup, proved);
  gtk_widget_class_bind_template_child (widget, PageBackup, next);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, back_up);
}

static void
page_backup_init (PageBackup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

/* Each step with its command. */
static void
add_restore_steps (PageBackup *self)
{
  self->restore_row = copy_row_new (_ ("2. Restore it beside the old folder"), "");
  adw_preferences_group_add (
      self->restore, copy_row_new (_ ("1. Stop the server where it still runs"), "hauspost stop"));
  adw_preferences_group_add (self->restore, self->restore_row);
  adw_preferences_group_add (
      self->restore,
      copy_row_new (_ ("3. Name the new folder in the configuration, under [server]"),
                    "data = /var/lib/hauspost-new"));
  adw_preferences_group_add (
      self->restore,
      copy_row_new (_ ("4. Start the server, and see how it is"), "hauspost status"));
}

GtkWidget *
page_backup_new (Connection *connection)
{
  PageBackup *self = g_object_new (PANEL_TYPE_PAGE_BACKUP, NULL);
  SettingsModel *settings = settings_model_of (connection);

  self->connection = g_object_ref (connection);
  page_frame_set_connection (self->frame, connection);
  self->job = job_row_new (connection);
  adw_preferences_group_add (self->state, self->job);
  adw_preferences_group_add (self->schedule, setting_row_new (settings, "backup.every"));
  adw_preferences_group_add (self->schedule, setting_row_new (settings, "backup.keep"));
  add_restore_steps (self);
  action_describe (GTK_WIDGET (self->now), ACTION_BACKUP_CREATE, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->now), connection_may_change (connection));
  g_signal_connect_object (self->job, "ended", G_CALLBACK (did_end), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  job_row_find (PANEL_JOB_ROW (self->job), kinds);
  reload (self);
  return GTK_WIDGET (self);
}
