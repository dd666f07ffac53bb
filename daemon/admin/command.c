/* The reading of the command line, and what several commands need. */
#include "admin/command.h"
#include "admin/console.h"
#include <glib/gi18n.h>
#include <string.h>

void
invocation_free (Invocation *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->arguments);
  admin_client_free (self->client);
  configuration_free (self->configuration);
  g_free (self);
}

G_GNUC_PRINTF (2, 3)
static void *
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, text);
  return NULL;
}

/* Takes one option from *AT, with its value as "--quota 2G" or "--quota=2G". */
static gboolean
take_option (Invocation *self, const char *const **at, GError **error)
{
  const char *text = **at;
  gsize length = strcspn (text, "=");

  for (guint i = 0; i < OPTION_COUNT; i++) {
    if (strlen (command_options[i].name) != length
        || strncmp (command_options[i].name, text, length) != 0)
      continue;
    if (command_options[i].value == NULL && text[length] == '=')
      return refuse (error, _ ("%s takes no value."), command_options[i].name) != NULL;
    if (command_options[i].value == NULL)
      self->options[i] = "";
    else if (text[length] == '=')
      self->options[i] = text + length + 1;
    else if ((*at)[1] == NULL)
      return refuse (error, _ ("%s needs a value."), command_options[i].name) != NULL;
    else
      self->options[i] = *++*at;
    return TRUE;
  }
  return refuse (error, _ ("There is no option %s."), text) != NULL;
}

/* The command with the most words that ARGUMENTS begin with; removes these words. */
static const Command *
find_command (GPtrArray *arguments)
{
  const Command *found = NULL;
  guint most = 0;

  for (guint i = 0; i < command_count; i++) {
    g_auto (GStrv) words = g_strsplit (command_table[i].words, " ", -1);
    guint count = g_strv_length (words), same = 0;
    while (same < count && same < arguments->len
           && strcmp (words[same], arguments->pdata[same]) == 0)
      same++;
    if (same == count && count > most) {
      found = &command_table[i];
      most = count;
    }
  }
  if (found != NULL)
    g_ptr_array_remove_range (arguments, 0, most);
  return found;
}

static gboolean
check_usage (const Invocation *self, GError **error)
{
  const Command *command = self->command;

  for (guint i = 0; i < OPTION_COUNT; i++)
    if (self->options[i] != NULL && !((command->options | OPTIONS_EVERYWHERE) & OPTION_BIT (i)))
      return refuse (error, _ ("“hauspost %s” does not know %s."), command->words,
                     command_options[i].name)
          != NULL;
  if (self->options[OPTION_HELP] != NULL
      || (self->arguments->len >= command->least && self->arguments->len <= command->most))
    return TRUE;
  return refuse (error, _ ("Usage: hauspost %s %s"), command->words,
                 *command->usage ? _ (command->usage) : "")
      != NULL;
}

Invocation *
command_parse (const char *const *arguments, GError **error)
{
  g_autoptr (Invocation) self = g_new0 (Invocation, 1);
  gboolean only_arguments = FALSE;

  self->arguments = g_ptr_array_new ();
  for (const char *const *at = arguments; *at != NULL; at++) {
    if (!only_arguments && strcmp (*at, "--") == 0)
      only_arguments = TRUE;
    else if (only_arguments || !g_str_has_prefix (*at, "--"))
      g_ptr_array_add (self->arguments, (char *)*at);
    else if (!take_option (self, &at, error))
      return NULL;
  }
  self->command = find_command (self->arguments);
  if (self->command == NULL && self->arguments->len > 0) {
    return refuse (error, _ ("There is no command “%s”; see hauspost --help."),
                   (const char *)self->arguments->pdata[0]);
  }
  if (self->command == NULL && self->options[OPTION_HELP] == NULL
      && self->options[OPTION_VERSION] == NULL)
    return refuse (error, _ ("Say what to do; see hauspost --help."));
  if (self->command != NULL && !check_usage (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
append_options (GString *text, guint64 bits)
{
  for (guint i = 0; i < OPTION_COUNT; i++)
    if (bits & OPTION_BIT (i)) {
      g_autofree char *name = command_options[i].value != NULL
          ? g_strdup_printf ("%s %s", command_options[i].name, _ (command_options[i].value))
          : g_strdup (command_options[i].name);
      g_string_append_printf (text, "  %-28s %s\n", name, _ (command_options[i].help));
    }
}

char *
command_help (const Invocation *self)
{
  GString *text = g_string_new (NULL);
  const Command *command = self->command;

  if (command != NULL) {
    g_string_append_printf (text, _ ("Usage: hauspost %s %s"), command->words,
                            *command->usage ? _ (command->usage) : "");
    g_string_append_printf (text, "\n\n%s\n\n", _ (command->help));
    append_options (text, command->options | OPTIONS_EVERYWHERE);
    return g_string_free (text, FALSE);
  }
  g_string_append_printf (text, "%s\n\n", _ ("Usage: hauspost COMMAND …"));
  for (guint i = 0; i < command_count; i++) {
    g_autofree char *line = g_strdup_printf (
        "%s %s", command_table[i].words, *command_table[i].usage ? _ (command_table[i].usage) : "");
    g_string_append_printf (text, "  %s\n      %s\n", g_strchomp (line), _ (command_table[i].help));
  }
  g_string_append_printf (text, "\n%s\n", _ ("Every command takes:"));
  append_options (text, OPTIONS_EVERYWHERE);
  return g_string_free (text, FALSE);
}

const char *
command_argument (Invocation *self, guint index)
{
  return index < self->arguments->len ? self->arguments->pdata[index] : NULL;
}

const Configuration *
command_configuration (Invocation *self, GError **error)
{
  if (self->configuration == NULL) {
    g_autofree char *path = configuration_find (self->options[OPTION_CONFIG]);
    self->configuration = configuration_load (path, error);
  }
  return self->configuration;
}

static AdminClient *
connect_elsewhere (Invocation *self, GError **error)
{
  const char *user = self->options[OPTION_USER];

  if (user == NULL)
    return refuse (error, _ ("Say with --user which administrator you are."));
  g_autofree char *prompt = g_strdup_printf (_ ("Password of %s: "), user);
  char *password = console_ask_secret (prompt, error);
  if (password == NULL)
    return NULL;
  AdminClient *client = admin_client_new_remote (
      self->options[OPTION_SERVER], self->options[OPTION_FINGERPRINT], user, password, error);
  console_wipe (password);
  return client;
}

/* What the texts of this program are in, the server's sentences are to be in, too. */
static const char *
language_of_locale (void)
{
  return g_str_has_prefix (g_get_language_names ()[0], "de") ? "de" : "en";
}

AdminClient *
command_client (Invocation *self, GError **error)
{
  if (self->client != NULL)
    return self->client;
  if (self->options[OPTION_SERVER] != NULL)
    self->client = connect_elsewhere (self, error);
  else if (command_configuration (self, error) != NULL)
    self->client = admin_client_new_local (self->configuration, error);
  if (self->client != NULL)
    admin_client_set_language (self->client, language_of_locale ());
  return self->client;
}

json_t *
command_ask (Invocation *self, const char *path, GError **error)
{
  AdminClient *client = command_client (self, error);

  return client != NULL ? admin_client_call (client, "GET", path, NULL, error) : NULL;
}

gboolean
command_send (Invocation *self, const char *method, const char *path, const json_t *body,
              GError **error)
{
  AdminClient *client = command_client (self, error);
  json_t *answer = client != NULL ? admin_client_call (client, method, path, body, error) : NULL;

  json_decref (answer);
  return answer != NULL;
}
