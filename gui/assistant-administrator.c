/* The person who looks after the server: a mailbox with the right to administer, which also gets
 * what is written to postmaster@ and abuse@. */
#include "assistant-step.h"
#include "people-forms.h"
#include "json.h"
#include <glib/gi18n.h>
#include <string.h>

#define PASSWORD_LEAST 8
#define INIT_NAME "Administrator" /* or translated: command-init.c */

typedef struct {
  Assistant *assistant;
  GtkWidget *page; /* owns this: what runs holds it */
  GtkEditable *name, *address, *password, *repeat;
  GtkLabel *hint;
  char *whole; /* the address that is being made */
  char *known, *etag; /* whom the server was made with, or this assistant has made; or NULL */
  GCancellable *cancellable; /* the assistant's: once it is cancelled there is none */
} Administrator;

static void
administrator_free (gpointer data)
{
  Administrator *self = data;

  g_object_unref (self->cancellable);
  g_free (self->whole);
  g_free (self->known);
  g_free (self->etag);
  g_free (self);
}

static void
recheck (Administrator *self)
{
  const char *password = gtk_editable_get_text (self->password);
  const gboolean same = strcmp (password, gtk_editable_get_text (self->repeat)) == 0;
  const gboolean is_long = strlen (password) >= PASSWORD_LEAST;

  gtk_label_set_text (self->hint,
                      *password == '\0' ? ""
                          : !is_long    ? _ ("The password needs at least eight characters.")
                          : !same       ? _ ("The two passwords are not the same yet.")
                                        : "");
  assistant_set_ready (self->assistant, same && is_long && *gtk_editable_get_text (self->address));
}

static GtkWidget *
administrator_new (Assistant *assistant)
{
  GtkWidget *page = step_page_new ();
  Administrator *self = g_new0 (Administrator, 1);
  AdwPreferencesGroup *group = step_group_new (page, NULL, NULL);
  AdwPreferencesGroup *below = step_group_new (page, NULL, NULL);
  g_autofree char *usual = g_strconcat ("admin@", assistant_answer (assistant, "domain"), NULL);

  self->assistant = assistant;
  self->page = page;
  self->cancellable = g_object_ref (assistant_cancellable (assistant));
  self->name = step_entry_new (group, _ ("Name"), "");
  self->address = step_entry_new (group, _ ("Address"), usual);
  self->password = step_password_new (group, _ ("Password"));
  self->repeat = step_password_new (group, _ ("The same password again"));
  self->hint = GTK_LABEL (gtk_label_new (""));
  gtk_label_set_xalign (self->hint, 0);
  gtk_label_set_wrap (self->hint, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->hint), "dim-label");
  adw_preferences_group_add (below, GTK_WIDGET (self->hint));
  g_signal_connect_swapped (self->address, "changed", G_CALLBACK (recheck), self);
  g_signal_connect_swapped (self->password, "changed", G_CALLBACK (recheck), self);
  g_signal_connect_swapped (self->repeat, "changed", G_CALLBACK (recheck), self);
  g_object_set_data_full (G_OBJECT (page), "administrator", self, administrator_free);
  return page;
}

/* They administer already. */
static gboolean
is_known (const Administrator *self)
{
  return self->known != NULL && g_ascii_strcasecmp (self->known, self->whole) == 0;
}

static void
know (Administrator *self, const char *address, const char *etag)
{
  g_free (self->known);
  g_free (self->etag);
  self->known = g_strdup (address);
  self->etag = g_strdup (etag);
}

/* As `hauspost init` has made it. Whoever has taken it over has given it another name, or uses it;
 * but for the one who asks, when the panel itself was given it. */
static gboolean
is_untouched (const Administrator *self, const json_t *user)
{
  const json_t *whoami = connection_get_whoami (assistant_connection (self->assistant));
  const char *address = object_text (user, "address"), *name = object_text (user, "display_name");
  const gboolean is_own = g_ascii_strcasecmp (object_text (whoami, "user"), address) == 0;

  return object_flag (user, "administrator") && g_str_has_prefix (address, "admin@")
      && (strcmp (name, INIT_NAME) == 0 || strcmp (name, _ ("Administrator")) == 0)
      && (is_own || json_is_null (json_object_get (user, "last_login")));
}

static void
did_look (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, NULL);

  if (answer == NULL)
    return; /* nobody is there, or whoever is will be asked about */
  Administrator *self = data;
  const json_t *user = json_object_get (answer, "user");
  if (self->known == NULL && is_untouched (self, user))
    know (self, object_text (user, "address"), etag);
}

/* The one that was made with the server is nobody else's, as long as nobody has taken it over. */
static void
administrator_show (Assistant *assistant, GtkWidget *page)
{
  Administrator *self = g_object_get_data (G_OBJECT (page), "administrator");
  g_autofree char *path = action_path (ACTION_USER_PASSWORD, gtk_editable_get_text (self->address));

  if (self->known == NULL)
    connection_get_async (assistant_connection (assistant), path, self->cancellable, did_look,
                          self);
  recheck (self);
}

static void
did_alias (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, NULL, &error);

  if (answer == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("postmaster@ goes to the first administrator: %s", error->message);
}

/* Mail for the server's keeper must come to somebody who reads it. */
static void
lead_postmaster (Administrator *self)
{
  const char *domain = strchr (self->whole, '@') + 1;
  g_autoptr (json_t) body = json_pack ("{s:[s]}", "targets", self->whole);
  static const char *const names[] = { "postmaster", "abuse" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *address = g_strconcat (names[i], "@", domain, NULL);
    action_run_async (assistant_connection (self->assistant), ACTION_ALIAS_ADD, address, body, NULL,
                      NULL, did_alias, NULL);
  }
}

static void
arrive (Administrator *self, const GError *error)
{
  if (error != NULL) {
    assistant_stay (self->assistant, error->message);
    return;
  }
  assistant_set_answer (self->assistant, "administrator", self->whole);
  lead_postmaster (self);
  assistant_advance (self->assistant);
}

static void
did_learn (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  Administrator *self = data;
  if (answer != NULL)
    know (self, self->whole, etag);
  arrive (self, NULL);
}

/* The rights belong to what the ETag is of. */
static void
did_appoint (gpointer data, const char *etag, const GError *error)
{
  Administrator *self = data;
  const gboolean is_kept = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG);
  g_autofree char *path = action_path (ACTION_USER_PASSWORD, self->whole);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (error == NULL)
    connection_get_async (assistant_connection (self->assistant), path, self->cancellable,
                          did_learn, self);
  else
    arrive (self, is_kept ? NULL : error);
}

/* Nothing is lost of who administers everything already. */
static char *
tell_rights (const json_t *current, const Deed *deed)
{
  const json_t *administrator = json_object_get (current, "administrator");
  const char *role = object_text (administrator, "role");

  if (!json_is_object (administrator))
    return g_strdup (_ ("Somebody else has taken these rights away meanwhile."));
  if (strcmp (role, "administrator") == 0)
    return NULL;
  return g_strdup_printf (
      strcmp (role, "read-only") == 0
          ? _ ("%s may only look at this server so far. Let this person change everything?")
          : _ ("%s administers only some domains so far. Let this person change everything?"),
      deed->argument);
}

/* A mailbox that was there already may be one without rights. */
static void
appoint (Administrator *self)
{
  g_autoptr (json_t) body = json_pack ("{s:s}", "role", "administrator");
  const Deed deed = { .action = ACTION_ADMINISTRATOR_SET,
                      .argument = self->whole,
                      .body = body,
                      .etag = ETAG_NEW,
                      .tell = tell_rights,
                      .done = did_appoint,
                      .data = self };

  deed_run (&deed, assistant_connection (self->assistant), self->page, NULL);
}

static void
did_set (gpointer data, const char *etag, const GError *error)
{
  Administrator *self = data;
  const gboolean is_kept = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (is_kept) { /* all stays as it is, and postmaster@ leads to nobody new */
    assistant_advance (self->assistant);
    return;
  }
  if (error == NULL && !is_known (self)) {
    appoint (self);
    return;
  }
  if (error == NULL)
    know (self, self->whole, etag);
  arrive (self, error);
}

/* What is said of who is there already. */
static char *
tell_user (const json_t *current, const Deed *deed)
{
  const json_t *user = json_object_get (current, "user");
  const char *name = object_text (user, "display_name");

  if (g_strcmp0 (deed->etag, ETAG_NEW) != 0 || !json_is_object (user))
    return person_tell (current, deed);
  return g_strdup_printf (_ ("%s has a mailbox already. Name: %s. Replace the name and the "
                             "password, and let this person administer the server? Otherwise all "
                             "stays as it is."),
                          deed->argument, *name ? name : _ ("no name yet"));
}

/* It is there already: the one that was made with the server, the step was gone back to; or it is
 * somebody else's, whom only the person may overwrite. */
static void
change_user (Administrator *self)
{
  g_autoptr (json_t) body
      = json_pack ("{s:s, s:s}", "password", gtk_editable_get_text (self->password), "display_name",
                   gtk_editable_get_text (self->name));
  const Deed deed = { .action = ACTION_USER_PASSWORD,
                      .argument = self->whole,
                      .body = body,
                      .etag = is_known (self) ? self->etag : ETAG_NEW,
                      .tell = tell_user,
                      .done = did_set,
                      .data = self };

  deed_run (&deed, assistant_connection (self->assistant), self->page, NULL);
}

static void
did_add (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autoptr (json_t) answer
      = connection_call_finish (PANEL_CONNECTION (source), result, &etag, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  Administrator *self = data;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS)) {
    change_user (self);
    return;
  }
  if (answer != NULL)
    know (self, self->whole, etag);
  arrive (self, error);
}

static void
administrator_apply (Assistant *assistant, GtkWidget *page)
{
  Administrator *self = g_object_get_data (G_OBJECT (page), "administrator");
  g_autoptr (GError) error = NULL;
  g_autoptr (SetupPerson) person = setup_person_new (
      gtk_editable_get_text (self->address), gtk_editable_get_text (self->name),
      gtk_editable_get_text (self->password), NULL, assistant_answer (assistant, "domain"), &error);

  if (person == NULL) {
    assistant_stay (assistant, error->message);
    return;
  }
  g_free (self->whole);
  self->whole = g_strdup (person->address);
  g_autoptr (json_t) body = json_pack ("{s:s, s:s, s:b}", "password", person->password,
                                       "display_name", person->name, "administrator", TRUE);
  action_run_async (assistant_connection (assistant), ACTION_USER_ADD, self->whole, body, NULL,
                    assistant_cancellable (assistant), did_add, self);
}

const AssistantStep assistant_administrator = {
  .title = N_ ("Who Looks After It?"),
  .intro = N_ ("This person may administer the server, also from another computer, and gets what "
               "is written to postmaster@ and abuse@."),
  .can_skip = TRUE,
  .new = administrator_new,
  .show = administrator_show,
  .apply = administrator_apply,
};
