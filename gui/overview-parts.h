/* The numbers and the graphs of the overview. Both belong to their box and are freed with g_free. */
#pragma once
#include "json.h"
#include <adwaita.h>

typedef struct _OverviewNumbers OverviewNumbers;
typedef struct _OverviewGraphs OverviewGraphs;

OverviewNumbers *overview_numbers_new (GtkFlowBox *box);
/* OVERVIEW: what the server said; BEFORE and NOW: its metrics just after that and now, or NULL. */
void overview_numbers_show (OverviewNumbers *numbers, json_t *overview, json_t *before, json_t *now);

OverviewGraphs *overview_graphs_new (GtkFlowBox *box);
/* The answer of /v1/graphs; OVERVIEW (may be NULL) knows the disk's size. */
void overview_graphs_show (OverviewGraphs *graphs, json_t *answer, json_t *overview);
/* A second has passed. */
void overview_graphs_measure (OverviewGraphs *graphs, json_t *metrics);
