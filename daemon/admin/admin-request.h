/* One request to the admin API on its way: who calls, may the caller, the work in a worker, the
 * answer. Main thread. */
#pragma once
#include "admin/access.h"
#include "admin/resources.h"
#include "http/http-door.h"

typedef struct {
  AdminService *service;
  const Access *access;
  HttpDoor *door;
  Jobs *jobs;
  Graphs *graphs;
  EventHub *events;
  GThreadPool *workers; /* runs admin_request_run */
  gint64 started; /* seconds, UTC */
  guint waiting; /* requests under way */
} AdminDesk;

/* Answers it, sooner or later. */
void admin_request_begin (AdminDesk *desk, SoupServerMessage *message, const char *path,
                          GHashTable *query);
/* For the pool of workers: the part of a request that may wait. */
void admin_request_run (gpointer request, gpointer desk);
