/* A row for each domain; opening one pushes its page. */
#include "page-domains.h"
#include "deed.h"
#include "form-dialog.h"
#include "json-list.h"
#include "page-domain.h"
#include "row-list.h"
#include "widgets/page-frame.h"
#include "window.h"
#include <glib/gi18n.h>
#include <string.h>

struct _PageDomains {
  AdwBin parent;

  Connection *connection;
  GCancellable *cancellable;
  PageFrame *frame;
  GtkWidget *add;
  AdwPreferencesGroup *list;

  json_t *domains; /* [{"name", "users", "aliases", "groups"}] */
  char *opening; /* what was just added: it is opened when the list knows it */
};
G_DEFINE_FINAL_TYPE (PageDomains, page_domains, ADW_TYPE_BIN)

static char *
describe (json_t *domain)
{
  const gulong users = (gulong)object_number (domain, "users");
  const gulong others
      = (gulong)(object_number (domain, "aliases") + object_number (domain, "groups"));
  g_autofree char *people = g_strdup_printf (ngettext ("%lu user", "%lu users", users), users);
  g_autofree char *rest
      = g_strdup_printf (ngettext ("%lu alias or group", "%lu aliases and groups", others), others);

  if (!object_has (domain, "users"))
    return NULL;
  return others > 0 ? g_strdup_printf ("%s, %s", people, rest) : g_strdup (people);
}

static void
open_domain (GtkWidget *row)
{
  PageDomains *self = PANEL_PAGE_DOMAINS (gtk_widget_get_ancestor (row, PANEL_TYPE_PAGE_DOMAINS));

  window_push (row, page_domain_new (self->connection,
                                     adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row))));
}

static GtkWidget *
make_row (json_t *domain, gpointer data)
{
  g_autofree char *facts = describe (domain);
  GtkWidget *row = text_row_new (object_text (domain, "name"), facts);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect (row, "activated", G_CALLBACK (open_domain), NULL);
  return row;
}

static gboolean
matches (json_t *domain, char **words)
{
  for (; *words != NULL; words++)
    if (strstr (object_text (domain, "name"), *words) == NULL)
      return FALSE;
  return TRUE;
}

static void
show (PageDomains *self)
{
  g_auto (GStrv) words = json_fold (page_frame_get_search (self->frame));
  g_autoptr (json_t) found = json_array ();
  json_t *domain;
  gsize i;

  if (self->domains == NULL)
    return;
  json_array_foreach (self->domains, i, domain)
  {
    if (matches (domain, words))
      json_array_append (found, domain);
  }
  row_list_fill (self->list, found, _ ("No domain is called so."), make_row, self);
  if (json_array_size (self->domains) == 0)
    page_frame_show_empty (self->frame, "panel-domains-symbolic", _ ("No domain yet"),
                           _ ("Add the domain that stands behind the @ of your mail addresses."),
                           _ ("_Add a domain"), "domains.add");
  else
    page_frame_show_content (self->frame);
}

/* Servers give the details beside the names; older ones give the names alone. */
static json_t *
take_details (json_t *answer)
{
  json_t *details = object_list (answer, "details");
  json_t *list, *name;
  gsize i;

  if (details != NULL)
    return json_incref (details);
  list = json_array ();
  json_array_foreach (object_list (answer, "domains"), i, name)
  {
    json_array_append_new (list, json_pack ("{s:O}", "name", name));
  }
  return list;
}

static void
did_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PageDomains *self = data;
  if (answer == NULL) {
    page_frame_show_error (self->frame, error);
    return;
  }
  g_clear_pointer (&self->domains, json_decref);
  self->domains = take_details (answer);
  show (self);
}

static void
reload (PageDomains *self)
{
  connection_get_async (self->connection, "/v1/domains", self->cancellable, did_load, self);
}

static void
did_change (PageDomains *self, const char *what, const char *name)
{
  static const char *const mine[] = { "", "domains", "users", "aliases", "groups", "roles", NULL };

  if (g_strv_contains (mine, what))
    reload (self);
}

/* Adding. */

typedef struct {
  PageDomains *page;
  GtkEditable *name;
} Adding;

static gboolean
can_add (gpointer data)
{
  const Adding *adding = data;
  const char *name = gtk_editable_get_text (adding->name);
  const char *dot = strchr (name, '.');

  return dot != NULL && dot != name && dot[1] != '\0' && strchr (name, '@') == NULL
      && strchr (name, ' ') == NULL;
}

static void
did_add (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PageDomains) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (answer == NULL) {
    window_toast_error (GTK_WIDGET (self), error);
    return;
  }
  window_toast (GTK_WIDGET (self), _ ("Domain added. These are the DNS records that it needs."));
  window_push (GTK_WIDGET (self), page_domain_new (self->connection, self->opening));
  reload (self);
}

static void
add (gpointer data)
{
  const Adding *adding = data;
  PageDomains *self = adding->page;
  g_autofree char *typed = g_strdup (gtk_editable_get_text (adding->name));

  g_free (self->opening);
  self->opening = g_utf8_strdown (g_strstrip (typed), -1);
  action_run_async (self->connection, ACTION_DOMAIN_ADD, self->opening, NULL, NULL, NULL, did_add,
                    g_object_ref (self));
}

static void
ask_add (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PageDomains *self = PANEL_PAGE_DOMAINS (widget);
  GtkWidget *dialog = form_dialog_new (
      widget, _ ("Add a domain"),
      _ ("The part of mail addresses behind the @. The server then takes mail for it, makes the keys "
         "that sign its mail, and tells which DNS records it needs."),
      _ ("_Add"));
  Adding *adding = g_new0 (Adding, 1);
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Domain, such as example.com"));
  *adding = (Adding) { self, GTK_EDITABLE (row) };
  form_dialog_add (dialog, row);
  form_dialog_run (dialog, can_add, add, adding, g_free);
}

/* The object. */

static void
page_domains_dispose (GObject *object)
{
  PageDomains *self = PANEL_PAGE_DOMAINS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->domains, json_decref);
  g_clear_pointer (&self->opening, g_free);
  G_OBJECT_CLASS (page_domains_parent_class)->dispose (object);
}

static void
page_domains_class_init (PageDomainsClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = page_domains_dispose;
  g_type_ensure (PANEL_TYPE_PAGE_FRAME);
  gtk_widget_class_set_template_from_resource (widget, "/hauspost/page-domains.ui");
  gtk_widget_class_bind_template_child (widget, PageDomains, frame);
  gtk_widget_class_bind_template_child (widget, PageDomains, add);
  gtk_widget_class_bind_template_child (widget, PageDomains, list);
  gtk_widget_class_bind_template_callback (widget, reload);
  gtk_widget_class_bind_template_callback (widget, show);
  gtk_widget_class_install_action (widget, "domains.add", NULL, ask_add);
}

static void
page_domains_init (PageDomains *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  action_describe (self->add, ACTION_DOMAIN_ADD, NULL);
}

GtkWidget *
page_domains_new (Connection *connection)
{
  PageDomains *self = g_object_new (PANEL_TYPE_PAGE_DOMAINS, NULL);

  self->connection = g_object_ref (connection);
  page_frame_set_connection (self->frame, connection);
  g_signal_connect_object (connection, "changed", G_CALLBACK (did_change), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}
