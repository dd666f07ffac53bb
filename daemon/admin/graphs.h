/* How much went on in the last hour, day and month: counted in memory, kept in DATA/graphs.json
 * every ten minutes and at the end, so that a restart keeps it. Any thread, unless told otherwise.
 */
#pragma once
#include <gio/gio.h>
#include <jansson.h>

typedef struct _Graphs Graphs;

typedef enum { GRAPH_IN, GRAPH_OUT, GRAPH_REFUSED, GRAPH_SESSIONS, GRAPH_DISK, GRAPH_COUNT } Graph;

/* Reads what was kept in the folder DATA. */
Graphs *graphs_new (const char *data);
/* Keeps it once more. */
void graphs_free (Graphs *graphs);
/* Looks at the metrics at TIME (seconds, UTC): called every few seconds. */
void graphs_sample (Graphs *graphs, gint64 time, gint64 disk_used);
/* Writes the file if ten minutes have passed since it was written. Waits for the disk. */
void graphs_keep (Graphs *graphs, gint64 time);

/* As GET /v1/graphs answers; NULL: there is no such RANGE. */
json_t *graphs_describe (Graphs *graphs, const char *range);
/* How many mails of GRAPH since START (of a day of at most 24 hours), rounded to ten minutes, with
 * those of this moment. */
gint64 graphs_count_since (Graphs *graphs, Graph graph, gint64 start);
