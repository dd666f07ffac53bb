/* Rings of samples: a slot knows which step of time it is of. */
#include "admin/graphs.h"
#include "log.h"
#include "metrics.h"
#include "platform/file.h"
#include <string.h>

#define KEEP_SECONDS 600
#define SLOTS_MAX 360
#define NAME "graphs.json"

static const struct {
  const char *name;
  gint64 step; /* seconds */
  guint slots;
} ranges[] = { { "hour", 60, 60 }, { "day", 600, 144 }, { "month", 7200, 360 } };

static const struct {
  const char *name;
  int metric; /* counted within a step; -1: a state */
} series[GRAPH_COUNT] = {
  [GRAPH_IN] = { "in", METRIC_SMTP_ACCEPTED },
  [GRAPH_OUT] = { "out", METRIC_QUEUE_SENT },
  [GRAPH_REFUSED] = { "refused", METRIC_SMTP_REFUSED },
  [GRAPH_SESSIONS] = { "sessions", -1 },
  [GRAPH_DISK] = { "disk", -1 },
};

typedef struct {
  gint64 steps[SLOTS_MAX]; /* since 1970; 0: nothing was sampled */
  gint64 values[GRAPH_COUNT][SLOTS_MAX];
} Ring;

struct _Graphs {
  char *path;
  GMutex lock;
  Ring rings[G_N_ELEMENTS (ranges)]; /* under the lock, as what follows */
  gint64 seen[GRAPH_COUNT]; /* the metrics at the last sample */
  gint64 kept; /* seconds, UTC */
};

static json_t *
print_ring (const Ring *ring, guint slots)
{
  json_t *list = json_array ();

  for (guint i = 0; i < slots; i++) {
    json_t *row;
    if (ring->steps[i] == 0)
      continue;
    row = json_array ();
    json_array_append_new (row, json_integer (ring->steps[i]));
    for (guint g = 0; g < GRAPH_COUNT; g++)
      json_array_append_new (row, json_integer (ring->values[g][i]));
    json_array_append_new (list, row);
  }
  return list;
}

static void
parse_ring (Ring *ring, guint slots, const json_t *list)
{
  json_t *row;
  gsize i;

  json_array_foreach (list, i, row)
  {
    const gint64 step = json_integer_value (json_array_get (row, 0));
    if (step <= 0 || json_array_size (row) != GRAPH_COUNT + 1)
      continue;
    ring->steps[step % slots] = step;
    for (guint g = 0; g < GRAPH_COUNT; g++)
      ring->values[g][step % slots] = json_integer_value (json_array_get (row, g + 1));
  }
}

static void
load (Graphs *self)
{
  g_autoptr (GBytes) bytes = file_exists (self->path) ? file_map (self->path, NULL) : NULL;
  json_t *kept = bytes
      ? json_loadb (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0, NULL)
      : NULL;

  for (guint r = 0; r < G_N_ELEMENTS (ranges); r++)
    parse_ring (&self->rings[r], ranges[r].slots, json_object_get (kept, ranges[r].name));
  json_decref (kept);
}

Graphs *
graphs_new (const char *data)
{
  Graphs *self = g_new0 (Graphs, 1);

  self->path = g_build_filename (data, NAME, NULL);
  g_mutex_init (&self->lock);
  for (guint g = 0; g < GRAPH_COUNT; g++)
    if (series[g].metric >= 0)
      self->seen[g] = metric_get ((Metric)series[g].metric);
  load (self);
  return self;
}

static void
write_file (Graphs *self)
{
  g_autoptr (GError) error = NULL;
  json_t *all = json_object ();
  char *text;

  g_mutex_lock (&self->lock);
  for (guint r = 0; r < G_N_ELEMENTS (ranges); r++)
    json_object_set_new (all, ranges[r].name, print_ring (&self->rings[r], ranges[r].slots));
  g_mutex_unlock (&self->lock);
  text = json_dumps (all, JSON_COMPACT);
  json_decref (all);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  free (text);
  if (!file_replace (self->path, bytes, &error))
    log_event (LOG_WARNING, "The graphs are not kept", "error", error->message, NULL);
}

void
graphs_free (Graphs *self)
{
  if (self == NULL)
    return;
  write_file (self);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self);
}

static void
add_to_ring (Ring *ring, gint64 step, guint slot, const gint64 values[GRAPH_COUNT])
{
  const gboolean fresh = ring->steps[slot] != step;

  ring->steps[slot] = step;
  for (guint g = 0; g < GRAPH_COUNT; g++)
    if (fresh || series[g].metric < 0)
      ring->values[g][slot] = values[g];
    else
      ring->values[g][slot] += values[g];
}

void
graphs_sample (Graphs *self, gint64 time, gint64 disk_used)
{
  gint64 values[GRAPH_COUNT]
      = { [GRAPH_SESSIONS] = metric_get (METRIC_CONNECTIONS_OPEN), [GRAPH_DISK] = disk_used };

  g_mutex_lock (&self->lock);
  for (guint g = 0; g < GRAPH_COUNT; g++)
    if (series[g].metric >= 0) {
      const gint64 now = metric_get ((Metric)series[g].metric);
      values[g] = now - self->seen[g];
      self->seen[g] = now;
    }
  for (guint r = 0; r < G_N_ELEMENTS (ranges); r++) {
    const gint64 step = time / ranges[r].step;
    add_to_ring (&self->rings[r], step, (guint)(step % ranges[r].slots), values);
  }
  g_mutex_unlock (&self->lock);
}

void
graphs_keep (Graphs *self, gint64 time)
{
  gboolean due;

  g_mutex_lock (&self->lock);
  due = time - self->kept >= KEEP_SECONDS || time < self->kept;
  if (due)
    self->kept = time;
  g_mutex_unlock (&self->lock);
  if (due)
    write_file (self);
}

static json_t *
print_series (const Ring *ring, guint slots, guint graph, gint64 newest)
{
  json_t *list = json_array ();

  for (gint64 step = newest - slots + 1; step <= newest; step++) {
    const guint slot = (guint)(step % slots);
    json_array_append_new (
        list, ring->steps[slot] == step ? json_integer (ring->values[graph][slot]) : json_null ());
  }
  return list;
}

static json_t *
describe (Graphs *self, guint range)
{
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const gint64 step = ranges[range].step, newest = now / step;
  json_t *all = json_object ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint g = 0; g < GRAPH_COUNT; g++)
    json_object_set_new (all, series[g].name,
                         print_series (&self->rings[range], ranges[range].slots, g, newest));
  return json_pack ("{s:s, s:I, s:I, s:o}", "range", ranges[range].name, "from",
                    (json_int_t)((newest - ranges[range].slots + 1) * step), "step",
                    (json_int_t)step, "series", all);
}

json_t *
graphs_describe (Graphs *self, const char *range)
{
  for (guint r = 0; r < G_N_ELEMENTS (ranges); r++)
    if (strcmp (ranges[r].name, range) == 0)
      return describe (self, r);
  return NULL;
}

gint64
graphs_count_since (Graphs *self, Graph graph, gint64 start)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const Ring *ring = &self->rings[1];
  gint64 count = 0;

  for (guint i = 0; i < ranges[1].slots; i++)
    if (ring->steps[i] != 0 && ring->steps[i] >= start / ranges[1].step)
      count += ring->values[graph][i];
  if (series[graph].metric >= 0) /* since the last sample */
    count += metric_get ((Metric)series[graph].metric) - self->seen[graph];
  return count;
}
