/* Each mail is a group, each line of its life a row: when, what, and a sign of how it went. */
#include "trace-view.h"
#include "format.h"
#include "json-list.h"
#include "mail-words.h"
#include <glib/gi18n.h>

#define MAILS 50

struct _TraceView {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable; /* of the look that is under way */
  GtkSearchEntry *entry;
  GtkStack *stack;
  GtkBox *mails;
  AdwStatusPage *failure;
};
G_DEFINE_FINAL_TYPE (TraceView, trace_view, ADW_TYPE_BIN)

static GtkWidget *
icon_new (const json_t *line)
{
  static const struct {
    const char *icon, *class, *name;
  } looks[] = { [LIFE_GOOD] = { "emblem-ok-symbolic", "success", N_ ("arrived") },
                [LIFE_WAITS] = { "content-loading-symbolic", "warning", N_ ("waits") },
                [LIFE_BAD] = { "dialog-error-symbolic", "error", N_ ("in vain") },
                [LIFE_PLAIN] = { "media-record-symbolic", "dim-label", NULL } };
  const LifeKind kind = life_kind (line);
  GtkWidget *icon = gtk_image_new_from_icon_name (looks[kind].icon);

  gtk_widget_add_css_class (icon, looks[kind].class);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (icon, 2);
  if (looks[kind].name != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ (looks[kind].name), -1);
  return icon;
}

static GtkWidget *
label_new (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_focusable (label, FALSE);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
line_new (const json_t *line)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *row = gtk_list_box_row_new ();
  g_autofree char *time = format_time (object_number (line, "time"));
  const char *sentence = object_text (line, "sentence");
  const char *said = *sentence ? sentence : object_text (line, "what");

  gtk_widget_set_hexpand (texts, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
  gtk_box_append (GTK_BOX (texts), label_new (said, NULL));
  gtk_box_append (GTK_BOX (texts), label_new (time, "dim-label"));
  gtk_widget_add_css_class (gtk_widget_get_last_child (texts), "caption");
  gtk_box_append (GTK_BOX (box), icon_new (line));
  gtk_box_append (GTK_BOX (box), texts);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static GtkWidget *
mail_new (const json_t *mail)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *list = gtk_list_box_new ();
  g_autofree char *title = life_title (mail);
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  json_t *lines = object_list (mail, "lines"), *line;
  const char *id = object_text (json_array_get (lines, 0), "message_id");
  g_autofree char *shown = *id ? g_markup_printf_escaped ("<%s>", id) : NULL;
  gsize i;

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), escaped);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), shown);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  json_array_foreach (lines, i, line) gtk_list_box_append (GTK_LIST_BOX (list), line_new (line));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  return group;
}

static void
show (TraceView *self, json_t *mails)
{
  GtkWidget *child;
  json_t *mail;
  gsize i;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->mails))) != NULL)
    gtk_box_remove (self->mails, child);
  json_array_foreach (mails, i, mail) gtk_box_append (self->mails, mail_new (mail));
  gtk_stack_set_visible_child_name (self->stack, json_array_size (mails) > 0 ? "mails" : "none");
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  TraceView *self = data;
  if (answer != NULL)
    show (self, object_list (answer, "mails"));
  else {
    adw_status_page_set_description (self->failure, error->message);
    gtk_stack_set_visible_child_name (self->stack, "failed");
  }
}

/* People paste "<id@host>" with its brackets. */
static char *
bare (const char *typed)
{
  g_autofree char *text = g_strstrip (g_strdup (typed));
  const gsize length = strlen (text);

  return *text == '<' && text[length - 1] == '>' ? g_strndup (text + 1, length - 2)
                                                 : g_steal_pointer (&text);
}

static void
did_type (TraceView *self)
{
  g_autofree char *about = bare (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  g_autoptr (json_t) body = *about ? json_pack ("{s:s, s:i}", "about", about, "limit", MAILS)
                                   : json_pack ("{s:i}", "limit", MAILS);

  if (self->connection == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  connection_call_async (self->connection, "POST", "/v1/trace", body, NULL, self->cancellable,
                         did_look, self);
}

void
trace_view_look (TraceView *self, const char *about)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), about);
  did_type (self);
}

static void
trace_view_dispose (GObject *object)
{
  TraceView *self = PANEL_TRACE_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (trace_view_parent_class)->dispose (object);
}

static void
trace_view_finalize (GObject *object)
{
  g_object_unref (PANEL_TRACE_VIEW (object)->cancellable);
  G_OBJECT_CLASS (trace_view_parent_class)->finalize (object);
}

static void
trace_view_class_init (TraceViewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = trace_view_dispose;
  G_OBJECT_CLASS (class)->finalize = trace_view_finalize;
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/trace-view.ui");
  gtk_widget_class_bind_template_child (widget, TraceView, entry);
  gtk_widget_class_bind_template_child (widget, TraceView, stack);
  gtk_widget_class_bind_template_child (widget, TraceView, mails);
  gtk_widget_class_bind_template_child (widget, TraceView, failure);
  gtk_widget_class_bind_template_callback (widget, did_type);
}

static void
trace_view_init (TraceView *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
trace_view_new (Connection *connection)
{
  TraceView *self = g_object_new (PANEL_TYPE_TRACE_VIEW, NULL);

  self->connection = g_object_ref (connection);
  did_type (self);
  return GTK_WIDGET (self);
}
