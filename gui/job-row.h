/* A row that shows how long work of the server goes on, with a button that ends it. It is visible
 * only while something runs.
 *
 * Signal "ended" (gpointer json_t *): the job that was watched has ended, in whatever way; NULL:
 * the server does not know it any more, as it was started anew. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_JOB_ROW (job_row_get_type ())
G_DECLARE_FINAL_TYPE (JobRow, job_row, PANEL, JOB_ROW, AdwActionRow)

GtkWidget *job_row_new (Connection *connection);
void job_row_watch (JobRow *row, gint64 number);
/* Watches what runs already, of these kinds ("backup", NULL-terminated; must live for ever). */
void job_row_find (JobRow *row, const char *const *kinds);
/* What a kind of job is called: "Backing up"; the kind itself when nobody knows it. */
const char *job_title (const char *kind);
