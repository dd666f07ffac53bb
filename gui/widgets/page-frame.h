/* What every page and everything pushed above a page stands in: a header bar with the button back,
 * the search, the state (loading, empty, failed with a way on), the banner of a lost connection.
 *
 *     <object class="PageFrame" id="frame">
 *       <property name="title" translatable="yes">Domains</property>
 *       <property name="searchable">True</property>
 *       <child type="start"> … buttons of the header bar … </child>
 *       <child type="end"> … </child>
 *       <child> … the content … </child>
 *     </object>
 *
 * Properties: "title", "subtitle", "searchable", "search" (what was typed), "content".
 * Signals: "refresh" (F5, Ctrl+R, "Try again", and by itself when the connection is back). */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_FRAME (page_frame_get_type ())
G_DECLARE_FINAL_TYPE (PageFrame, page_frame, PANEL, PAGE_FRAME, AdwBin)

GtkWidget *page_frame_new (const char *title);
/* So that the banner shows how it is. */
void page_frame_set_connection (PageFrame *frame, Connection *connection);
void page_frame_set_title (PageFrame *frame, const char *title);
void page_frame_set_subtitle (PageFrame *frame, const char *subtitle);
void page_frame_set_content (PageFrame *frame, GtkWidget *content);
void page_frame_add_start (PageFrame *frame, GtkWidget *widget);
void page_frame_add_end (PageFrame *frame, GtkWidget *widget);
const char *page_frame_get_search (PageFrame *frame);

/* Nothing to show yet; a spinner comes if it takes long. The first state. */
void page_frame_show_loading (PageFrame *frame);
/* The content. */
void page_frame_show_content (PageFrame *frame);
/* There is nothing: a picture, what it is, what to do first. BUTTON may be NULL; else ACTION is a
 * GAction's detailed name ("page.add"). */
void page_frame_show_empty (PageFrame *frame, const char *icon, const char *title, const char *text,
                            const char *button, const char *action);
/* The first load failed: what, why, "Try again". When the content is shown already it stays, and
 * the error becomes a toast. */
void page_frame_show_error (PageFrame *frame, const GError *error);
