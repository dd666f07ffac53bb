/* What happens, for those who listen: changes of the store's rows whoever makes them, the metrics,
 * the log, the jobs. Nothing is looked at while nobody listens. Main thread, unless told otherwise.
 */
#pragma once
#include "admin/event-listener.h"
#include "admin/graphs.h"
#include "admin/jobs.h"
#include "log-ring.h"
#include "store/store.h"

typedef struct _EventHub EventHub;

/* STORE and JOBS outlive it. */
EventHub *event_hub_new (Store *store, Jobs *jobs);
/* Tells all that it ends, and waits for none of them. */
void event_hub_free (EventHub *hub);

/* NULL: there is room for one of CALLER; else a sentence. */
const char *event_hub_refuses (EventHub *hub, const Caller *caller);
/* Takes both over. */
void event_hub_add (EventHub *hub, GIOStream *stream, Listening *listening);
/* BY has changed NAME (NULL: several, or none in particular) among WHAT. */
void event_hub_tell_change (EventHub *hub, const char *what, const char *name, const char *by);
/* A line as the API says it. Any thread. */
json_t *log_line_describe (const LogLine *line);
