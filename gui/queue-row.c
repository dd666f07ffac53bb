/* Who, to whom, and why it is still here; what can be done is in a menu. */
#include "queue-row.h"
#include "format.h"
#include "mail-words.h"
#include <glib/gi18n.h>

struct _QueueRow {
  GtkBox parent;

  JsonItem *item;
  gboolean may_change;
  GSimpleActionGroup *actions;
  GtkImage *icon;
  GtkLabel *recipient, *facts, *why;
  GtkButton *retry;
  GtkMenuButton *more;
};
G_DEFINE_FINAL_TYPE (QueueRow, queue_row, GTK_TYPE_BOX)

static guint act_signal;

/* To add an action, add a line here and one to the menu of queue-row.ui. */
static const struct {
  const char *name;
  int action;
} actions[] = { { "hold", ACTION_QUEUE_HOLD },
                { "release", ACTION_QUEUE_RELEASE },
                { "bounce", ACTION_QUEUE_BOUNCE },
                { "remove", ACTION_QUEUE_REMOVE },
                { "trace", QUEUE_ROW_TRACE } };

static void
did_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *name = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_strcmp0 (actions[i].name, name) == 0)
      g_signal_emit (data, act_signal, 0, actions[i].action);
}

static void
did_retry (QueueRow *self)
{
  g_signal_emit (self, act_signal, 0, (int)ACTION_QUEUE_RETRY);
}

static void
enable (QueueRow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
show_actions (QueueRow *self, MailState state)
{
  const gboolean held = state == MAIL_IS_HELD || state == MAIL_IS_BRAKED;

  enable (self, "hold", self->may_change && !held);
  enable (self, "release", self->may_change && held);
  enable (self, "bounce", self->may_change);
  enable (self, "remove", self->may_change);
  gtk_widget_set_visible (GTK_WIDGET (self->retry), self->may_change && !held);
}

static void
show_icon (QueueRow *self, MailState state)
{
  static const struct {
    const char *icon, *class;
  } looks[] = { [MAIL_IS_NEW] = { "mail-send-symbolic", "dim-label" },
                [MAIL_IS_TRIED] = { "dialog-warning-symbolic", "warning" },
                [MAIL_IS_SCHEDULED] = { "alarm-symbolic", "dim-label" },
                [MAIL_IS_HELD] = { "media-playback-pause-symbolic", "accent" },
                [MAIL_IS_BRAKED] = { "dialog-error-symbolic", "error" } };

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), looks[i].class);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), looks[state].class);
  gtk_image_set_from_icon_name (self->icon, looks[state].icon);
}

static void
name_buttons (QueueRow *self, const char *recipient)
{
  g_autofree char *retry = g_strdup_printf (_ ("Try again: mail for %s"), recipient);
  g_autofree char *more = g_strdup_printf (_ ("More for the mail to %s"), recipient);

  action_describe (GTK_WIDGET (self->retry), ACTION_QUEUE_RETRY,
                   json_item_text (self->item, "name"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->retry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  retry, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->more), GTK_ACCESSIBLE_PROPERTY_LABEL, more,
                                  -1);
}

static void
update (QueueRow *self)
{
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const json_t *item = json_item_object (self->item);
  const char *sender = object_text (item, "sender"), *recipient = object_text (item, "recipient");
  g_autofree char *size = format_size (object_number (item, "size"));
  g_autofree char *since = format_ago (object_number (item, "created"));
  g_autofree char *facts = g_strdup_printf (
      _ ("from %s · %s · %s"), *sender ? sender : _ ("this server (a report)"), size, since);
  g_autofree char *why = mail_why (item, now);

  gtk_label_set_text (self->recipient, recipient);
  gtk_label_set_text (self->facts, facts);
  gtk_label_set_text (self->why, why);
  show_icon (self, mail_state (item, now));
  show_actions (self, mail_state (item, now));
  name_buttons (self, recipient);
}

void
queue_row_show (QueueRow *self, JsonItem *item)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  g_signal_connect_swapped (item, "notify::object", G_CALLBACK (update), self);
  update (self);
}

JsonItem *
queue_row_item (QueueRow *self)
{
  return self->item;
}

static void
queue_row_dispose (GObject *object)
{
  QueueRow *self = PANEL_QUEUE_ROW (object);

  queue_row_show (self, NULL);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (queue_row_parent_class)->dispose (object);
}

static void
queue_row_class_init (QueueRowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = queue_row_dispose;
  act_signal = g_signal_new ("act", PANEL_TYPE_QUEUE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                             G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/queue-row.ui");
  gtk_widget_class_bind_template_child (widget, QueueRow, icon);
  gtk_widget_class_bind_template_child (widget, QueueRow, recipient);
  gtk_widget_class_bind_template_child (widget, QueueRow, facts);
  gtk_widget_class_bind_template_child (widget, QueueRow, why);
  gtk_widget_class_bind_template_child (widget, QueueRow, retry);
  gtk_widget_class_bind_template_child (widget, QueueRow, more);
}

static void
queue_row_init (QueueRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->actions = g_simple_action_group_new ();
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++) {
    const GActionEntry entry = { .name = actions[i].name, .activate = did_activate };
    g_action_map_add_action_entries (G_ACTION_MAP (self->actions), &entry, 1, self);
  }
  gtk_widget_insert_action_group (GTK_WIDGET (self), "row", G_ACTION_GROUP (self->actions));
  g_signal_connect_swapped (self->retry, "clicked", G_CALLBACK (did_retry), self);
}

GtkWidget *
queue_row_new (gboolean may_change)
{
  QueueRow *self = g_object_new (PANEL_TYPE_QUEUE_ROW, NULL);

  self->may_change = may_change;
  return GTK_WIDGET (self);
}
