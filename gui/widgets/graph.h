/* Lines over time, in the colours of the theme. A screen reader hears the title and the latest
 * values. */
#pragma once
#include <gtk/gtk.h>

typedef enum { GRAPH_COUNT, GRAPH_SIZE } GraphUnit;

#define PANEL_TYPE_GRAPH (graph_get_type ())
G_DECLARE_FINAL_TYPE (Graph, graph, PANEL, GRAPH, GtkWidget)

GtkWidget *graph_new (const char *title, GraphUnit unit);
void graph_set_title (Graph *graph, const char *title);
void graph_set_unit (Graph *graph, GraphUnit unit);
/* LABEL is said in the legend. Returns the number of the series. */
guint graph_add_series (Graph *graph, const char *label);
/* VALUES is copied. FROM: seconds, UTC, of the first; STEP: seconds between two. */
void graph_set_values (Graph *graph, guint series, gint64 from, guint step, const double *values,
                       guint count);
/* One more at the end; the first goes when there are more than MOST. */
void graph_append (Graph *graph, guint series, double value, guint most);
/* The top of the scale when it is known (a disk's size); 0: what fits. */
void graph_set_most (Graph *graph, double most);
