/* AdwExpanderRow, made anew when something has changed. */
#include "certificate-row.h"
#include "actions.h"
#include "format.h"
#include "json.h"
#include "row-list.h"
#include "widgets/copy-row.h"
#include <glib/gi18n.h>
#include <string.h>

#define DAY 86400
#define FAR 400 /* days that nobody counts */

/* To show another condition of the API, add a line here. */
static const struct {
  const char *condition, *icon, *class, *name;
} signs[] = {
  { "good", "emblem-ok-symbolic", "success", N_ ("Good") },
  { "ending", "dialog-warning-symbolic", "warning", N_ ("Ends soon") },
  { "failing", "dialog-warning-symbolic", "warning", N_ ("Cannot be renewed") },
  { "ended", "dialog-error-symbolic", "error", N_ ("Not valid") },
  { "missing", "dialog-warning-symbolic", "warning", N_ ("Not here yet") },
};

static char *
join (json_t *texts, const char *between)
{
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *item;
  gsize i;

  json_array_foreach (texts, i, item)
      g_string_append_printf (text, "%s%s", i > 0 ? between : "", json_string_value (item));
  return g_strdup (text->str);
}

static void
set_sign (GtkWidget *row, const json_t *certificate)
{
  const char *condition = object_text (certificate, "condition");
  const gboolean warns_clients = object_flag (certificate, "self_signed");

  if (strcmp (condition, "good") == 0 && warns_clients)
    condition = "self-signed";
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strcmp (signs[i].condition, condition) == 0) {
      text_row_set_sign (row, signs[i].icon, signs[i].class, _ (signs[i].name));
      return;
    }
  text_row_set_sign (row, "dialog-warning-symbolic", "warning", _ ("Mail programs warn of it"));
}

static char *
time_left (const json_t *certificate)
{
  const gint64 end = object_number (certificate, "not_after");
  const gint64 left = end - g_get_real_time () / G_USEC_PER_SEC;
  const gulong days = (gulong)MAX (left / DAY, 0);
  g_autofree char *until = format_date (end);

  if (left < 0)
    return g_strdup_printf (_ ("Ended on %s"), until);
  if (days > FAR)
    return g_strdup_printf (_ ("Good until %s"), until);
  return g_strdup_printf (
      ngettext ("Good until %s, for %lu more day", "Good until %s, for %lu more days", days), until,
      days);
}

static char *
renewal_of (const json_t *certificate)
{
  const gint64 at = object_number (certificate, "renew_at");
  g_autofree char *day = format_date (at);

  if (object_flag (certificate, "renews_itself"))
    return at > 0 ? g_strdup_printf (_ ("by itself, about %s"), day) : g_strdup (_ ("by itself"));
  return g_strdup (object_flag (certificate, "self_signed")
                       ? _ ("not needed for years")
                       : _ ("by hand: import a newer one before it ends"));
}

static char *
summary_of (const json_t *certificate)
{
  if (!object_has (certificate, "not_after"))
    return g_strdup (_ ("Ordered, but not here yet"));
  g_autofree char *left = time_left (certificate);
  g_autofree char *who = object_flag (certificate, "renews_itself") ? g_strdup (_ ("renews itself"))
      : object_flag (certificate, "self_signed")                    ? g_strdup (_ ("self-signed"))
                                                 : g_strdup (_ ("renewed by hand"));
  const gboolean is_served = json_array_size (object_list (certificate, "serves")) > 0;
  return g_strjoin (" · ", left, who, is_served ? NULL : _ ("not in use: another one is better"),
                    NULL);
}

static void
add_fact (GtkWidget *row, const char *label, const char *fact)
{
  if (*fact != '\0')
    adw_expander_row_add_row (ADW_EXPANDER_ROW (row), text_row_new (label, fact));
}

/* What is wrong, first of all, and of which names. */
static void
add_problem (GtkWidget *row, const json_t *certificate)
{
  const gint64 next = object_number (certificate, "next_try");
  g_autofree char *time = format_time (next);
  json_t *failed;
  gsize i;

  add_fact (row, _ ("What to do"), object_text (certificate, "sentence"));
  json_array_foreach (object_list (certificate, "failed"), i, failed)
      add_fact (row, object_text (failed, "host"), object_text (failed, "sentence"));
  if (next > g_get_real_time () / G_USEC_PER_SEC)
    add_fact (row, _ ("Tried again by itself"), time);
}

static void
add_facts (GtkWidget *row, json_t *certificate)
{
  g_autofree char *hosts = join (object_list (certificate, "hosts"), "\n");
  g_autofree char *serves = join (object_list (certificate, "serves"), "\n");
  g_autofree char *renewal = renewal_of (certificate);

  add_fact (row, _ ("Names in it"), hosts);
  add_fact (row, _ ("Shown to mail programs that ask for"),
            *serves ? serves : _ ("nothing: for its names another one is better"));
  add_fact (row, _ ("Signed by"),
            object_flag (certificate, "self_signed") ? _ ("itself: mail programs warn of it")
                                                     : object_text (certificate, "issuer"));
  add_fact (row, _ ("Renewed"), renewal);
  add_fact (row, _ ("Called here"), object_text (certificate, "name"));
  adw_expander_row_add_row (
      ADW_EXPANDER_ROW (row),
      copy_row_new (_ ("Fingerprint (SHA-256)"), object_text (certificate, "fingerprint")));
}

typedef struct {
  const CertificateDeeds *deeds;
  void (*func) (const char *name, gpointer data);
  char *name;
} Press;

static void
press_free (gpointer data, GClosure *closure)
{
  Press *self = data;

  g_free (self->name);
  g_free (self);
}

static void
did_press (GtkWidget *button, Press *press)
{
  g_autofree char *name = g_strdup (press->name); /* the row may go */

  press->func (name, press->deeds->data);
}

/* A row that says what its button does. */
static void
add_deed (GtkWidget *row, const char *title, const char *label, Action action, const char *name,
          void (*func) (const char *, gpointer), const CertificateDeeds *deeds)
{
  GtkWidget *line = text_row_new (title, NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (label);
  Press *press = g_new0 (Press, 1);

  *press = (Press) { deeds, func, g_strdup (name) };
  g_signal_connect_data (button, "clicked", G_CALLBACK (did_press), press, press_free, 0);
  action_describe (button, action, name);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (button, connection_may_change (deeds->connection));
  adw_action_row_add_suffix (ADW_ACTION_ROW (line), button);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), line);
}

static void
add_deeds (GtkWidget *row, const json_t *certificate, const CertificateDeeds *deeds)
{
  const char *name = object_text (certificate, "name");
  const gboolean is_of_authority = g_str_has_prefix (name, "acme-");
  const gboolean is_here = object_has (certificate, "not_after");

  if (is_of_authority)
    add_deed (row, is_here ? _ ("Get a newer one before its time") : _ ("Try once more to get it"),
              is_here ? _ ("_Renew Now") : _ ("Try _Again Now"), ACTION_ACME_ORDER, name,
              deeds->renew, deeds);
  if (is_of_authority && is_here)
    add_deed (row, _ ("Tell everybody not to trust it any more"), _ ("Re_voke…"),
              ACTION_ACME_REVOKE, name, deeds->revoke, deeds);
  add_deed (row, _ ("Take it from this server"), _ ("Re_move"), ACTION_CERTIFICATE_REMOVE, name,
            deeds->remove, deeds);
}

/* The title is the name that people know: the first that clients see it for. */
static const char *
title_of (const json_t *certificate)
{
  const char *served = json_string_value (json_array_get (object_list (certificate, "serves"), 0));
  const char *first = json_string_value (json_array_get (object_list (certificate, "hosts"), 0));

  return served ? served : first ? first : object_text (certificate, "name");
}

GtkWidget *
certificate_row_new (json_t *certificate, const CertificateDeeds *deeds)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *summary = summary_of (certificate);
  const gboolean is_here = object_has (certificate, "not_after");

  gtk_widget_set_name (row, object_text (certificate, "name"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title_of (certificate));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), summary);
  set_sign (row, certificate);
  add_problem (row, certificate);
  if (is_here)
    add_facts (row, certificate);
  add_deeds (row, certificate, deeds);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), object_has (certificate, "sentence"));
  return row;
}
