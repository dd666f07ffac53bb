/* AdwMessageDialog; who closes it keeps what is there. */
#include "conflict.h"
#include <glib/gi18n.h>
#include <string.h>

static const struct {
  const char *title, *theirs, *mine;
} words[CONFLICT_KINDS] = {
  [CONFLICT_CHANGED]
  = { N_ ("Somebody Else Has Changed This"), N_ ("Keep _Theirs"), N_ ("Write _Mine") },
  [CONFLICT_REMOVED]
  = { N_ ("Somebody Else Has Changed This"), N_ ("_Keep It"), N_ ("_Remove It Anyway") },
  [CONFLICT_THERE] = { N_ ("This Is There Already"), N_ ("_Keep It"), N_ ("_Replace It") },
};

typedef struct {
  ConflictFunc theirs, mine;
  gpointer data;
  GDestroyNotify destroy;
} Conflict;

static void
did_respond (GtkWidget *dialog, const char *response, Conflict *self)
{
  const ConflictFunc func = strcmp (response, "mine") == 0 ? self->mine : self->theirs;

  if (func != NULL)
    func (self->data);
}

static void
conflict_free (gpointer data, GClosure *closure)
{
  Conflict *self = data;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self);
}

void
conflict_ask (GtkWidget *from, ConflictKind kind, const char *theirs, const char *mine,
              ConflictFunc keep_theirs, ConflictFunc write_mine, gpointer data,
              GDestroyNotify destroy)
{
  GtkRoot *root = gtk_widget_get_root (from);
  GtkWidget *dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                              _ (words[kind].title), theirs);
  Conflict *self = g_new0 (Conflict, 1);

  *self = (Conflict) { keep_theirs, write_mine, data, destroy };
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "theirs", _ (words[kind].theirs),
                                    "mine", mine != NULL ? mine : _ (words[kind].mine), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "theirs");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "theirs");
  g_signal_connect_data (dialog, "response", G_CALLBACK (did_respond), self, conflict_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
