/* Users, aliases, groups and roles in one place. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_PEOPLE (page_people_get_type ())
G_DECLARE_FINAL_TYPE (PagePeople, page_people, PANEL, PAGE_PEOPLE, AdwBin)

GtkWidget *page_people_new (Connection *connection);
