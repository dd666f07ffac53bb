/* One user: name, quota, password, whether they can log in, their app passwords. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_PERSON (page_person_get_type ())
G_DECLARE_FINAL_TYPE (PagePerson, page_person, PANEL, PAGE_PERSON, AdwBin)

/* For window_push. */
GtkWidget *page_person_new (Connection *connection, const char *address);
