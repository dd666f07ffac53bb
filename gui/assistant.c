/* Walks through the table of steps, and keeps each in the server when it is reached. */
#include "assistant-step.h"
#include "deed.h"
#include "json.h"
#include "widgets/page-frame.h"
#include "window.h"
#include <glib/gi18n.h>

struct _Assistant {
  AdwBin parent;

  Connection *connection;
  char *configuration;
  GCancellable *cancellable;
  json_t *answers;
  char *etag; /* of what the server keeps of this; NULL: nothing yet */
  gboolean is_keeping, keep_again, is_others; /* IS_OTHERS: somebody else keeps it, by our will */
  SetupStep step;
  GtkWidget *pages[SETUP_STEP_COUNT]; /* borrowed; NULL until it was shown */
  PageFrame *frame;
  GtkProgressBar *progress;
  GtkLabel *title, *intro, *trouble;
  GtkStack *stack;
  GtkButton *back, *skip, *next;
  GtkSpinner *spinner;
};
G_DEFINE_FINAL_TYPE (Assistant, assistant, ADW_TYPE_BIN)

static const AssistantStep *const steps[SETUP_STEP_COUNT] = {
  [SETUP_SERVER] = &assistant_server,
  [SETUP_PREFLIGHT] = &assistant_preflight,
  [SETUP_ADMINISTRATOR] = &assistant_administrator,
  [SETUP_PEOPLE] = &assistant_people,
  [SETUP_CERTIFICATE] = &assistant_certificate,
  [SETUP_OUTGOING] = &assistant_outgoing,
  [SETUP_DNS] = &assistant_dns,
  [SETUP_FINISH] = &assistant_finish,
};

Connection *
assistant_connection (Assistant *self)
{
  return self->connection;
}

void
assistant_set_connection (Assistant *self, Connection *connection)
{
  g_set_object (&self->connection, connection);
  page_frame_set_connection (self->frame, connection);
}

const char *
assistant_configuration (Assistant *self)
{
  return self->configuration;
}

GCancellable *
assistant_cancellable (Assistant *self)
{
  return self->cancellable;
}

const char *
assistant_answer (Assistant *self, const char *key)
{
  return object_text (self->answers, key);
}

void
assistant_set_answer (Assistant *self, const char *key, const char *value)
{
  json_object_set_new (self->answers, key, json_string (value));
}

static void
set_busy (Assistant *self, gboolean busy)
{
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->stack), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->back), !busy);
}

void
assistant_set_ready (Assistant *self, gboolean ready)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->next), ready);
}

void
assistant_stay (Assistant *self, const char *why)
{
  set_busy (self, FALSE);
  assistant_set_ready (self, TRUE);
  gtk_label_set_text (self->trouble, why != NULL ? why : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), why != NULL);
}

static void
show_step (Assistant *self)
{
  const AssistantStep *step = steps[self->step];
  const char *name = setup_step_name (self->step);
  g_autofree char *where = g_strdup_printf (_ ("Step %d of %d"), self->step + 1, SETUP_STEP_COUNT);

  assistant_stay (self, NULL);
  page_frame_set_subtitle (self->frame, where);
  gtk_progress_bar_set_fraction (self->progress, (self->step + 1.0) / SETUP_STEP_COUNT);
  gtk_label_set_text (self->title, _ (step->title));
  gtk_label_set_text (self->intro, _ (step->intro));
  gtk_button_set_label (self->next, step->next != NULL ? _ (step->next) : _ ("_Continue"));
  /* What made the server cannot be gone back to. */
  gtk_widget_set_visible (GTK_WIDGET (self->back), self->step > SETUP_PREFLIGHT);
  gtk_widget_set_visible (GTK_WIDGET (self->skip), step->can_skip);
  if (self->pages[self->step] == NULL) {
    self->pages[self->step] = step->new (self);
    gtk_stack_add_named (self->stack, self->pages[self->step], name);
  }
  gtk_stack_set_visible_child_name (self->stack, name);
  if (step->show != NULL)
    step->show (self, self->pages[self->step]);
}

/* How far somebody else has come who sets up the same server. */
static char *
tell_theirs (const json_t *current, const Deed *deed)
{
  const json_t *setup = json_object_get (current, "setup");

  if (!json_is_object (setup))
    return NULL;
  return g_strdup (object_flag (setup, "done")
                       ? _ ("Somebody else has set up this server meanwhile, and is done. If you "
                            "write yours, the setup counts as unfinished again.")
                       : _ ("Somebody else is setting up this server, too. Whose answers is the "
                            "assistant to keep?"));
}

static void keep (Assistant *self);

/* That this does not work harms nothing but the taking up again. */
static void
did_keep (gpointer data, const char *etag, const GError *error)
{
  Assistant *self = data;

  g_free (self->etag);
  self->etag = g_strdup (etag);
  self->is_keeping = FALSE;
  self->is_others = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG);
  if (error != NULL && !self->is_others
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    g_warning ("The assistant's state is not kept: %s", error->message);
  if (self->keep_again && self->connection != NULL)
    keep (self);
}

/* One after the other: each knows what the one before has left. */
static void
keep (Assistant *self)
{
  g_autoptr (json_t) body = setup_keep (self->step, self->answers);
  const Deed deed = { .action = ACTION_SETUP_KEEP,
                      .body = body,
                      .etag = self->etag != NULL ? self->etag : ETAG_NEW,
                      .tell = tell_theirs,
                      .done = did_keep,
                      .data = self };

  self->keep_again = self->is_keeping;
  if (self->connection == NULL || self->is_keeping || self->is_others)
    return;
  self->is_keeping = TRUE;
  deed_run (&deed, self->connection, GTK_WIDGET (self), NULL);
}

static void
leave (Assistant *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (Connection) connection = g_object_ref (self->connection);

  if (!PANEL_IS_WINDOW (root))
    return;
  if (window_get_connection (PANEL_WINDOW (root)) == connection)
    window_show_page (GTK_WIDGET (root), "overview");
  else
    window_set_connection (PANEL_WINDOW (root), connection);
}

void
assistant_advance (Assistant *self)
{
  if (self->step == SETUP_FINISH) {
    leave (self);
    return;
  }
  self->step++;
  keep (self);
  show_step (self);
}

static void
did_go_back (Assistant *self)
{
  self->step--;
  show_step (self);
}

static void
did_go_on (Assistant *self)
{
  const AssistantStep *step = steps[self->step];

  if (step->apply == NULL) {
    assistant_advance (self);
    return;
  }
  assistant_stay (self, NULL);
  set_busy (self, TRUE);
  assistant_set_ready (self, FALSE);
  step->apply (self, self->pages[self->step]);
}

/* A server that was made by hand has its names, too. */
static void
did_list_domains (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  Assistant *self = data;
  const char *first = json_string_value (json_array_get (object_list (answer, "domains"), 0));
  if (first != NULL)
    assistant_set_answer (self, "domain", first);
  page_frame_show_content (self->frame);
  show_step (self);
}

static void
learn_names (Assistant *self)
{
  const json_t *server = json_object_get (connection_get_whoami (self->connection), "server");

  if (*assistant_answer (self, "hostname") == '\0')
    assistant_set_answer (self, "hostname", object_text (server, "hostname"));
  if (*assistant_answer (self, "domain") == '\0')
    connection_get_async (self->connection, "/v1/domains", self->cancellable, did_list_domains,
                          self);
  else {
    page_frame_show_content (self->frame);
    show_step (self);
  }
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  Assistant *self = data;
  if (answer == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)) {
    page_frame_show_error (self->frame, error);
    return;
  }
  g_free (self->etag);
  self->etag = g_steal_pointer (&etag);
  json_t *kept = json_object_get (json_object_get (answer, "setup"), "answers");
  if (json_is_object (kept))
    json_object_update (self->answers, kept);
  self->step = setup_resume (answer);
  if (self->step == SETUP_SERVER)
    self->step = SETUP_PREFLIGHT; /* an older server keeps nothing */
  learn_names (self);
}

static void
assistant_dispose (GObject *object)
{
  Assistant *self = PANEL_ASSISTANT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (assistant_parent_class)->dispose (object);
}

static void
assistant_finalize (GObject *object)
{
  Assistant *self = PANEL_ASSISTANT (object);

  json_decref (self->answers);
  g_free (self->etag);
  g_free (self->configuration);
  G_OBJECT_CLASS (assistant_parent_class)->finalize (object);
}

static void
assistant_class_init (AssistantClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = assistant_dispose;
  G_OBJECT_CLASS (class)->finalize = assistant_finalize;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/assistant.ui");
  gtk_widget_class_bind_template_child (widget, Assistant, frame);
  gtk_widget_class_bind_template_child (widget, Assistant, progress);
  gtk_widget_class_bind_template_child (widget, Assistant, title);
  gtk_widget_class_bind_template_child (widget, Assistant, intro);
  gtk_widget_class_bind_template_child (widget, Assistant, trouble);
  gtk_widget_class_bind_template_child (widget, Assistant, stack);
  gtk_widget_class_bind_template_child (widget, Assistant, back);
  gtk_widget_class_bind_template_child (widget, Assistant, skip);
  gtk_widget_class_bind_template_child (widget, Assistant, next);
  gtk_widget_class_bind_template_child (widget, Assistant, spinner);
  gtk_widget_class_bind_template_callback (widget, did_go_back);
  gtk_widget_class_bind_template_callback (widget, did_go_on);
  gtk_widget_class_bind_template_callback (widget, assistant_advance);
}

static void
assistant_init (Assistant *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  self->answers = json_object ();
}

GtkWidget *
assistant_new (Connection *connection, const char *configuration)
{
  Assistant *self = g_object_new (PANEL_TYPE_ASSISTANT, NULL);

  self->configuration = g_strdup (configuration);
  if (connection == NULL) {
    page_frame_show_content (self->frame);
    show_step (self);
    return GTK_WIDGET (self);
  }
  assistant_set_connection (self, connection);
  connection_get_async (connection, "/v1/setup", self->cancellable, did_load, self);
  return GTK_WIDGET (self);
}
