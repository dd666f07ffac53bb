/* The pages of the window, in the order of the sidebar. */
#pragma once
#include "connection.h"
#include <adwaita.h>

/* A page is a triple page-x.c, page-x.h, page-x.ui: a subclass of AdwBin whose template holds a
 * PageFrame (widgets/page-frame.h). It is made when it is first shown and lives as long as the
 * connection. To add one, write the triple and add a line to pages.c, to hauspost.gresource.xml
 * and to meson.build. */
typedef struct {
  const char *id; /* "mail-flow": for --page, and what attention's "page" names */
  const char *title; /* N_() */
  const char *icon; /* symbolic, from gui/icons or GTK's own */
  GtkWidget *(*new) (Connection *connection);
} PanelPage;

extern const PanelPage panel_pages[];
extern const guint panel_page_count;

/* NULL: there is none. */
const PanelPage *panel_page_find (const char *id);
