/* The mail that waits to be sent to other domains, and why. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_QUEUE_VIEW (queue_view_get_type ())
G_DECLARE_FINAL_TYPE (QueueView, queue_view, PANEL, QUEUE_VIEW, AdwBin)

GtkWidget *queue_view_new (Connection *connection);
void queue_view_reload (QueueView *view);
/* Shows what has all the words that were TYPED. */
void queue_view_search (QueueView *view, const char *typed);

/* Signals: "trace" (const char *address): the person wants to see what became of such mail. */
