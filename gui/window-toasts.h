/* The window's toasts, and what still waits for an undo. */
#pragma once
#include "window.h"

typedef struct _WindowToasts WindowToasts;

WindowToasts *window_toasts_new (GtkOverlay *overlay); /* which must outlive it */
void window_toasts_free (WindowToasts *toasts); /* settles first */
void window_toasts_say (WindowToasts *toasts, const char *text);
/* Stays until the person has closed it, or something else is said. */
void window_toasts_complain (WindowToasts *toasts, const char *text);
/* COMMIT may be NULL: it is done already. */
void window_toasts_offer (WindowToasts *toasts, const char *text, WindowFunc commit,
                          WindowFunc undo, gpointer data, GDestroyNotify destroy);
/* What is shown, as if a person closed it; FALSE: nothing is. */
gboolean window_toasts_close (WindowToasts *toasts);
/* Commits what waits, now. */
void window_toasts_settle (WindowToasts *toasts);
