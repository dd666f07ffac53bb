/* The passwords of a person's devices: made, shown once, taken away. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PERSON_DEVICES (person_devices_get_type ())
G_DECLARE_FINAL_TYPE (PersonDevices, person_devices, PANEL, PERSON_DEVICES, AdwPreferencesGroup)

/* A preferences group. It loads by itself when it is made. */
GtkWidget *person_devices_new (Connection *connection, const char *address);
void person_devices_reload (PersonDevices *devices);
