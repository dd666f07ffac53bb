/* One list with its ETag; of a conflict only the settings count that are to be written. */
#include "step-settings.h"
#include "deed.h"
#include "json.h"
#include "settings-model.h"
#include <glib/gi18n.h>

struct _StepSettings {
  Assistant *assistant;
  GtkWidget *page;
  GCancellable *cancellable; /* the assistant's: once it is cancelled there is none */
  json_t *seen;
  char *etag; /* NULL before it came */
};

static void
step_settings_free (gpointer data)
{
  StepSettings *self = data;

  g_object_unref (self->cancellable);
  json_decref (self->seen);
  g_free (self->etag);
  g_free (self);
}

StepSettings *
step_settings_new (Assistant *assistant, GtkWidget *page)
{
  StepSettings *self = g_new0 (StepSettings, 1);

  self->assistant = assistant;
  self->page = page;
  self->cancellable = g_object_ref (assistant_cancellable (assistant));
  g_object_set_data_full (G_OBJECT (page), "step-settings", self, step_settings_free);
  return self;
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  if (answer == NULL)
    return; /* whoever writes is told */
  StepSettings *self = data;
  json_decref (self->seen);
  self->seen = json_incref (answer);
  g_free (self->etag);
  self->etag = g_steal_pointer (&etag);
}

void
step_settings_look (StepSettings *self)
{
  connection_get_async (assistant_connection (self->assistant), "/v1/settings", self->cancellable,
                        did_look, self);
}

static const json_t *
find (const json_t *answer, const char *key)
{
  json_t *setting;
  gsize i;

  json_array_foreach (object_list (answer, "settings"), i, setting)
  {
    if (g_strcmp0 (object_text (setting, "key"), key) == 0)
      return setting;
  }
  return NULL;
}

static char *
tell_current (const json_t *current, const Deed *deed)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *key;
  json_t *value;

  json_object_foreach (deed->body, key, value)
  {
    const json_t *now = find (current, key);
    g_autofree char *printed = setting_print (now, object_text (now, "value"));

    if (now != NULL && !setting_is_alike (now, find (deed->seen, key)))
      g_string_append_printf (text, "\n%s: %s", key, printed);
  }
  return text->len > 0 ? g_strconcat (
             _ ("Somebody else has changed meanwhile what you are about to set. Now it is:"),
             text->str, NULL)
                       : NULL;
}

void
step_settings_end (gpointer data, const char *etag, const GError *error)
{
  StepSettings *self = data;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG))
    assistant_advance (self->assistant);
  else
    assistant_stay (self->assistant, error->message);
}

void
step_settings_write (StepSettings *self, json_t *body)
{
  const Deed deed = { .action = ACTION_SETTING_SET,
                      .body = body,
                      .etag = self->etag,
                      .tell = tell_current,
                      .seen = self->seen,
                      .done = step_settings_end,
                      .data = self };

  if (self->etag != NULL)
    deed_run (&deed, assistant_connection (self->assistant), self->page, NULL);
  else {
    step_settings_look (self);
    assistant_stay (self->assistant,
                    _ ("The server has not told its settings yet. Try again in a moment."));
  }
}
