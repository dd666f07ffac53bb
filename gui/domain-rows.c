/* A row tells what a record is for, and what is wrong with it; opened, it has all to copy. */
#include "domain-rows.h"
#include "format.h"
#include "json.h"
#include "row-list.h"
#include "widgets/copy-row.h"
#include <glib/gi18n.h>
#include <string.h>

static const struct {
  const char *use, *text;
} uses[] = {
  { "address", N_ ("The address of this server") },
  { "mx", N_ ("Mail for the domain comes here") },
  { "spf", N_ ("Which servers may send mail of the domain") },
  { "host-spf", N_ ("The same for this server's own name") },
  { "dkim", N_ ("The key with which the mail is signed") },
  { "dmarc", N_ ("What others do with forged mail") },
  { "tlsa", N_ ("Which certificate others find here (DANE)") },
  { "mta-sts", N_ ("Others send mail here with TLS only") },
  { "mta-sts-host", N_ ("Where the policy for TLS lies") },
  { "tls-rpt", N_ ("Where others report trouble with TLS") },
  { "service", N_ ("Mail programs find their server") },
  { "autoconfig", N_ ("Thunderbird finds its settings") },
  { "autodiscover", N_ ("Outlook finds its settings") },
};

/* Why a record is not as it should be; the same words as `hauspost dns --check` has. */
static const struct {
  const char *reason, *text;
} reasons[] = {
  { "several", N_ ("There may be only one of these: remove the others.") },
  { "unreadable", N_ ("Other servers cannot read it.") },
  { "refuses-us", N_ ("It does not let this server send mail.") },
  { "key-differs", N_ ("It has another key than this server.") },
  { "not-here", N_ ("It leads elsewhere.") },
  { "null-mx", N_ ("It says that the domain takes no mail.") },
  { "no-dnssec", N_ ("The zone is not signed (DNSSEC), so nobody looks at it.") },
};

static const struct {
  const char *finding, *icon, *class, *said;
} findings[] = {
  { "right", "emblem-ok-symbolic", "success", N_ ("Right") },
  { "missing", "dialog-warning-symbolic", "error", N_ ("Missing") },
  { "wrong", "dialog-error-symbolic", "error", N_ ("Wrong") },
  { "unknown", "dialog-question-symbolic", "dim-label", N_ ("Not known") },
};

static void
set_finding (GtkWidget *row, json_t *record)
{
  const char *finding = object_text (record, "finding");
  const gboolean optional = strcmp (object_text (record, "need"), "required") != 0;

  for (guint i = 0; i < G_N_ELEMENTS (findings); i++)
    if (strcmp (findings[i].finding, finding) == 0) {
      const gboolean mild = optional && strcmp (findings[i].class, "error") == 0;
      text_row_set_sign (row, findings[i].icon, mild ? "warning" : findings[i].class,
                         _ (findings[i].said));
    }
}

static char *
join_texts (json_t *list)
{
  GString *text = g_string_new (NULL);
  json_t *item;
  gsize i;

  json_array_foreach (list, i, item)
  {
    if (text->len > 0)
      g_string_append_c (text, '\n');
    g_string_append (text, json_string_value (item) ? json_string_value (item) : "");
  }
  return g_string_free (text, FALSE);
}

static const char *
need_text (const char *need)
{
  return strcmp (need, "required") == 0 ? _ ("required")
      : strcmp (need, "advised") == 0   ? _ ("advised")
                                        : _ ("optional");
}

static const char *
use_text (const char *use)
{
  for (guint i = 0; i < G_N_ELEMENTS (uses); i++)
    if (strcmp (uses[i].use, use) == 0)
      return _ (uses[i].text);
  return use;
}

/* A word of a newer server stands for itself. */
static const char *
reason_text (const char *reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strcmp (reasons[i].reason, reason) == 0)
      return _ (reasons[i].text);
  return reason;
}

static void
add_line (GtkWidget *row, GtkWidget *line)
{
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), line);
}

GtkWidget *
domain_record_row_new (json_t *record, gpointer data)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *title
      = g_strdup_printf ("%s  %s", object_text (record, "type"), object_text (record, "name"));
  g_autofree char *use = g_strdup_printf ("%s (%s)", use_text (object_text (record, "use")),
                                          need_text (object_text (record, "need")));
  g_autofree char *subtitle = object_has (record, "reason")
      ? g_strdup_printf ("%s\n%s", use, reason_text (object_text (record, "reason")))
      : g_strdup (use);
  g_autofree char *found = join_texts (object_list (record, "found"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  set_finding (row, record);
  add_line (row, copy_row_new (_ ("Name"), object_text (record, "name")));
  add_line (row, copy_row_new (_ ("Type"), object_text (record, "type")));
  if (object_has (record, "value"))
    add_line (row, copy_row_new (_ ("Value"), object_text (record, "value")));
  else
    add_line (row,
              text_row_new (_ ("Value"), _ ("The public address of this server, which you know")));
  if (object_has (record, "zone"))
    add_line (row, copy_row_new (_ ("Line of a zone file"), object_text (record, "zone")));
  if (*found != '\0')
    add_line (row, text_row_new (_ ("What the DNS says now"), found));
  return row;
}

GtkWidget *
domain_server_row_new (json_t *check, gpointer data)
{
  const char *name = object_text (check, "check");
  const char *title = strcmp (name, "reverse") == 0 ? _ ("The address leads back to the name")
      : strcmp (name, "port") == 0                  ? _ ("Port 25 is reached")
                                                    : _ ("On no block list");
  g_autofree char *facts
      = g_strdup_printf ("%s  %s", object_text (check, "address"), object_text (check, "found"));
  GtkWidget *row = text_row_new (title, g_strchomp (facts));

  set_finding (row, check);
  return row;
}

static const char *
state_text (const char *state)
{
  return strcmp (state, "active") == 0 ? _ ("signs now")
      : strcmp (state, "next") == 0    ? _ ("new, does not sign yet")
      : strcmp (state, "old") == 0     ? _ ("old, stays published until the next change")
                                       : state;
}

GtkWidget *
domain_key_row_new (json_t *key, gpointer data)
{
  g_autofree char *created = format_date (object_number (key, "created"));
  g_autofree char *facts
      = g_strdup_printf (_ ("%s, %s, made on %s"), object_text (key, "algorithm"),
                         state_text (object_text (key, "state")), created);
  GtkWidget *row = text_row_new (object_text (key, "selector"), facts);

  if (object_has (key, "record"))
    adw_action_row_add_suffix (
        ADW_ACTION_ROW (row),
        copy_button_new (object_text (key, "name"), object_text (key, "record")));
  return row;
}
