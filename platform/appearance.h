/* How the person here wants windows to look, where GTK does not ask the system itself. */
#pragma once
#include <glib.h>

/* FALSE also where the desktop tells libadwaita (Linux). */
gboolean appearance_is_dark (void);
gboolean appearance_is_high_contrast (void);
/* Whether this machine has something that draws faster than the processor. FALSE: OpenGL would be
 * drawn by the processor, too, after a long start. */
gboolean appearance_has_graphics (void);
/* Whether programs of one person find each other by D-Bus. */
gboolean appearance_has_session_bus (void);
