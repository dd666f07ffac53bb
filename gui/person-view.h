/* One person: how the mailbox is, what may be changed, passwords of devices, what to type into mail
 * programs. Pushed above the list. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PERSON_VIEW (person_view_get_type ())
G_DECLARE_FINAL_TYPE (PersonView, person_view, PANEL, PERSON_VIEW, AdwBin)

GtkWidget *person_view_new (Connection *connection, const char *address);
