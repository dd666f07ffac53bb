/* One list with its ETag: two administrators at once are noticed, setting by setting. */
#include "settings-model.h"
#include "actions.h"
#include "conflict.h"
#include "format.h"
#include "settings.h"
#include "window.h"
#include <glib/gi18n.h>

struct _SettingsModel {
  GObject parent;

  Connection *connection; /* owns us */
  GCancellable *cancellable;
  json_t *list;
  char *etag;
};
G_DEFINE_FINAL_TYPE (SettingsModel, settings_model, G_TYPE_OBJECT)

enum { LOADED, FAILED, REVERTED, SIGNAL_COUNT };
static guint signals[SIGNAL_COUNT];

static void
take (SettingsModel *self, json_t *answer, const char *etag)
{
  json_t *list = object_list (answer, "settings");

  if (list == NULL)
    return;
  json_decref (self->list);
  self->list = json_incref (list);
  g_free (self->etag);
  self->etag = g_strdup (etag);
  g_signal_emit (self, signals[LOADED], 0);
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
  if (answer != NULL)
    take (data, answer, etag);
  else
    g_signal_emit (data, signals[FAILED], 0, error);
}

void
settings_model_reload (SettingsModel *self)
{
  connection_get_async (self->connection, "/v1/settings", self->cancellable, did_load, self);
}

static void
did_change_there (SettingsModel *self, const char *what, const char *name)
{
  if (g_strcmp0 (what, "settings") == 0)
    settings_model_reload (self);
}

static void
settings_model_dispose (GObject *object)
{
  SettingsModel *self = PANEL_SETTINGS_MODEL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (settings_model_parent_class)->dispose (object);
}

static void
settings_model_finalize (GObject *object)
{
  SettingsModel *self = PANEL_SETTINGS_MODEL (object);

  json_decref (self->list);
  g_free (self->etag);
  G_OBJECT_CLASS (settings_model_parent_class)->finalize (object);
}

static void
settings_model_class_init (SettingsModelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = settings_model_dispose;
  G_OBJECT_CLASS (class)->finalize = settings_model_finalize;
  signals[LOADED] = g_signal_new ("loaded", PANEL_TYPE_SETTINGS_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", PANEL_TYPE_SETTINGS_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[REVERTED] = g_signal_new ("reverted", PANEL_TYPE_SETTINGS_MODEL, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
settings_model_init (SettingsModel *self)
{
  self->cancellable = g_cancellable_new ();
}

SettingsModel *
settings_model_of (Connection *connection)
{
  SettingsModel *self = g_object_get_data (G_OBJECT (connection), "settings-model");

  if (self != NULL)
    return self;
  self = g_object_new (PANEL_TYPE_SETTINGS_MODEL, NULL);
  self->connection = connection;
  g_object_set_data_full (G_OBJECT (connection), "settings-model", self, g_object_unref);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change_there), self,
                           G_CONNECT_SWAPPED);
  settings_model_reload (self);
  return self;
}

Connection *
settings_model_connection (SettingsModel *self)
{
  return self->connection;
}

json_t *
settings_model_list (SettingsModel *self)
{
  return self->list;
}

static json_t *
find (json_t *list, const char *key)
{
  json_t *setting;
  gsize i;

  json_array_foreach (list, i, setting)
  {
    if (g_strcmp0 (object_text (setting, "key"), key) == 0)
      return setting;
  }
  return NULL;
}

json_t *
settings_model_find (SettingsModel *self, const char *key)
{
  return find (self->list, key);
}

/* One change on its way. */
typedef struct {
  SettingsModel *model;
  Connection *connection; /* kept, so that the model's is there */
  char *key, *value, *before; /* NULL: the default; BEFORE: NULL where it was the default */
  char *seen; /* the state that the person saw */
  GtkWidget *from; /* NULL once it is gone */
  gboolean is_undo, is_secret;
} Change;

static void
change_free (Change *self)
{
  if (self->from != NULL)
    g_object_remove_weak_pointer (G_OBJECT (self->from), (gpointer *)&self->from);
  g_object_unref (self->model);
  g_object_unref (self->connection);
  g_free (self->key);
  g_free (self->value);
  g_free (self->before);
  g_free (self->seen);
  g_free (self);
}

static Change *
change_new (SettingsModel *model, const char *key, const char *value, const char *before,
            const char *seen, GtkWidget *from)
{
  Change *self = g_new0 (Change, 1);

  *self = (Change) { .model = g_object_ref (model),
                     .connection = g_object_ref (model->connection),
                     .key = g_strdup (key),
                     .value = g_strdup (value),
                     .before = g_strdup (before),
                     .seen = g_strdup (seen),
                     .from = from };
  if (from != NULL)
    g_object_add_weak_pointer (G_OBJECT (from), (gpointer *)&self->from);
  return self;
}

static void send (Change *self);
static void start (Change *self);

/* The person knows now what the server says. */
static void
see (Change *self)
{
  g_free (self->seen);
  self->seen = g_strdup (setting_mark (settings_model_find (self->model, self->key)));
}

static void
undo (gpointer data)
{
  Change *self = data;
  Change *back
      = change_new (self->model, self->key, self->before, self->value, self->seen, self->from);

  back->is_undo = TRUE;
  start (back);
}

static void
tell (Change *self)
{
  if (self->from == NULL)
    change_free (self);
  else if (self->is_undo || self->is_secret) {
    window_toast (self->from, self->is_undo ? _ ("Changed back") : _ ("Changed"));
    change_free (self);
  } else
    window_toast_undo (self->from, self->value ? _ ("Setting changed") : _ ("Default restored"),
                       undo, self, (GDestroyNotify)change_free);
}

/* Another setting was changed meanwhile: that harms nothing. The same one: a person decides. */
static gboolean
is_as_seen (Change *self)
{
  json_t *now = settings_model_find (self->model, self->key);

  return self->seen == NULL || g_strcmp0 (setting_mark (now), self->seen) == 0;
}

static void
keep_theirs (gpointer data)
{
  Change *self = data;

  g_signal_emit (self->model, signals[REVERTED], 0, self->key);
  change_free (self);
}

static void
write_mine (gpointer data)
{
  see (data);
  send (data);
}

/* Nobody can look at a secret, and marks end with the server's process: it may be the same. */
static char *
describe_conflict (const Change *self)
{
  json_t *now = settings_model_find (self->model, self->key);
  const char *mine = self->value ? self->value : object_text (now, "default");
  g_autofree char *theirs = setting_print (now, object_text (now, "value"));
  g_autofree char *wanted = setting_print (now, mine);

  if (self->is_secret)
    return g_strdup_printf (_ ("Since you saw %s, somebody else may have changed it. It is a "
                               "secret, so what it is now cannot be shown."),
                            self->key);
  return g_strdup_printf (_ ("%s was “%s” when you saw it, and is “%s” now. You want “%s”."),
                          self->key, self->seen, theirs, wanted);
}

static void
ask (Change *self)
{
  g_autofree char *text = describe_conflict (self);

  if (self->from != NULL)
    conflict_ask (self->from, CONFLICT_CHANGED, text, NULL, keep_theirs, write_mine, self, NULL);
  else
    keep_theirs (self);
}

static void
start (Change *self)
{
  if (is_as_seen (self))
    send (self);
  else
    ask (self);
}

static void
fail (Change *self, const GError *error)
{
  settings_model_reload (self->model); /* the row shows again what counts */
  if (self->from != NULL)
    window_toast_error (self->from, error);
  change_free (self);
}

static void
did_send (GObject *source, GAsyncResult *result, gpointer data)
{
  Change *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);
  const char *newer = NULL;

  if (answer != NULL) {
    take (self->model, answer, etag);
    see (self);
    tell (self);
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG)
             && connection_call_current (result, &newer) != NULL) {
    take (self->model, connection_call_current (result, NULL), newer);
    start (self);
  } else
    fail (self, error);
}

static void
send (Change *self)
{
  g_autoptr (json_t) body = json_pack ("{s:s?}", self->key, self->value);

  action_run_async (self->model->connection, ACTION_SETTING_SET, NULL, body, self->model->etag,
                    NULL, did_send, self);
}

void
settings_model_set (SettingsModel *self, const char *key, const char *value, const char *seen,
                    GtkWidget *from)
{
  json_t *setting = settings_model_find (self, key);
  const char *before = object_flag (setting, "changed") ? object_text (setting, "value") : NULL;
  Change *change = change_new (self, key, value, before, seen, from);

  change->is_secret = g_strcmp0 (object_text (setting, "type"), "secret") == 0;
  start (change);
}

/* A time as people say it: in the biggest unit that leaves nothing over. */
static char *
print_seconds (gint64 seconds)
{
  const gulong number = (gulong)seconds;

  if (seconds > 0 && seconds % 86400 == 0)
    return g_strdup_printf (ngettext ("%lu day", "%lu days", number / 86400), number / 86400);
  if (seconds > 0 && seconds % 3600 == 0)
    return g_strdup_printf (ngettext ("%lu hour", "%lu hours", number / 3600), number / 3600);
  if (seconds > 0 && seconds % 60 == 0)
    return g_strdup_printf (ngettext ("%lu minute", "%lu minutes", number / 60), number / 60);
  return g_strdup_printf (ngettext ("%lu second", "%lu seconds", number), number);
}

static char *
print_number (const char *type, gint64 number)
{
  if (g_strcmp0 (type, "size") == 0)
    return g_format_size_full ((guint64)number, G_FORMAT_SIZE_IEC_UNITS);
  return g_strcmp0 (type, "seconds") == 0 ? print_seconds (number) : format_count (number);
}

char *
setting_range (const json_t *setting)
{
  const char *type = object_text (setting, "type");

  if (g_strcmp0 (type, "number") != 0 && g_strcmp0 (type, "size") != 0
      && g_strcmp0 (type, "seconds") != 0)
    return NULL;
  g_autofree char *least = print_number (type, object_number (setting, "least"));
  g_autofree char *most = print_number (type, object_number (setting, "most"));
  return g_strdup_printf (_ ("from %s to %s"), least, most);
}

static const char *
choice_label (const json_t *setting, const char *value)
{
  json_t *choice;
  gsize i;

  json_array_foreach (object_list (setting, "choices"), i, choice)
  {
    if (g_strcmp0 (object_text (choice, "value"), value) == 0)
      return object_text (choice, "label");
  }
  return value;
}

const char *
setting_mark (const json_t *setting)
{
  const gboolean is_secret = g_strcmp0 (object_text (setting, "type"), "secret") == 0;

  return object_text (setting, is_secret ? "mark" : "value");
}

gboolean
setting_is_alike (const json_t *one, const json_t *other)
{
  return g_strcmp0 (setting_mark (one), setting_mark (other)) == 0
      && object_flag (one, "is_set") == object_flag (other, "is_set");
}

char *
setting_print (const json_t *setting, const char *value)
{
  const char *type = object_text (setting, "type");
  gint64 number;

  if (g_strcmp0 (type, "size") == 0 && size_parse (value, &number))
    return print_number (type, number);
  if (g_strcmp0 (type, "seconds") == 0 && seconds_parse (value, &number))
    return print_number (type, number);
  if (g_strcmp0 (type, "choice") == 0)
    return g_strdup (choice_label (setting, value));
  if (g_strcmp0 (type, "secret") == 0 && (*value || object_flag (setting, "is_set")))
    return g_strdup (_ ("a secret"));
  return g_strdup (*value ? value : _ ("empty"));
}
