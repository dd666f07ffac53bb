/* Runs the steps one after the other, and tells how far it is. */
#include "admin/preflight.h"
#include "admin/documents.h"
#include "log.h"
#include "settings.h"
#include <string.h>

static const char *const states[] = { "waiting", "running", "good", "attention", "bad", "unknown" };

static char **
split (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ,", -1);
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();

  for (char **word = words; *word; word++)
    if (**word)
      g_strv_builder_add (kept, *word);
  return g_strv_builder_end (kept);
}

Preflight *
preflight_new (Store *store, Dns *dns, BlockLists *lists, const Configuration *configuration,
               const char *outside, const char *helo)
{
  g_autofree char *hosts = setting_text (SETTING_PREFLIGHT_OUTSIDE);
  Preflight *self = g_new0 (Preflight, 1);

  self->store = store;
  self->dns = dns;
  self->lists = lists;
  self->data = g_strdup (configuration->data);
  self->hostname = g_strdup (configuration->hostname);
  self->helo = g_strdup (helo ? helo : configuration->hostname);
  self->relay = setting_text (SETTING_QUEUE_RELAY);
  self->clock = setting_text (SETTING_PREFLIGHT_CLOCK);
  self->outside = split (outside ? outside : hosts);
  for (guint i = 0; i < LISTEN_COUNT; i++)
    self->listen[i] = g_strdupv (configuration->listen[i]);
  return self;
}

void
preflight_free (gpointer data)
{
  Preflight *self = data;

  g_free (self->data);
  g_free (self->hostname);
  g_free (self->helo);
  g_free (self->relay);
  g_free (self->clock);
  g_strfreev (self->outside);
  for (guint i = 0; i < LISTEN_COUNT; i++)
    g_strfreev (self->listen[i]);
  g_clear_pointer (&self->server, g_ptr_array_unref);
  g_free (self);
}

void
preflight_find (PreflightFinding *finding, PreflightState state, char *text, const char *next)
{
  g_free (finding->text);
  finding->state = state;
  finding->text = text;
  finding->next = next;
}

static json_t *
describe (const PreflightFinding *findings)
{
  json_t *steps = json_array ();

  for (guint i = 0; i < preflight_step_count; i++) {
    const PreflightFinding *one = &findings[i];

    json_array_append_new (steps,
                           json_pack ("{s:s, s:s, s:s, s:s?, s:s?, s:O?, s:s?}", "id",
                                      preflight_steps[i].id, "title", _ (preflight_steps[i].title),
                                      "state", states[one->state], "text", one->text, "next",
                                      one->next, "action", one->action, "page", one->page));
  }
  return json_pack ("{s:o}", "steps", steps);
}

static void
tell (Job *job, const PreflightFinding *findings, guint done)
{
  json_t *so_far = describe (findings);

  job_tell (job, so_far);
  job_progress (done, preflight_step_count, job);
  json_decref (so_far);
}

static void
keep (const Preflight *self, const json_t *result)
{
  g_autoptr (GError) error = NULL;
  json_t *kept = json_pack ("{s:I, s:O}", "time", (json_int_t)(g_get_real_time () / G_USEC_PER_SEC),
                            "steps", json_object_get (result, "steps"));

  if (!document_keep (self->store, PREFLIGHT, kept, &error))
    log_event (LOG_WARNING, "What the pre-flight found is not kept", "error", error->message, NULL);
  json_decref (kept);
}

json_t *
preflight_run (Job *job, gpointer data, GError **error)
{
  g_autofree PreflightFinding *findings = g_new0 (PreflightFinding, preflight_step_count);
  Preflight *self = data;
  json_t *result = NULL;
  guint done;

  self->job = job;
  for (done = 0; done < preflight_step_count && !job_was_cancelled (job); done++) {
    findings[done].state = PREFLIGHT_RUNNING;
    tell (job, findings, done);
    preflight_steps[done].run (self, &findings[done]);
  }
  self->job = NULL;
  tell (job, findings, done);
  if (done == preflight_step_count && !job_was_cancelled (job)) {
    result = describe (findings);
    keep (self, result);
  } else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("It was cancelled."));
  for (guint i = 0; i < preflight_step_count; i++) {
    g_free (findings[i].text);
    json_decref (findings[i].action);
  }
  return result;
}
