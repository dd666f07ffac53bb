/* Lines over a grid of four; the scale fits the biggest value. Colours are the theme's, and each
 * series has a dash of its own for who cannot tell them apart. */
#include "widgets/graph.h"
#include "format.h"
#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define SERIES_MOST 4
#define GRID 4
#define SPACE 6

typedef struct {
  char *label;
  GArray *values; /* double */
} Series;

struct _Graph {
  GtkWidget parent;

  char *title;
  GraphUnit unit;
  double most; /* 0: what fits */
  gint64 from;
  guint step;
  Series series[SERIES_MOST];
  guint count;
};
G_DEFINE_FINAL_TYPE (Graph, graph, GTK_TYPE_WIDGET)

static const struct {
  const char *colour; /* of the theme */
  double dash[2]; /* 0: none */
} styles[SERIES_MOST] = {
  { "accent_color", { 0, 0 } },
  { "success_color", { 6, 3 } },
  { "error_color", { 2, 2 } },
  { "warning_color", { 8, 2 } },
};

/* In high contrast lines are thicker, and the grid is seen well. */
static gboolean
is_high_contrast (void)
{
  return adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
}

static char *
print_value (Graph *self, double value)
{
  if (isnan (value))
    return g_strdup ("–");
  return self->unit == GRAPH_SIZE ? format_size ((gint64)value)
                                  : format_count ((gint64)(value + 0.5));
}

/* "Mails: In 3, Out 2" at INDEX from the end; free with g_free. */
static char *
describe (Graph *self, guint back)
{
  GString *text = g_string_new (self->title);

  for (guint i = 0; i < self->count; i++) {
    const GArray *values = self->series[i].values;
    const double value
        = values->len > back ? g_array_index (values, double, values->len - 1 - back) : NAN;
    g_autofree char *number = print_value (self, value);
    g_string_append_printf (text, "%s %s %s", i == 0 ? ":" : ",", self->series[i].label, number);
  }
  return g_string_free (text, FALSE);
}

static void
did_change (Graph *self)
{
  g_autofree char *text = describe (self, 0);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* 1, 2 or 5 times a power of ten (of 1024 would be no rounder to read), at least 4 for counts. */
static double
round_up (double value, gboolean count)
{
  const double least = MAX (value, count ? GRID : 1);
  const double power = pow (10, floor (log10 (least)));
  const double steps[] = { 1, 2, 4, 5, 10 };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (least <= power * steps[i])
      return power * steps[i];
  return power * 10;
}

static double
top_of (Graph *self)
{
  double top = 0;

  if (self->most > 0)
    return self->most;
  for (guint i = 0; i < self->count; i++)
    for (guint v = 0; v < self->series[i].values->len; v++) {
      const double value = g_array_index (self->series[i].values, double, v);
      if (!isnan (value))
        top = MAX (top, value);
    }
  return round_up (top, self->unit == GRAPH_COUNT);
}

static GdkRGBA
look_up (GtkWidget *widget, const char *name)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (context, name, &colour))
    gtk_style_context_get_color (context, &colour);
  return colour;
}

static PangoLayout *
make_layout (GtkWidget *widget, const char *text, double scale)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

/* TEXT with its left edge (or, RIGHT, its right edge) at X; how wide it is. */
static int
draw_text (GtkWidget *widget, GtkSnapshot *snapshot, const char *text, double x, double y,
           gboolean right, const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = make_layout (widget, text, 0.85);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float)(right ? x - width : x), (float)y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
  return width;
}

static int
line_height (GtkWidget *widget)
{
  g_autoptr (PangoLayout) layout = make_layout (widget, "Ag", 0.85);
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

static void
set_line (cairo_t *cairo, GtkWidget *widget, guint series)
{
  const GdkRGBA colour = look_up (widget, styles[series].colour);

  gdk_cairo_set_source_rgba (cairo, &colour);
  cairo_set_dash (cairo, styles[series].dash, styles[series].dash[0] > 0 ? 2 : 0, 0);
  cairo_set_line_width (cairo, is_high_contrast () ? 3 : 2);
  cairo_set_line_join (cairo, CAIRO_LINE_JOIN_ROUND);
}

static void
draw_series (Graph *self, cairo_t *cairo, guint index, const graphene_rect_t *plot, double top)
{
  const GArray *values = self->series[index].values;
  const double step = values->len > 1 ? plot->size.width / (double)(values->len - 1) : 0;
  gboolean begun = FALSE;

  set_line (cairo, GTK_WIDGET (self), index);
  for (guint i = 0; i < values->len; i++) {
    const double value = g_array_index (values, double, i);
    const double x = plot->origin.x + step * i;
    const double y = plot->origin.y + plot->size.height * (1 - MIN (value / top, 1));

    if (!isnan (value) && begun)
      cairo_line_to (cairo, x, y);
    else if (!isnan (value))
      cairo_move_to (cairo, x, y);
    begun = !isnan (value);
  }
  cairo_stroke (cairo);
}

static void
draw_grid (Graph *self, GtkSnapshot *snapshot, const graphene_rect_t *plot, double top,
           GdkRGBA colour)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const int height = line_height (widget);
  GdkRGBA faint = colour;

  faint.alpha = is_high_contrast () ? 0.5F : 0.15F;
  for (guint i = 0; i <= GRID; i++) {
    const double y = plot->origin.y + plot->size.height * i / GRID;
    g_autofree char *text = print_value (self, top * (GRID - i) / GRID);

    gtk_snapshot_append_color (snapshot, &faint,
                               &GRAPHENE_RECT_INIT (plot->origin.x, (float)y, plot->size.width, 1));
    if (i % 2 == 0)
      draw_text (widget, snapshot, text, plot->origin.x - SPACE, y - height / 2.0, TRUE, &colour);
  }
}

/* The first and the last time below the plot. */
static void
draw_times (Graph *self, GtkSnapshot *snapshot, const graphene_rect_t *plot, GdkRGBA colour)
{
  const guint count = self->count > 0 ? self->series[0].values->len : 0;
  const gint64 to = self->from + (gint64)self->step * MAX (count, 1) - self->step;
  const gboolean days = to - self->from > 2 * 86400;
  const double y = plot->origin.y + plot->size.height + 2;
  const gint64 times[] = { self->from, to };

  for (guint i = 0; i < 2 && self->from != 0; i++) {
    g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (times[i]);
    g_autofree char *text = g_date_time_format (time, days ? "%x" : "%H:%M");
    draw_text (GTK_WIDGET (self), snapshot, text, plot->origin.x + (i == 0 ? 0 : plot->size.width),
               y, i == 1, &colour);
  }
}

static void
draw_legend (Graph *self, GtkSnapshot *snapshot, double y, GdkRGBA colour)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const int height = line_height (widget);
  double x = 0;

  for (guint i = 0; i < self->count; i++) {
    cairo_t *cairo = gtk_snapshot_append_cairo (
        snapshot, &GRAPHENE_RECT_INIT ((float)x, (float)y, 18, (float)height));
    set_line (cairo, widget, i);
    cairo_move_to (cairo, x, y + height / 2.0);
    cairo_line_to (cairo, x + 18, y + height / 2.0);
    cairo_stroke (cairo);
    cairo_destroy (cairo);
    x += 18 + SPACE;
    x += draw_text (widget, snapshot, self->series[i].label, x, y, FALSE, &colour) + 3 * SPACE;
  }
}

static int
scale_width (Graph *self, double top)
{
  int widest = 0;

  for (guint i = 0; i <= GRID; i += 2) {
    g_autofree char *text = print_value (self, top * i / GRID);
    g_autoptr (PangoLayout) layout = make_layout (GTK_WIDGET (self), text, 0.85);
    int width;
    pango_layout_get_pixel_size (layout, &width, NULL);
    widest = MAX (widest, width);
  }
  return widest + SPACE;
}

static void
graph_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  Graph *self = PANEL_GRAPH (widget);
  const double top = top_of (self);
  const int line = line_height (widget), left = scale_width (self, top);
  const float width = (float)gtk_widget_get_width (widget),
              height = (float)gtk_widget_get_height (widget);
  const graphene_rect_t plot
      = GRAPHENE_RECT_INIT ((float)left, (float)(line + 2 * SPACE), width - (float)left - 2,
                            height - (float)(2 * line + 3 * SPACE));
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  draw_legend (self, snapshot, 0, colour);
  draw_grid (self, snapshot, &plot, top, colour);
  draw_times (self, snapshot, &plot, colour);
  cairo_t *cairo = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (guint i = 0; i < self->count; i++)
    draw_series (self, cairo, i, &plot, top);
  cairo_destroy (cairo);
}

static void
graph_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
               int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 120;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 360 : 170;
}

/* The values below the pointer. */
static gboolean
graph_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  Graph *self = PANEL_GRAPH (widget);
  const guint count = self->count > 0 ? self->series[0].values->len : 0;
  const int left = scale_width (self, top_of (self));
  const int width = gtk_widget_get_width (widget) - left;
  guint back = 0;

  if (count == 0)
    return FALSE;
  if (!keyboard && width > 0)
    back = (guint)CLAMP ((1 - (double)(x - left) / width) * (count - 1) + 0.5, 0, count - 1);
  g_autofree char *values = describe (self, back);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (
      self->from + (gint64)self->step * (gint64)(count - 1 - back));
  g_autofree char *when = g_date_time_format (time, "%x %H:%M");
  g_autofree char *text = g_strdup_printf ("%s\n%s", when, values);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
graph_finalize (GObject *object)
{
  Graph *self = PANEL_GRAPH (object);

  for (guint i = 0; i < self->count; i++) {
    g_free (self->series[i].label);
    g_array_unref (self->series[i].values);
  }
  g_free (self->title);
  G_OBJECT_CLASS (graph_parent_class)->finalize (object);
}

static void
graph_class_init (GraphClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = graph_finalize;
  widget->snapshot = graph_snapshot;
  widget->measure = graph_measure;
  widget->query_tooltip = graph_query_tooltip;
  gtk_widget_class_set_accessible_role (widget, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
graph_init (Graph *self)
{
  self->title = g_strdup ("");
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
graph_new (const char *title, GraphUnit unit)
{
  Graph *self = g_object_new (PANEL_TYPE_GRAPH, NULL);

  graph_set_title (self, title);
  graph_set_unit (self, unit);
  return GTK_WIDGET (self);
}

void
graph_set_title (Graph *self, const char *title)
{
  g_free (self->title);
  self->title = g_strdup (title);
  did_change (self);
}

void
graph_set_unit (Graph *self, GraphUnit unit)
{
  self->unit = unit;
  did_change (self);
}

guint
graph_add_series (Graph *self, const char *label)
{
  Series *series = &self->series[self->count];

  g_assert (self->count < SERIES_MOST);
  series->label = g_strdup (label);
  series->values = g_array_new (FALSE, FALSE, sizeof (double));
  did_change (self);
  return self->count++;
}

void
graph_set_values (Graph *self, guint series, gint64 from, guint step, const double *values,
                  guint count)
{
  GArray *kept = self->series[series].values;

  self->from = from;
  self->step = step;
  g_array_set_size (kept, 0);
  g_array_append_vals (kept, values, count);
  did_change (self);
}

void
graph_set_last (Graph *self, guint series, double value)
{
  GArray *kept = self->series[series].values;

  if (kept->len > 0)
    g_array_index (kept, double, kept->len - 1) = value;
  did_change (self);
}

void
graph_set_most (Graph *self, double most)
{
  self->most = most;
  did_change (self);
}
