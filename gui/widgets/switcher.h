/* Chooses among the pages of a stack: a row of buttons, or one list to drop down where they are too
 * wide. Property "stack". */
#pragma once
#include <adwaita.h>

#define PANEL_TYPE_SWITCHER (switcher_get_type ())
G_DECLARE_FINAL_TYPE (Switcher, switcher, PANEL, SWITCHER, AdwBin)
