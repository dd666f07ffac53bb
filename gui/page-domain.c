/* The records are shown at once; what the DNS says about them comes when it has been asked. */
#include "page-domain.h"
#include "actions.h"
#include "deed.h"
#include "domain-rows.h"
#include "json.h"
#include "rate-group.h"
#include "row-list.h"
#include "widgets/alert.h"
#include "widgets/page-frame.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

struct _PageDomain {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  char *domain;
  char *etag, *keys_etag; /* of the domain itself, of its keys */
  char *asked; /* KEYS_ETAG when the person was asked */
  char *caught; /* who gets what nobody has, as the server knows it; or NULL */
  gboolean is_settled; /* what stands in the entry was sent: what the server says counts */
  PageFrame *frame;
  AdwPreferencesGroup *records, *server, *keys;
  GtkSpinner *checking;
  GtkWidget *check, *prepare, *rotate;
  GtkEditable *catch_all;
  RateGroup *rates;
  json_t *plan; /* the newest list of records */
};
G_DEFINE_FINAL_TYPE (PageDomain, page_domain, ADW_TYPE_BIN)

static void
show_plan (PageDomain *self, json_t *answer)
{
  g_clear_pointer (&self->plan, json_decref);
  self->plan = json_incref (object_list (answer, "records"));
  row_list_fill (self->records, self->plan, _ ("Nothing is needed."), domain_record_row_new, self);
  row_list_fill (self->server, object_list (answer, "server"), NULL, domain_server_row_new, self);
  gtk_widget_set_visible (GTK_WIDGET (self->server),
                          json_array_size (object_list (answer, "server")) > 0);
}

static void
set_checking (PageDomain *self, gboolean checking)
{
  gtk_widget_set_visible (GTK_WIDGET (self->checking), checking);
  gtk_spinner_set_spinning (self->checking, checking);
  gtk_widget_set_sensitive (self->check, !checking);
}

static void
did_check (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageDomain *self = data;
  set_checking (self, FALSE);
  if (answer != NULL)
    show_plan (self, answer);
  else
    window_toast_error (GTK_WIDGET (self), error);
}

static void
check (PageDomain *self)
{
  set_checking (self, TRUE);
  action_run_async (self->connection, ACTION_DOMAIN_CHECK, self->domain, NULL, NULL,
                    self->cancellable, did_check, self);
}

static void
did_load_plan (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageDomain *self = data;
  if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  show_plan (self, answer);
  page_frame_show_content (self->frame);
  check (self);
}

/* Keys. */

static void
did_load_keys (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageDomain *self = data;
  if (answer == NULL) {
    window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  g_free (self->keys_etag);
  self->keys_etag = g_steal_pointer (&etag);
  row_list_fill (self->keys, object_list (answer, "keys"), _ ("There is no key."),
                 domain_key_row_new, self);
}

/* What a person has begun to type is theirs until it was sent. */
static gboolean
is_typing (PageDomain *self)
{
  const char *known = self->caught != NULL ? self->caught : "";

  return !self->is_settled && self->etag != NULL
      && strcmp (gtk_editable_get_text (self->catch_all), known) != 0;
}

static void
did_load_domain (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageDomain *self = data;
  if (answer == NULL)
    return; /* the records say why */
  const gboolean is_refused = self->is_settled && g_strcmp0 (etag, self->etag) == 0;
  if (is_typing (self) || is_refused) { /* with the ETag of what was shown before */
    self->is_settled = FALSE;
    return;
  }
  g_free (self->etag);
  self->etag = g_steal_pointer (&etag);
  g_free (self->caught);
  self->caught = g_strdup (json_string_value (json_object_get (answer, "catch_all")));
  gtk_editable_set_text (self->catch_all, object_text (answer, "catch_all"));
  self->is_settled = FALSE;
}

static void
load (PageDomain *self, Action action, GAsyncReadyCallback callback)
{
  g_autofree char *path = action_path (action, self->domain);

  connection_get_async (self->connection, path, self->cancellable, callback, self);
}

static void
reload (PageDomain *self)
{
  load (self, ACTION_DOMAIN_CHECK, did_load_plan);
  load (self, ACTION_DKIM_PREPARE, did_load_keys);
  load (self, ACTION_DOMAIN_CATCH_ALL, did_load_domain);
}

static void
did_end (GtkWidget *widget)
{
  PageDomain *self = PANEL_PAGE_DOMAIN (widget);

  if (self->connection != NULL)
    reload (self);
}

static void
prepare (PageDomain *self)
{
  const Deed deed = { .action = ACTION_DKIM_PREPARE,
                      .argument = self->domain,
                      .said = _ ("New keys are made. Enter their records, then use the keys.") };

  deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
}

static char *
tell_keys (const json_t *current, const Deed *deed)
{
  if (json_is_null (current))
    return g_strdup_printf (_ ("Somebody else has removed %s meanwhile."), deed->argument);
  return g_strdup (_ ("Somebody else has changed the keys of the domain meanwhile. Look first at "
                      "which records are to be in the DNS now."));
}

static void
do_rotate (gpointer data)
{
  PageDomain *self = data;
  const Deed deed = { .action = ACTION_DKIM_ROTATE,
                      .argument = self->domain,
                      .etag = self->asked,
                      .tell = tell_keys,
                      .anyway = _ ("_Sign with Them"),
                      .said = _ ("Mail is signed with the new keys from now on") };

  deed_run (&deed, self->connection, GTK_WIDGET (self), did_end);
}

/* It cannot be taken back, and mail is refused elsewhere when the records are not there. */
static void
ask_rotate (PageDomain *self)
{
  g_free (self->asked);
  self->asked = g_strdup (self->keys_etag);
  alert_ask (
      GTK_WIDGET (self), _ ("Sign with the new keys?"),
      _ ("Their records must be in the DNS for a day, so that all others see them; else other "
         "servers take the mail for forged."),
      _ ("_Sign with them"), FALSE, do_rotate, self);
}

static char *
tell_domain (const json_t *current, const Deed *deed)
{
  const char *address = object_text (current, "catch_all");

  if (json_is_null (current))
    return g_strdup_printf (_ ("Somebody else has removed %s meanwhile."), deed->argument);
  return *address ? g_strdup_printf (_ ("Somebody else has changed this domain meanwhile. Mail for "
                                        "names that nobody has goes to %s."),
                                     address)
                  : g_strdup (_ ("Somebody else has changed this domain meanwhile. Mail for names "
                                 "that nobody has is refused."));
}

static void
did_set_catch_all (GtkWidget *widget)
{
  PageDomain *self = PANEL_PAGE_DOMAIN (widget);

  self->is_settled = TRUE;
  if (self->connection != NULL)
    load (self, ACTION_DOMAIN_CATCH_ALL, did_load_domain);
}

static void
set_catch_all (PageDomain *self)
{
  const char *address = gtk_editable_get_text (self->catch_all);
  g_autoptr (json_t) body = json_pack ("{s:s?}", "catch_all", *address ? address : NULL);
  g_autoptr (json_t) back = json_pack ("{s:s?}", "catch_all", self->caught);
  const Deed deed = { .action = ACTION_DOMAIN_CATCH_ALL,
                      .argument = self->domain,
                      .body = body,
                      .etag = self->etag,
                      .tell = tell_domain,
                      .said = _ ("Changed"),
                      .has_undo = TRUE,
                      .undo = ACTION_DOMAIN_CATCH_ALL,
                      .undo_body = back };

  deed_run (&deed, self->connection, GTK_WIDGET (self), did_set_catch_all);
}

static void
copy_zone (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PageDomain *self = PANEL_PAGE_DOMAIN (widget);
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *record;
  gsize i;

  json_array_foreach (self->plan, i, record)
  {
    if (object_has (record, "zone"))
      g_string_append_printf (text, "%s\n", object_text (record, "zone"));
  }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
  window_toast (widget, _ ("Copied"));
}

/* Its keys would be lost: nothing happens before the time for an undo is over. */
static void
remove_domain (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PageDomain *self = PANEL_PAGE_DOMAIN (widget);
  g_autofree char *said = g_strdup_printf (_ ("%s is removed"), self->domain);
  const Deed deed = { .action = ACTION_DOMAIN_REMOVE,
                      .argument = self->domain,
                      .etag = self->etag,
                      .tell = tell_domain,
                      .said = said };

  deed_run_later (&deed, self->connection, widget, NULL);
  window_pop (widget);
}

static void
did_change (PageDomain *self, const char *what, const char *name)
{
  if (strcmp (what, "dkim") == 0)
    load (self, ACTION_DKIM_PREPARE, did_load_keys);
  if (strcmp (what, "domains") == 0)
    load (self, ACTION_DOMAIN_CATCH_ALL, did_load_domain);
}

static void
page_domain_dispose (GObject *object)
{
  PageDomain *self = PANEL_PAGE_DOMAIN (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->plan, json_decref);
  G_OBJECT_CLASS (page_domain_parent_class)->dispose (object);
}

static void
page_domain_finalize (GObject *object)
{
  PageDomain *self = PANEL_PAGE_DOMAIN (object);

  g_free (self->domain);
  g_free (self->etag);
  g_free (self->keys_etag);
  g_free (self->asked);
  g_free (self->caught);
  G_OBJECT_CLASS (page_domain_parent_class)->finalize (object);
}

static void
page_domain_class_init (PageDomainClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = page_domain_dispose;
  G_OBJECT_CLASS (class)->finalize = page_domain_finalize;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  g_type_ensure (PANEL_TYPE_RATE_GROUP);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-domain.ui");
  gtk_widget_class_bind_template_child (widget, PageDomain, frame);
  gtk_widget_class_bind_template_child (widget, PageDomain, records);
  gtk_widget_class_bind_template_child (widget, PageDomain, server);
  gtk_widget_class_bind_template_child (widget, PageDomain, keys);
  gtk_widget_class_bind_template_child (widget, PageDomain, checking);
  gtk_widget_class_bind_template_child (widget, PageDomain, check);
  gtk_widget_class_bind_template_child (widget, PageDomain, prepare);
  gtk_widget_class_bind_template_child (widget, PageDomain, rotate);
  gtk_widget_class_bind_template_child (widget, PageDomain, catch_all);
  gtk_widget_class_bind_template_child (widget, PageDomain, rates);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, check);
  gtk_widget_class_bind_template_callback (widget, prepare);
  gtk_widget_class_bind_template_callback (widget, ask_rotate);
  gtk_widget_class_bind_template_callback (widget, set_catch_all);
  gtk_widget_class_install_action (widget, "domain.copy-zone", NULL, copy_zone);
  gtk_widget_class_install_action (widget, "domain.remove", NULL, remove_domain);
}

static void
page_domain_init (PageDomain *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
page_domain_new (Connection *connection, const char *domain)
{
  PageDomain *self = g_object_new (PANEL_TYPE_PAGE_DOMAIN, NULL);

  self->connection = g_object_ref (connection);
  self->domain = g_strdup (domain);
  page_frame_set_title (self->frame, domain);
  page_frame_set_connection (self->frame, connection);
  action_describe (self->check, ACTION_DOMAIN_CHECK, domain);
  action_describe (self->prepare, ACTION_DKIM_PREPARE, domain);
  action_describe (self->rotate, ACTION_DKIM_ROTATE, domain);
  rate_group_load (self->rates, connection, ACTION_DOMAIN_RATE, domain);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}
