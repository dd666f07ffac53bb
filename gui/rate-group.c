/* -1 is what the settings say, 0 any number (resource-submission.c). */
#include "rate-group.h"
#include "deed.h"
#include "format.h"
#include "json.h"
#include "widgets/spin-row.h"
#include <glib/gi18n.h>

enum { HOUR, DAY, PERIODS };
enum { AS_SET, ANY, OWN };
#define NEVER_SENT -2 /* no rate */

static const struct {
  const char *key, *title, *own;
} periods[PERIODS] = {
  [HOUR] = { "hour", N_ ("Recipients within an hour"), N_ ("At most, within an hour") },
  [DAY] = { "day", N_ ("Recipients within a day"), N_ ("At most, within a day") },
};

struct _RateGroup {
  AdwPreferencesGroup parent;

  Connection *connection;
  GCancellable *cancellable;
  Action action;
  char *name;
  char *etag;
  AdwComboRow *choices[PERIODS];
  GtkWidget *rows[PERIODS]; /* of the own number */
  GtkSpinButton *numbers[PERIODS];
  gint64 rates[PERIODS]; /* as the server has them */
  gint64 sent[PERIODS]; /* by us, the last time; or NEVER_SENT */
  gboolean is_showing;
  guint waiting; /* while somebody turns a number */
};
G_DEFINE_FINAL_TYPE (RateGroup, rate_group, ADW_TYPE_PREFERENCES_GROUP)

static void
show (RateGroup *self)
{
  self->is_showing = TRUE;
  for (guint i = 0; i < PERIODS; i++) {
    const gint64 rate = self->rates[i];
    adw_combo_row_set_selected (self->choices[i], rate < 0 ? AS_SET : rate == 0 ? ANY : OWN);
    if (rate > 0)
      gtk_spin_button_set_value (self->numbers[i], (double)rate);
    gtk_widget_set_visible (self->rows[i], rate > 0);
  }
  self->is_showing = FALSE;
}

static void
take (RateGroup *self, json_t *answer)
{
  for (guint i = 0; i < PERIODS; i++)
    self->rates[i] = object_number (answer, periods[i].key);
  if (self->waiting == 0)
    show (self);
}

/* What comes while the next number is turned already. */
static gboolean
is_sent (RateGroup *self, json_t *answer)
{
  for (guint i = 0; i < PERIODS; i++)
    if (self->sent[i] != object_number (answer, periods[i].key))
      return FALSE;
  return TRUE;
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  RateGroup *self = data;
  gtk_widget_set_visible (GTK_WIDGET (self), answer != NULL);
  if (answer == NULL || (self->waiting != 0 && !is_sent (self, answer)))
    return; /* a domain administrator may not see it; what a person turns is theirs */
  g_free (self->etag);
  self->etag = g_steal_pointer (&etag);
  take (self, answer);
}

static void
load (RateGroup *self)
{
  g_autofree char *path = action_path (self->action, self->name);

  connection_get_async (self->connection, path, self->cancellable, did_load, self);
}

static void
did_save (GtkWidget *widget)
{
  RateGroup *self = PANEL_RATE_GROUP (widget);

  if (self->connection != NULL)
    load (self);
}

static char *
print_rate (gint64 rate)
{
  return rate < 0 ? g_strdup (_ ("as in the settings"))
      : rate == 0 ? g_strdup (_ ("any number"))
                  : format_count (rate);
}

static char *
tell_current (const json_t *current, const Deed *deed)
{
  g_autofree char *hour = print_rate (object_number (current, periods[HOUR].key));
  g_autofree char *day = print_rate (object_number (current, periods[DAY].key));

  if (json_is_null (current))
    return g_strdup_printf (_ ("Somebody else has removed %s meanwhile."), deed->argument);
  return g_strdup_printf (_ ("Somebody else has changed how much may be sent. Recipients within an "
                             "hour: %s, within a day: %s."),
                          hour, day);
}

static gboolean
save (gpointer data)
{
  RateGroup *self = data;
  g_autoptr (json_t) body = json_object (), back = json_object ();
  const Deed deed = { .action = self->action,
                      .argument = self->name,
                      .body = body,
                      .etag = self->etag,
                      .tell = tell_current,
                      .said = _ ("Changed"),
                      .has_undo = TRUE,
                      .undo = self->action,
                      .undo_body = back };

  self->waiting = 0;
  for (guint i = 0; i < PERIODS; i++) {
    const guint choice = adw_combo_row_get_selected (self->choices[i]);
    const int own = gtk_spin_button_get_value_as_int (self->numbers[i]);
    self->sent[i] = choice == AS_SET ? -1 : choice == ANY ? 0 : own;
    json_object_set_new (body, periods[i].key, json_integer (self->sent[i]));
    json_object_set_new (back, periods[i].key, json_integer (self->rates[i]));
  }
  deed_run (&deed, self->connection, GTK_WIDGET (self), did_save);
  return G_SOURCE_REMOVE;
}

static void
did_change (RateGroup *self)
{
  if (self->is_showing || self->connection == NULL)
    return;
  for (guint i = 0; i < PERIODS; i++)
    gtk_widget_set_visible (self->rows[i], adw_combo_row_get_selected (self->choices[i]) == OWN);
  g_clear_handle_id (&self->waiting, g_source_remove);
  self->waiting = g_timeout_add (900, save, self);
}

static void
did_change_there (RateGroup *self, const char *what, const char *name)
{
  if (self->connection != NULL && (*what == '\0' || g_strcmp0 (what, "rates") == 0))
    load (self);
}

void
rate_group_load (RateGroup *self, Connection *connection, Action action, const char *name)
{
  self->connection = g_object_ref (connection);
  self->action = action;
  self->name = g_strdup (name);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change_there), self,
                           G_CONNECT_SWAPPED);
  load (self);
}

/* The person has only gone on quickly. */
static void
did_leave (RateGroup *self)
{
  if (self->waiting == 0)
    return;
  g_clear_handle_id (&self->waiting, g_source_remove);
  save (self);
}

static void
rate_group_dispose (GObject *object)
{
  RateGroup *self = PANEL_RATE_GROUP (object);

  g_clear_handle_id (&self->waiting, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (rate_group_parent_class)->dispose (object);
}

static void
rate_group_finalize (GObject *object)
{
  RateGroup *self = PANEL_RATE_GROUP (object);

  g_free (self->name);
  g_free (self->etag);
  G_OBJECT_CLASS (rate_group_parent_class)->finalize (object);
}

static void
rate_group_class_init (RateGroupClass *class)
{
  G_OBJECT_CLASS (class)->dispose = rate_group_dispose;
  G_OBJECT_CLASS (class)->finalize = rate_group_finalize;
}

static void
add_period (RateGroup *self, guint i)
{
  const char *const words[] = { _ ("As in the settings"), _ ("Any number"), _ ("A number"), NULL };
  g_autoptr (GtkStringList) list = gtk_string_list_new (words);
  GtkWidget *choice = adw_combo_row_new (), *row = adw_action_row_new ();
  GtkWidget *number = gtk_spin_button_new_with_range (1, 1000000, 10);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (choice), _ (periods[i].title));
  adw_combo_row_set_model (ADW_COMBO_ROW (choice), G_LIST_MODEL (list));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (periods[i].own));
  gtk_widget_set_valign (number, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (number), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (periods[i].own), -1);
  spin_button_leave_wheel (GTK_SPIN_BUTTON (number));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (number), i == HOUR ? 100 : 500);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), number);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), choice);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  self->choices[i] = ADW_COMBO_ROW (choice);
  self->rows[i] = row;
  self->numbers[i] = GTK_SPIN_BUTTON (number);
  g_signal_connect_swapped (choice, "notify::selected", G_CALLBACK (did_change), self);
  g_signal_connect_swapped (number, "value-changed", G_CALLBACK (did_change), self);
}

static void
rate_group_init (RateGroup *self)
{
  self->cancellable = g_cancellable_new ();
  self->is_showing = TRUE;
  for (guint i = 0; i < PERIODS; i++) {
    self->sent[i] = NEVER_SENT;
    add_period (self, i);
  }
  self->is_showing = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect (self, "unmap", G_CALLBACK (did_leave), NULL);
}
