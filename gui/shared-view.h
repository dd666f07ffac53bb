/* Aliases, groups or shared mailboxes: a list each, with what changes and removes them. */
#pragma once
#include "people-forms.h"

#define PANEL_TYPE_SHARED_VIEW (shared_view_get_type ())
G_DECLARE_FINAL_TYPE (SharedView, shared_view, PANEL, SHARED_VIEW, AdwBin)

GtkWidget *shared_view_new (PeopleKind kind, Connection *connection);
/* What a person typed: rows that do not match are hidden. */
void shared_view_search (SharedView *view, const char *typed);
void shared_view_reload (SharedView *view);
