/* A mail of the queue, as a row of the list. */
#pragma once
#include "actions.h"
#include "json-list.h"

#define PANEL_TYPE_QUEUE_ROW (queue_row_get_type ())
G_DECLARE_FINAL_TYPE (QueueRow, queue_row, PANEL, QUEUE_ROW, GtkBox)

#define QUEUE_ROW_TRACE (-1)

/* Signal "act" (int: an Action, or QUEUE_ROW_TRACE): the person wants that. */
GtkWidget *queue_row_new (gboolean may_change);
/* NULL: it shows nothing. */
void queue_row_show (QueueRow *row, JsonItem *item);
JsonItem *queue_row_item (QueueRow *row);
