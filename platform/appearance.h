/* How the person here wants windows to look, where GTK does not ask the system itself. */
#pragma once
#include <glib.h>

/* FALSE also where the desktop tells libadwaita (Linux). */
gboolean appearance_is_dark (void);
gboolean appearance_is_high_contrast (void);
/* Whether programs of one person find each other by D-Bus. */
gboolean appearance_has_session_bus (void);
