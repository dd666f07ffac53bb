/* Made once for each place of the list, and filled anew as it scrolls. */
#include "person-row.h"
#include "format.h"
#include <glib/gi18n.h>

struct _PersonRow {
  GtkBox parent;

  GtkLabel *title, *facts;
  GtkLevelBar *quota;
  JsonItem *item;
};
G_DEFINE_FINAL_TYPE (PersonRow, person_row, GTK_TYPE_BOX)

/* Nine tenths of what the person may have: mail is refused when all of it is used. */
static gboolean
is_nearly_full (const json_t *user)
{
  const gint64 quota = object_number (user, "quota");

  return quota > 0 && object_number (user, "used") >= quota - quota / 10;
}

static char *
facts_of (const json_t *user)
{
  g_autofree char *login = format_ago (object_number (user, "last_login"));
  g_autofree char *used = format_size (object_number (user, "used"));
  const char *state = object_flag (user, "locked") ? _ ("locked by the brake")
      : !object_flag (user, "enabled")             ? _ ("disabled")
      : is_nearly_full (user)                      ? _ ("mailbox nearly full")
      : object_flag (user, "administrator")        ? _ ("administrator")
                                                   : NULL;
  g_autofree char *last = g_strdup_printf (_ ("last login: %s"), login);

  return g_strjoin (" · ", used, last, state, NULL);
}

static void
show_quota (PersonRow *self, const json_t *user)
{
  const gint64 used = object_number (user, "used"), quota = object_number (user, "quota");

  gtk_widget_set_visible (GTK_WIDGET (self->quota), quota > 0);
  if (quota <= 0)
    return;
  g_autofree char *most = format_size (quota), *now = format_size (used);
  g_autofree char *tip = g_strdup_printf (_ ("%s of %s"), now, most);

  gtk_level_bar_set_value (self->quota, MIN (1.0, (double)used / (double)quota));
  if (is_nearly_full (user))
    gtk_widget_add_css_class (GTK_WIDGET (self->quota), "nearly-full");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->quota), "nearly-full");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->quota), tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->quota), GTK_ACCESSIBLE_PROPERTY_LABEL, tip,
                                  -1);
}

static void
show (PersonRow *self)
{
  const json_t *user = self->item ? json_item_object (self->item) : NULL;
  const char *address = object_text (user, "address"), *name = object_text (user, "display_name");
  g_autofree char *title = *name ? g_strdup_printf ("%s · %s", name, address) : g_strdup (address);
  g_autofree char *facts = facts_of (user);

  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->facts, facts);
  show_quota (self, user);
}

void
person_row_show (PersonRow *self, JsonItem *item)
{
  if (self->item)
    g_signal_handlers_disconnect_by_func (self->item, show, self);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  g_signal_connect_swapped (item, "notify::object", G_CALLBACK (show), self);
  show (self);
}

static void
person_row_dispose (GObject *object)
{
  person_row_show (PANEL_PERSON_ROW (object), NULL);
  G_OBJECT_CLASS (person_row_parent_class)->dispose (object);
}

static void
person_row_class_init (PersonRowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = person_row_dispose;
}

static GtkLabel *
add_label (GtkWidget *box, const char *const *classes)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_css_classes (label, (const char **)(gpointer)classes);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
person_row_init (PersonRow *self)
{
  static const char *const heading[] = { "heading", NULL };
  static const char *const caption[] = { "dim-label", "caption", NULL };
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *bar = gtk_level_bar_new ();

  gtk_widget_set_hexpand (texts, TRUE);
  self->title = add_label (texts, heading);
  self->facts = add_label (texts, caption);
  self->quota = GTK_LEVEL_BAR (bar);
  /* GTK paints a full one green, which is good for a battery. */
  gtk_level_bar_remove_offset_value (self->quota, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (self->quota, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (self->quota, GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (bar, 72, -1);
  gtk_widget_add_css_class (bar, "quota");
  gtk_box_append (GTK_BOX (self), texts);
  gtk_box_append (GTK_BOX (self), bar);
}

GtkWidget *
person_row_new (void)
{
  return g_object_new (PANEL_TYPE_PERSON_ROW, "spacing", 12, "margin-start", 12, "margin-end", 12,
                       "margin-top", 8, "margin-bottom", 8, NULL);
}
