/* The program: its options, its window, About. */
#pragma once
#include <adwaita.h>

#define PANEL_ID "org.hauspost.Panel"

#define PANEL_TYPE_APPLICATION (panel_application_get_type ())
G_DECLARE_FINAL_TYPE (PanelApplication, panel_application, PANEL, APPLICATION, AdwApplication)

PanelApplication *panel_application_new (void);
