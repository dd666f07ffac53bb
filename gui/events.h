/* Listens to server-sent events in a thread of its own and tells them in the main thread. */
#pragma once
#include "admin/client.h"

typedef struct _Events Events;

/* OBJECT is borrowed; NULL when the data was no JSON object. */
typedef void (*EventsFunc) (const char *name, json_t *object, gpointer data);
/* It has ended by itself; ERROR is NULL when the server ended it. */
typedef void (*EventsEndFunc) (const GError *error, gpointer data);

/* Makes the client of the thread; runs there. */
typedef AdminClient *(*EventsClientFunc) (gpointer data, GError **error);

/* CLIENT_DATA goes to CLIENT alone and is freed in its thread; DATA to the other two. */
Events *events_start (const char *path, EventsClientFunc client, gpointer client_data,
                      GDestroyNotify client_free, EventsFunc func, EventsEndFunc end,
                      gpointer data);
/* Nothing is told any more, from now on; the thread ends within a second. NULL-safe. */
void events_stop (Events *events);
