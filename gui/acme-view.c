/* Most of it are settings; GET /v1/acme tells what the authority and the account are. */
#include "acme-view.h"
#include "deed.h"
#include "json.h"
#include "row-list.h"
#include "setting-row.h"
#include "widgets/copy-row.h"
#include "widgets/page-frame.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

struct _AcmeView {
  AdwBin parent;

  Connection *connection;
  SettingsModel *settings;
  GCancellable *cancellable;
  void (*order) (gpointer data);
  gpointer data;
  PageFrame *frame;
  AdwPreferencesGroup *authority, *names, *proof, *update, *customer, *account, *rare;
  GtkWidget *get, *open, *open_row, *roll_over, *roll_over_row;
  char *terms; /* where they are */
  GtkWidget *terms_row, *problem_row;
};
G_DEFINE_FINAL_TYPE (AcmeView, acme_view, ADW_TYPE_BIN)

/* Whether the settings say so. */
static gboolean
setting_is (AcmeView *self, const char *key, const char *value)
{
  return strcmp (object_text (settings_model_find (self->settings, key), "value"), value) == 0;
}

/* What the authority says. */

static void
show_authority (AcmeView *self, const json_t *answer)
{
  const char *problem = object_text (answer, "problem");

  g_free (self->terms);
  self->terms = g_strdup (object_text (answer, "terms"));
  gtk_widget_set_visible (self->terms_row, *self->terms != '\0');
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->terms_row), self->terms);
  gtk_widget_set_visible (self->problem_row, *problem != '\0');
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->problem_row), problem);
}

static GtkWidget *
name_row (json_t *host, gpointer data)
{
  return text_row_new (object_text (host, "host"),
                       object_flag (host, "needed") ? NULL
                                                    : _ ("if the DNS leads it to this server"));
}

static void
show_names (AcmeView *self, const json_t *answer)
{
  g_autoptr (json_t) hosts = json_array ();
  json_t *certificate;
  gsize i;

  json_array_foreach (object_list (answer, "plan"), i, certificate)
      json_array_extend (hosts, object_list (certificate, "hosts"));
  row_list_fill (self->names, hosts, NULL, name_row, self);
}

/* The account's facts as rows: {"label", "value"}. */
static void
add_fact (json_t *facts, const char *label, const char *value)
{
  if (*value != '\0')
    json_array_append_new (facts, json_pack ("{s:s, s:s}", "label", label, "value", value));
}

static GtkWidget *
fact_row (json_t *fact, gpointer data)
{
  return copy_row_new (object_text (fact, "label"), object_text (fact, "value"));
}

/* One call makes the account, and tells one that is there the mail address of the settings. */
static void
show_open_row (AcmeView *self, gboolean is_there)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->open_row),
                                 is_there ? _ ("Tell the authority the mail address from above")
                                          : _ ("Make the account now"));
  adw_action_row_set_subtitle (
      ADW_ACTION_ROW (self->open_row),
      is_there ? _ ("After you have changed it: else the account keeps the one it knows.")
               : _ ("To see whether the authority takes you, before anything is ordered."));
  gtk_button_set_label (GTK_BUTTON (self->open), is_there ? _ ("_Tell It") : _ ("_Make Account"));
}

static void
show_account (AcmeView *self, const json_t *account)
{
  g_autoptr (json_t) facts = json_array ();
  const gboolean is_there = json_is_object (account);

  if (is_there) {
    add_fact (facts, _ ("Address of the account"), object_text (account, "url"));
    add_fact (facts, _ ("Mail address it knows"), object_text (account, "email"));
    add_fact (facts, _ ("Thumbprint of its key"), object_text (account, "thumbprint"));
  }
  row_list_fill (self->account, facts, _ ("There is none yet; the first order makes it."), fact_row,
                 self);
  show_open_row (self, is_there);
  gtk_widget_set_visible (self->roll_over_row, is_there);
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  AcmeView *self = data;
  if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  show_authority (self, answer);
  show_names (self, answer);
  show_account (self, json_object_get (answer, "account"));
}

/* The authority may be slow or away: the settings are shown at once. */
static void
reload (AcmeView *self)
{
  connection_get_async (self->connection, "/v1/acme", self->cancellable, did_load, self);
}

static void
did_read_settings (AcmeView *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->update), setting_is (self, "acme.challenge", "dns-01"));
  page_frame_show_content (self->frame);
}

static void
did_fail (AcmeView *self, const GError *error)
{
  page_frame_show_error (self->frame, error);
}

/* By hand: of the settings, too, where they could not be read. */
static void
refresh (AcmeView *self)
{
  if (settings_model_list (self->settings) == NULL)
    settings_model_reload (self->settings);
  reload (self);
}

static void
did_change (AcmeView *self, const char *what, const char *name)
{
  if (g_strcmp0 (what, "settings") == 0 || g_strcmp0 (what, "certificates") == 0
      || g_strcmp0 (what, "acme") == 0 || g_strcmp0 (what, "domains") == 0)
    reload (self);
}

/* Deeds. */

static void
get_certificates (AcmeView *self)
{
  if (!setting_is (self, "acme.agree-to-terms", "yes")) {
    window_toast (GTK_WIDGET (self),
                  _ ("First read the terms of service, and say that you agree to them."));
    return;
  }
  self->order (self->data);
  window_pop (GTK_WIDGET (self));
}

static void
open_account (AcmeView *self)
{
  g_autoptr (json_t) body = json_object ();
  const Deed deed = { .action = ACTION_ACME_ACCOUNT,
                      .body = body,
                      .said = _ ("The authority knows you, with your mail address") };

  deed_run (&deed, self->connection, GTK_WIDGET (self), NULL);
}

static void
roll_over (AcmeView *self)
{
  g_autoptr (json_t) body = json_object ();
  const Deed deed = { .action = ACTION_ACME_ROLLOVER,
                      .body = body,
                      .said = _ ("The account has another key now") };

  deed_run (&deed, self->connection, GTK_WIDGET (self), NULL);
}

static void
show_terms (AcmeView *self)
{
  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->terms,
                GDK_CURRENT_TIME);
}

/* Building. */

static void
add_settings (AcmeView *self, AdwPreferencesGroup *group, const char *const *keys)
{
  for (; *keys != NULL; keys++)
    adw_preferences_group_add (group, setting_row_new (self->settings, *keys));
}

static void
add_authority (AcmeView *self)
{
  static const char *const first[] = { "acme.directory", NULL };
  static const char *const second[] = { "acme.agree-to-terms", "acme.email", NULL };
  GtkWidget *button = row_button_new ("web-browser-symbolic", _ ("Read the terms of service"));

  add_settings (self, self->authority, first);
  self->problem_row = text_row_new (_ ("The authority does not answer"), NULL);
  text_row_set_sign (self->problem_row, "dialog-warning-symbolic", "warning",
                     _ ("Needs attention"));
  self->terms_row = text_row_new (_ ("Terms of service"), NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->terms_row), button);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (show_terms), self);
  gtk_widget_set_visible (self->problem_row, FALSE);
  gtk_widget_set_visible (self->terms_row, FALSE);
  adw_preferences_group_add (self->authority, self->problem_row);
  adw_preferences_group_add (self->authority, self->terms_row);
  add_settings (self, self->authority, second);
}

static void
add_rows (AcmeView *self)
{
  static const char *const names[] = { "acme.names", NULL };
  static const char *const proof[] = { "acme.challenge", NULL };
  static const char *const update[] = { "acme.dns-server", "acme.dns-key", "acme.dns-wait", NULL };
  static const char *const customer[] = { "acme.eab-kid", "acme.eab-key", NULL };
  static const char *const rare[] = { "acme.key", "acme.ca-file", NULL };

  add_authority (self);
  add_settings (self, self->names, names);
  add_settings (self, self->proof, proof);
  add_settings (self, self->update, update);
  add_settings (self, self->customer, customer);
  add_settings (self, self->rare, rare);
}

static void
acme_view_dispose (GObject *object)
{
  AcmeView *self = PANEL_ACME_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->terms, g_free);
  G_OBJECT_CLASS (acme_view_parent_class)->dispose (object);
}

static void
acme_view_class_init (AcmeViewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = acme_view_dispose;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/acme-view.ui");
  gtk_widget_class_bind_template_child (widget, AcmeView, frame);
  gtk_widget_class_bind_template_child (widget, AcmeView, authority);
  gtk_widget_class_bind_template_child (widget, AcmeView, names);
  gtk_widget_class_bind_template_child (widget, AcmeView, proof);
  gtk_widget_class_bind_template_child (widget, AcmeView, update);
  gtk_widget_class_bind_template_child (widget, AcmeView, customer);
  gtk_widget_class_bind_template_child (widget, AcmeView, account);
  gtk_widget_class_bind_template_child (widget, AcmeView, rare);
  gtk_widget_class_bind_template_child (widget, AcmeView, get);
  gtk_widget_class_bind_template_child (widget, AcmeView, open);
  gtk_widget_class_bind_template_child (widget, AcmeView, open_row);
  gtk_widget_class_bind_template_child (widget, AcmeView, roll_over);
  gtk_widget_class_bind_template_child (widget, AcmeView, roll_over_row);
  gtk_widget_class_bind_template_callback (widget, refresh);
  gtk_widget_class_bind_template_callback (widget, get_certificates);
  gtk_widget_class_bind_template_callback (widget, open_account);
  gtk_widget_class_bind_template_callback (widget, roll_over);
}

static void
acme_view_init (AcmeView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

static void
prepare_button (AcmeView *self, GtkWidget *button, Action action)
{
  action_describe (button, action, NULL);
  gtk_widget_set_sensitive (button, connection_may_change (self->connection));
}

GtkWidget *
acme_view_new (Connection *connection, void (*order) (gpointer data), gpointer data)
{
  AcmeView *self = g_object_new (PANEL_TYPE_ACME_VIEW, NULL);

  self->connection = g_object_ref (connection);
  self->settings = settings_model_of (connection);
  self->order = order;
  self->data = data;
  page_frame_set_connection (self->frame, connection);
  add_rows (self);
  prepare_button (self, self->get, ACTION_ACME_ORDER);
  prepare_button (self, self->open, ACTION_ACME_ACCOUNT);
  prepare_button (self, self->roll_over, ACTION_ACME_ROLLOVER);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "loaded", G_CALLBACK (did_read_settings), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "failed", G_CALLBACK (did_fail), self,
                           G_CONNECT_SWAPPED);
  show_open_row (self, FALSE);
  if (settings_model_list (self->settings) != NULL)
    did_read_settings (self);
  reload (self);
  return GTK_WIDGET (self);
}
