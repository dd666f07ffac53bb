/* The file is read as soon as it was chosen; what was read is wiped, as it may be a key. */
#include "widgets/file-row.h"
#include "widgets/file-dialog.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

#define MOST (256 * 1024)

struct _FileRow {
  AdwActionRow parent;

  GCancellable *cancellable;
  char *kind, *patterns;
  GtkWidget *button;
  char *contents; /* NULL: none */
  GBytes *bytes; /* of the contents */
};
G_DEFINE_FINAL_TYPE (FileRow, file_row, ADW_TYPE_ACTION_ROW)

static guint changed_signal;

static void
forget (FileRow *self)
{
  if (self->contents != NULL)
    memset (self->contents, 0, g_bytes_get_size (self->bytes));
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->contents, g_free);
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  char *contents = NULL;
  gsize length = 0;

  g_file_load_contents_finish (G_FILE (source), result, &contents, &length, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  FileRow *self = data;
  if (contents == NULL || length == 0 || length > MOST) {
    g_free (contents);
    window_toast (GTK_WIDGET (self),
                  error != NULL ? error->message : _ ("That file is empty or far too big."));
    return;
  }
  forget (self);
  self->contents = contents;
  self->bytes = g_bytes_new_static (contents, length);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), name);
  g_signal_emit (self, changed_signal, 0);
}

static void
did_choose (GFile *file, gpointer data)
{
  FileRow *self = data;

  g_file_load_contents_async (file, self->cancellable, did_read, self);
}

static void
ask (FileRow *self)
{
  file_dialog_open (GTK_WIDGET (self), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)),
                    self->kind, self->patterns, did_choose, self);
}

static void
file_row_dispose (GObject *object)
{
  FileRow *self = PANEL_FILE_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  forget (self);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->patterns, g_free);
  G_OBJECT_CLASS (file_row_parent_class)->dispose (object);
}

static void
file_row_class_init (FileRowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = file_row_dispose;
  changed_signal = g_signal_new ("changed", PANEL_TYPE_FILE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
file_row_init (FileRow *self)
{
  self->cancellable = g_cancellable_new ();
  self->button = gtk_button_new_with_mnemonic (_ ("_Choose…"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (ask), self);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _ ("none chosen"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->button);
}

GtkWidget *
file_row_new (const char *title, const char *kind, const char *patterns)
{
  FileRow *self = g_object_new (PANEL_TYPE_FILE_ROW, "title", title, NULL);

  self->kind = g_strdup (kind);
  self->patterns = g_strdup (patterns);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
  return GTK_WIDGET (self);
}

GBytes *
file_row_get_bytes (FileRow *self)
{
  return self->bytes;
}

gboolean
file_row_is_pem (FileRow *self)
{
  static const char begin[] = "-----BEGIN ";
  gsize length = 0;
  const char *text = self->bytes ? g_bytes_get_data (self->bytes, &length) : NULL;

  return text != NULL && g_strstr_len (text, (gssize)length, begin) != NULL
      && g_utf8_validate (text, (gssize)length, NULL);
}
