/* The window: sidebar, pages, and what is pushed above a page. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_WINDOW (window_get_type ())
G_DECLARE_FINAL_TYPE (Window, window, PANEL, WINDOW, AdwApplicationWindow)

/* CONNECTION may be NULL: then the window says that there is none yet. */
Window *window_new (AdwApplication *application, Connection *connection);
/* Another server: all pages are made anew. */
void window_set_connection (Window *window, Connection *connection);
Connection *window_get_connection (Window *window);

/* The functions below take any widget inside the window; nothing happens when it is in none. */

/* Shows the page ID ("queue"); NULL-safe. FALSE: there is no such page. */
gboolean window_show_page (GtkWidget *from, const char *id);
/* Puts WIDGET (floating; mostly one that holds a PageFrame, which brings the button back) above the
 * page that is shown. It goes when the person goes back, or by window_pop. */
void window_push (GtkWidget *from, GtkWidget *widget);
void window_pop (GtkWidget *from);

/* Says TEXT for a few seconds. */
void window_toast (GtkWidget *from, const char *text);
/* An error of a call, so that it is seen and does not vanish: longer, and it can be copied.
 * G_IO_ERROR_CANCELLED says nothing. */
void window_toast_error (GtkWidget *from, const GError *error);
/* It is done, and can be undone: UNDO is called when the person says so. DESTROY frees DATA in any
 * case. */
void window_toast_undo (GtkWidget *from, const char *text, GCallback undo, gpointer data,
                        GDestroyNotify destroy);
/* For what cannot be taken back: nothing has happened yet. COMMIT is called after a few seconds
 * (or when the window closes), else UNDO. One of both is called, then DESTROY. */
void window_toast_pending (GtkWidget *from, const char *text, GCallback commit, GCallback undo,
                           gpointer data, GDestroyNotify destroy);
