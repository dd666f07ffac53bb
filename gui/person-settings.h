/* What a person types into a mail program: names, ports, a QR code, and the same on paper. */
#pragma once
#include "connection.h"
#include <adwaita.h>

/* A group of rows for ADDRESS (floating). It asks the server for its ports by itself. */
GtkWidget *person_settings_new (Connection *connection, const char *address);
/* Whose they are, for the head of the paper; "": nobody knows. */
void person_settings_set_name (GtkWidget *group, const char *name);
