/* A text that floats above a page for a moment, perhaps with a button. It stays while the pointer
 * or the keys are on it. Child of a GtkOverlay, which takes it away. libadwaita 1.2's own crashes
 * when it is dismissed while it still comes in: both of its animations may end in one frame, and
 * the first frees what the second ends with. */
#pragma once
#include <gtk/gtk.h>

#define PANEL_TYPE_TOAST (toast_get_type ())
G_DECLARE_FINAL_TYPE (Toast, toast, PANEL, TOAST, GtkWidget)

/* BUTTON may be NULL; SECONDS 0: until it is closed. Signals: "clicked", its button; "closed", by a
 * person or by its time. A handler may take it away. */
GtkWidget *toast_new (const char *text, const char *button, guint seconds);
