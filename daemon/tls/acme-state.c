/* A small JSON file, replaced whole. */
#include "tls/acme-state.h"
#include "platform/file.h"
#include <string.h>

#define FILE_MAX (1024 * 1024)
#define FIRST_WAIT 600 /* seconds after the first failure; then three times as long each time */
#define LONGEST_WAIT (12 * 3600)
#define FIRST_HOST_WAIT 3600 /* authorities allow five failures of a name in an hour */
#define LONGEST_HOST_WAIT 86400
#define DAY 86400

void
acme_state_free (AcmeState *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->explanation);
  json_decref (self->problem);
  g_free (self->order);
  g_strfreev (self->order_hosts);
  json_decref (self->hosts);
  g_free (self);
}

static char *
state_path (const char *folder, const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  return g_build_filename (folder, file, NULL);
}

char *
acme_state_key_path (const char *folder, const char *name)
{
  return state_path (folder, name, ".key");
}

static json_t *
load (const char *path)
{
  g_autoptr (GBytes) bytes = file_exists (path) ? file_map (path, NULL) : NULL;
  gsize length = 0;
  const char *text = bytes ? g_bytes_get_data (bytes, &length) : NULL;

  return text && length <= FILE_MAX ? json_loadb (text, length, 0, NULL) : NULL;
}

static gint64
number_of (const json_t *object, const char *key)
{
  return json_integer_value (json_object_get (object, key));
}

static char **
list_of (const json_t *list)
{
  GPtrArray *texts = g_ptr_array_new ();
  const json_t *text;
  gsize i;

  json_array_foreach (list, i, text)
  {
    if (json_is_string (text))
      g_ptr_array_add (texts, g_strdup (json_string_value (text)));
  }
  g_ptr_array_add (texts, NULL);
  return (char **)g_ptr_array_free (texts, FALSE);
}

AcmeState *
acme_state_load (const char *folder, const char *name)
{
  g_autofree char *path = state_path (folder, name, ".json");
  json_t *object = load (path);
  json_t *hosts = json_object_get (object, "hosts");
  AcmeState *self = g_new0 (AcmeState, 1);

  self->name = g_strdup (name);
  self->renew_at = number_of (object, "renew_at");
  self->ask_at = number_of (object, "ask_at");
  self->explanation = g_strdup (json_string_value (json_object_get (object, "explanation")));
  self->failures = (guint)CLAMP (number_of (object, "failures"), 0, 1000);
  self->tried = number_of (object, "tried");
  self->next = number_of (object, "next");
  self->problem = json_incref (json_object_get (object, "problem"));
  self->order = g_strdup (json_string_value (json_object_get (object, "order")));
  self->order_hosts = list_of (json_object_get (object, "order_hosts"));
  self->hosts = json_is_object (hosts) ? json_incref (hosts) : json_object ();
  self->told = (guint)CLAMP (number_of (object, "told"), 0, 1000);
  json_decref (object);
  return self;
}

gboolean
acme_state_save (const AcmeState *self, const char *folder, GError **error)
{
  g_autofree char *path = state_path (folder, self->name, ".json");
  json_t *order_hosts = json_array ();

  for (char **host = self->order_hosts; *host; host++)
    json_array_append_new (order_hosts, json_string (*host));
  json_t *object = json_pack (
      "{s:I, s:I, s:s*, s:i, s:I, s:I, s:O*, s:s*, s:o, s:O, s:i}", "renew_at",
      (json_int_t)self->renew_at, "ask_at", (json_int_t)self->ask_at, "explanation",
      self->explanation, "failures", (int)self->failures, "tried", (json_int_t)self->tried, "next",
      (json_int_t)self->next, "problem", self->problem, "order", self->order, "order_hosts",
      order_hosts, "hosts", self->hosts, "told", (int)self->told);
  char *text = json_dumps (object, JSON_INDENT (1));
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  const gboolean saved = file_make_folder (folder, error) && file_replace (path, bytes, error);
  free (text);
  json_decref (object);
  return saved;
}

gboolean
acme_state_remove (const char *folder, const char *name, GError **error)
{
  static const char *const suffixes[] = { ".json", ".key" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *path = state_path (folder, name, suffixes[i]);
    if (file_exists (path) && (!file_remove (path, error) || !file_sync_folder (folder, error)))
      return FALSE;
  }
  return TRUE;
}

/* FIRST, three times as long after each failure, up to LONGEST; a fifth more or less by chance. */
static gint64
wait_after (guint failures, gint64 first, gint64 longest, guint least)
{
  gint64 wait = first;

  for (guint i = 1; i < failures && wait < longest; i++)
    wait *= 3;
  wait = (gint64)((double)MIN (wait, longest) * g_random_double_range (0.8, 1.2));
  return MAX (wait, (gint64)least);
}

void
acme_state_fail (AcmeState *self, json_t *problem, guint wait, gint64 now)
{
  json_decref (self->problem);
  self->problem = problem;
  self->failures++;
  self->tried = now;
  self->next = now + wait_after (self->failures, FIRST_WAIT, LONGEST_WAIT, wait);
}

void
acme_state_fail_host (AcmeState *self, const char *host, json_t *problem, guint wait, gint64 now)
{
  const guint failures
      = (guint)CLAMP (number_of (json_object_get (self->hosts, host), "failures"), 0, 1000) + 1;
  const gint64 next = now + wait_after (failures, FIRST_HOST_WAIT, LONGEST_HOST_WAIT, wait);

  json_object_set_new (self->hosts, host,
                       json_pack ("{s:i, s:I, s:o}", "failures", (int)failures, "next",
                                  (json_int_t)next, "problem", problem));
}

gboolean
acme_state_host_waits (const AcmeState *self, const char *host, gint64 now)
{
  return number_of (json_object_get (self->hosts, host), "next") > now;
}

void
acme_state_succeed (AcmeState *self, const char *const *hosts, gint64 now)
{
  g_clear_pointer (&self->problem, json_decref);
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->explanation, g_free);
  g_strfreev (self->order_hosts);
  self->order_hosts = g_new0 (char *, 1);
  for (guint i = 0; hosts[i]; i++)
    json_object_del (self->hosts, hosts[i]);
  self->failures = 0;
  self->tried = now;
  self->next = 0;
  self->ask_at = 0;
  self->told = 0;
}

gint64
acme_renewal_time (gint64 not_before, gint64 not_after, double chance)
{
  const double life = (double)(not_after - not_before);

  return not_before + (gint64)(life * (2.0 / 3 - CLAMP (chance, 0, 1) / 25));
}

/* A notice never comes before a renewal is due: two ninths of a life are 20 of 90 days. */
guint
acme_notices_due (gint64 not_before, gint64 not_after, gint64 now)
{
  static const gint64 days[] = { 20, 7, 1 };
  const gint64 life = not_after - not_before;
  guint due = 0;

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    if (not_after - now < MIN (days[i] * DAY, life * days[i] / 90))
      due = i + 1;
  return due;
}
