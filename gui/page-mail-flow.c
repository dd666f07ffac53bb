/* Three views behind a switch. */
#include "page-mail-flow.h"
#include "log-view.h"
#include "queue-view.h"
#include "trace-view.h"
#include "widgets/page-frame.h"
#include "widgets/switcher.h"
#include <glib/gi18n.h>

struct _PageMailFlow {
  AdwBin parent;

  PageFrame *frame;
  GtkStack *stack;
  GtkWidget *queue, *trace, *log;
};
G_DEFINE_FINAL_TYPE (PageMailFlow, page_mail_flow, ADW_TYPE_BIN)

static void
reload (PageMailFlow *self)
{
  queue_view_reload (PANEL_QUEUE_VIEW (self->queue));
}

/* What is typed into the page's search belongs to the view that is shown. */
static void
did_search (PageMailFlow *self)
{
  if (self->queue == NULL)
    return;
  gtk_stack_set_visible_child (self->stack, self->queue);
  queue_view_search (PANEL_QUEUE_VIEW (self->queue), page_frame_get_search (self->frame));
}

static void
did_ask_trace (PageMailFlow *self, const char *about)
{
  gtk_stack_set_visible_child (self->stack, self->trace);
  trace_view_look (PANEL_TRACE_VIEW (self->trace), about);
}

static void
page_mail_flow_class_init (PageMailFlowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  g_type_ensure (PANEL_TYPE_SWITCHER);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-mail-flow.ui");
  gtk_widget_class_bind_template_child (widget, PageMailFlow, frame);
  gtk_widget_class_bind_template_child (widget, PageMailFlow, stack);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, did_search);
}

static void
page_mail_flow_init (PageMailFlow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
page_mail_flow_new (Connection *connection)
{
  PageMailFlow *self = g_object_new (PANEL_TYPE_PAGE_MAIL_FLOW, NULL);

  page_frame_set_connection (self->frame, connection);
  self->queue = queue_view_new (connection);
  self->trace = trace_view_new (connection);
  self->log = log_view_new (connection);
  gtk_stack_add_titled (self->stack, self->queue, "queue", _ ("Queue"));
  gtk_stack_add_titled (self->stack, self->trace, "trace", _ ("Trace"));
  gtk_stack_add_titled (self->stack, self->log, "log", _ ("Live Log"));
  g_signal_connect_swapped (self->queue, "trace", G_CALLBACK (did_ask_trace), self);
  page_frame_show_content (self->frame);
  return GTK_WIDGET (self);
}
