/* What is counted since the start becomes what has come since the last answer. */
#include "overview-parts.h"
#include "format.h"
#include "widgets/graph.h"
#include <glib/gi18n.h>
#include <math.h>

/* Each is one card. */
enum { NUMBER_IN, NUMBER_OUT, NUMBER_REFUSED, NUMBER_SESSIONS, NUMBER_QUEUE, NUMBER_DISK, NUMBERS };

static const struct {
  const char *label;
  const char *metric; /* counts on, or NULL */
} table[NUMBERS] = {
  [NUMBER_IN] = { N_ ("Received"), "in" },
  [NUMBER_OUT] = { N_ ("Sent"), "out" },
  [NUMBER_REFUSED] = { N_ ("Refused"), "refused" },
  [NUMBER_SESSIONS] = { N_ ("Connected"), NULL },
  [NUMBER_QUEUE] = { N_ ("Waiting"), NULL },
  [NUMBER_DISK] = { N_ ("Free on the disk"), NULL },
};

struct _OverviewNumbers {
  GtkLabel *labels[NUMBERS];
  GtkWidget *cards[NUMBERS];
};

OverviewNumbers *
overview_numbers_new (GtkFlowBox *box)
{
  OverviewNumbers *self = g_new0 (OverviewNumbers, 1);

  for (guint i = 0; i < NUMBERS; i++) {
    GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *number = gtk_label_new ("–"), *label = gtk_label_new (_ (table[i].label));
    GtkWidget *child = gtk_flow_box_child_new ();

    gtk_widget_add_css_class (card, "card");
    gtk_widget_add_css_class (card, "number");
    gtk_widget_add_css_class (number, "title-3");
    gtk_widget_add_css_class (number, "numeric");
    gtk_widget_add_css_class (label, "caption");
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    gtk_box_append (GTK_BOX (card), number);
    gtk_box_append (GTK_BOX (card), label);
    gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), card);
    gtk_widget_set_focusable (child, FALSE);
    gtk_flow_box_append (box, child);
    self->labels[i] = GTK_LABEL (number);
    self->cards[i] = child;
  }
  return self;
}

static gint64
sum_of (json_t *object)
{
  const char *key;
  json_t *value;
  gint64 sum = 0;

  json_object_foreach (object, key, value) sum += json_integer_value (value);
  return sum;
}

static gint64
value_of (guint number, json_t *overview, json_t *before, json_t *now)
{
  json_t *mails = json_object_get (overview, "mails");
  const char *metric = table[number].metric;

  if (metric != NULL)
    return object_number (mails, metric)
        + MAX (object_number (now, metric) - object_number (before, metric), 0);
  if (number == NUMBER_SESSIONS)
    return object_has (now, "sessions") ? object_number (now, "sessions")
                                        : sum_of (json_object_get (overview, "sessions"));
  if (number == NUMBER_QUEUE)
    return object_has (now, "queue")
        ? object_number (now, "queue")
        : object_number (json_object_get (overview, "queue"), "waiting");
  return object_has (now, "free") ? object_number (now, "free")
                                  : object_number (json_object_get (overview, "disk"), "free");
}

void
overview_numbers_show (OverviewNumbers *self, json_t *overview, json_t *before, json_t *now)
{
  for (guint i = 0; i < NUMBERS; i++) {
    const gint64 value = value_of (i, overview, before, now);
    g_autofree char *text = i == NUMBER_DISK ? format_size (value) : format_count (value);
    g_autofree char *whole = g_strdup_printf ("%s: %s", _ (table[i].label), text);

    gtk_label_set_text (self->labels[i], text);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->cards[i]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    whole, -1);
  }
}

/* The graphs. */

enum { GRAPH_MAILS, GRAPH_SESSIONS, GRAPH_DISK, GRAPHS };

static const struct {
  const char *title;
  GraphUnit unit;
  struct {
    const char *key, *label;
  } series[4];
} graphs[GRAPHS] = {
  [GRAPH_MAILS] = { N_ ("Mails"),
                    GRAPH_COUNT,
                    { { "in", N_ ("Received") }, { "out", N_ ("Sent") }, { "refused", N_ ("Refused") } } },
  [GRAPH_SESSIONS] = { N_ ("Connections"), GRAPH_COUNT, { { "sessions", N_ ("Connected") } } },
  [GRAPH_DISK] = { N_ ("Disk"), GRAPH_SIZE, { { "disk", N_ ("Used on the disk") } } },
};

struct _OverviewGraphs {
  Graph *graphs[GRAPHS];
  double last[3]; /* in, out, refused of the newest step, as the server said */
  double counted[3]; /* the metrics just after that; NAN: none yet */
};

OverviewGraphs *
overview_graphs_new (GtkFlowBox *box)
{
  OverviewGraphs *self = g_new0 (OverviewGraphs, 1);

  for (guint i = 0; i < GRAPHS; i++) {
    GtkWidget *graph = graph_new (_ (graphs[i].title), graphs[i].unit);
    GtkWidget *child = gtk_flow_box_child_new ();

    for (guint s = 0; graphs[i].series[s].key != NULL; s++)
      graph_add_series (PANEL_GRAPH (graph), _ (graphs[i].series[s].label));
    gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), graph);
    gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ (graphs[i].title), -1);
    gtk_widget_set_focusable (child, FALSE);
    gtk_flow_box_append (box, child);
    self->graphs[i] = PANEL_GRAPH (graph);
  }
  return self;
}

static GArray *
read_values (json_t *array)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (double));
  json_t *value;
  gsize i;

  json_array_foreach (array, i, value)
  {
    const double number = json_is_number (value) ? json_number_value (value) : NAN;
    g_array_append_val (values, number);
  }
  return values;
}

void
overview_graphs_show (OverviewGraphs *self, json_t *answer, json_t *overview)
{
  json_t *series = json_object_get (answer, "series");
  const gint64 from = object_number (answer, "from");
  const guint step = (guint)object_number (answer, "step");

  for (guint i = 0; i < GRAPHS; i++)
    for (guint s = 0; graphs[i].series[s].key != NULL; s++) {
      g_autoptr (GArray) values = read_values (json_object_get (series, graphs[i].series[s].key));
      graph_set_values (self->graphs[i], s, from, step, (double *)values->data, values->len);
      if (i == GRAPH_MAILS) {
        self->last[s] = values->len > 0 ? g_array_index (values, double, values->len - 1) : 0;
        self->counted[s] = NAN;
      }
    }
  graph_set_most (self->graphs[GRAPH_DISK],
                  (double)object_number (json_object_get (overview, "disk"), "total"));
}

void
overview_graphs_measure (OverviewGraphs *self, json_t *metrics)
{
  for (guint s = 0; s < G_N_ELEMENTS (self->last); s++) {
    const double now = (double)object_number (metrics, graphs[GRAPH_MAILS].series[s].key);

    if (isnan (self->counted[s]))
      self->counted[s] = now;
    graph_set_last (self->graphs[GRAPH_MAILS], s,
                    (isnan (self->last[s]) ? 0 : self->last[s]) + MAX (now - self->counted[s], 0));
  }
  if (object_has (metrics, "sessions"))
    graph_set_last (self->graphs[GRAPH_SESSIONS], 0, (double)object_number (metrics, "sessions"));
}
