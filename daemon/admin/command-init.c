/* hauspost init: everything a new server needs, without a daemon. */
#include "accounts/accounts.h"
#include "accounts/password.h"
#include "admin/access.h"
#include "admin/command.h"
#include "admin/console.h"
#include "admin/office-names.h"
#include "platform/file.h"
#include "platform/machine.h"
#include "platform/owner.h"
#include "platform/paths.h"
#include "platform/program.h"
#include "platform/service.h"
#include "platform/socket.h"
#include "platform/terminal.h"
#include "tls/certificate.h"
#include <glib/gi18n.h>
#include <string.h>

#define DAYS 3650
#define BASE_MOST (65535 - 8420)

typedef struct {
  char *data, *config, *admin, *password, *hash;
  char *hostname, *domain; /* as the protocols write them: A-labels (RFC 5890 §2.3.2.1) */
  guint base;
  ListenPlan plan;
  char *text; /* of the configuration */
  GString *taken; /* ports that other programs hold, a line each */
} Office;

static void
office_clear (Office *self)
{
  g_free (self->data);
  g_free (self->config);
  g_free (self->hostname);
  g_free (self->domain);
  g_free (self->admin);
  console_wipe (self->password);
  g_free (self->hash);
  g_free (self->text);
  if (self->taken != NULL)
    g_string_free (self->taken, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Office, office_clear)

static gboolean
fail (GError **error, GIOErrorEnum code, const char *format, const char *what)
{
  g_set_error (error, G_IO_ERROR, code, format, what);
  return FALSE;
}

/* A data folder that is named holds its configuration too, unless this is named as well. */
static void
choose_places (Office *self, const char *data, const char *config)
{
  self->data = g_canonicalize_filename (data != NULL ? data : paths_data (), NULL);
  if (config != NULL)
    self->config = g_canonicalize_filename (config, NULL);
  else if (data != NULL)
    self->config = g_build_filename (self->data, "hauspost.conf", NULL);
  else
    self->config = g_strdup (paths_configuration ());
}

static gboolean
read_options (Invocation *invocation, Office *self, GError **error)
{
  const char *const *options = invocation->options;
  guint64 base = 0;

  if (options[OPTION_BASE] != NULL
      && !g_ascii_string_to_unsigned (options[OPTION_BASE], 10, 1024, BASE_MOST, &base, NULL))
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("--base must be a number from 1024 to 57115, not “%s”."), options[OPTION_BASE]);
  self->base = (guint)base;
  listen_plan_start (&self->plan, self->base);
  if (options[OPTION_PORTS] != NULL
      && !listen_plan_change (&self->plan, options[OPTION_PORTS], error))
    return FALSE;
  choose_places (self, options[OPTION_DATA], options[OPTION_CONFIG]);
  return TRUE;
}

/* A program that calls us gives both names; a person may be asked. */
static gboolean
choose_names (Invocation *invocation, Office *self, GError **error)
{
  const char *const *options = invocation->options;
  g_autofree char *hostname = g_strdup (options[OPTION_HOSTNAME]);
  g_autofree char *domain = g_strdup (options[OPTION_DOMAIN]);
  gboolean is_complete = hostname != NULL && domain != NULL;

  if (!is_complete && options[OPTION_JSON] == NULL && terminal_can_ask ()) {
    g_autofree char *machine = hostname == NULL ? machine_name () : NULL;
    g_print ("%s\n", _ ("A new server needs two names. Enter takes what stands in brackets."));
    is_complete = office_names_ask (&hostname, &domain, machine, terminal_read_line);
  }
  if (!is_complete)
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT, "%s",
                 _ ("init needs --hostname and --domain."));
  self->domain = office_names_domain (domain, error);
  self->hostname = self->domain != NULL ? office_names_hostname (hostname, error) : NULL;
  return self->hostname != NULL;
}

/* Somebody's mail may lie there: nothing is ever overwritten. */
static gboolean
require_unused (const Office *self, GError **error)
{
  if (file_exists (self->config))
    return fail (error, G_IO_ERROR_EXISTS, _ ("%s is there already."), self->config);
  if (!file_exists (self->data))
    return TRUE;
  g_autoptr (GPtrArray) names = file_list (self->data, error);
  if (names == NULL)
    return FALSE;
  return names->len == 0
      || fail (error, G_IO_ERROR_EXISTS, _ ("The folder %s is in use."), self->data);
}

static gboolean
fill_directory (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;

  return domain_add (transaction, self->domain, error)
      && account_add (transaction, self->admin, self->hash, _ ("Administrator"), 0, TRUE, error)
      != 0;
}

static gboolean
make_store (Office *self, GError **error)
{
  StoreOptions options = { .folder = self->data };
  g_autoptr (Store) store = NULL;

  self->admin = g_strconcat ("admin@", self->domain, NULL);
  self->password = access_random_text (12, error);
  self->hash = self->password != NULL ? password_hash (self->password, error) : NULL;
  if (self->hash == NULL)
    return FALSE;
  store = store_open (&options, error);
  return store != NULL && store_write_sync (store, fill_directory, self, error);
}

static gboolean
make_certificate (const Office *self, GError **error)
{
  g_autofree char *folder = g_build_filename (self->data, "certificates", NULL);
  g_autofree char *autoconfig = g_strconcat ("autoconfig.", self->domain, NULL);
  g_autofree char *autodiscover = g_strconcat ("autodiscover.", self->domain, NULL);
  g_autofree char *mta_sts = g_strconcat ("mta-sts.", self->domain, NULL);
  const char *const hosts[] = { self->hostname,
                                self->base ? "localhost" : NULL,
                                self->domain,
                                autoconfig,
                                autodiscover,
                                mta_sts,
                                "127.0.0.1",
                                NULL };

  return certificate_self_sign (folder, "self-signed", hosts, DAYS, error);
}

/* The service is the owner of its data, and so is he who makes it. */
static gboolean
make_data (Office *self, GError **error)
{
  g_autoptr (Access) access = NULL;

  if (!owner_become (self->data, error))
    return FALSE;
  gboolean made = file_make_folder (self->data, error) && make_store (self, error)
      && make_certificate (self, error) && (access = access_make (self->data, error)) != NULL;
  return owner_resign (made ? error : NULL) && made;
}

static gboolean
write_configuration (const Office *self, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (self->text, strlen (self->text));
  g_autofree char *folder = g_path_get_dirname (self->config);
  gboolean is_new = !file_exists (folder);

  if (!owner_become (folder, error))
    return FALSE;
  gboolean written = file_make_folder (folder, error) && file_replace (self->config, bytes, error);
  return owner_resign (written ? error : NULL) && written
      && (!is_new || owner_let_read (self->data, folder, error))
      && owner_let_read (self->data, self->config, error);
}

static void
try_port (Office *self, Listen listen, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (address, 0, NULL);
  GNetworkAddress *name = G_NETWORK_ADDRESS (parsed);
  g_autoptr (GInetAddress) host
      = g_inet_address_new_from_string (g_network_address_get_hostname (name));
  SocketHandle handle = socket_bind (host, g_network_address_get_port (name), &error);

  if (handle != SOCKET_HANDLE_NONE)
    socket_close_handle (handle);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_string_append_printf (self->taken, "%s = %s: %s\n", listen_info (listen)->key, address,
                            error->message);
}

/* Another mail server may hold the ports. Better said now than by a service that does not start.
 * Who may not open a low port does not learn it here: the service manager opens them. Looks before
 * the configuration is there, because a service that waits for it opens the ports then. */
static gboolean
find_taken (Office *self, GError **error)
{
  self->text = configuration_print (self->hostname, self->data, &self->plan);
  self->taken = g_string_new (NULL);
  g_autoptr (Configuration) configuration = configuration_parse (self->config, self->text, error);
  if (configuration == NULL)
    return FALSE;
  for (Listen i = 0; i < LISTEN_COUNT; i++)
    for (char **address = configuration->listen[i]; *address != NULL; address++)
      try_port (self, i, *address);
  return TRUE;
}

static void
tell_taken (const Office *self)
{
  if (self->taken->len == 0)
    return;
  g_printerr ("%s", self->taken->str);
  g_printerr (_ ("The server cannot start like this: end the other program that listens there, "
                 "or change [listen] in %s.\n"),
              self->config);
}

static void
tell_next (const Office *self)
{
  gboolean usual = g_str_equal (self->config, paths_configuration ());
  const char *start = usual ? service_start_command () : NULL;
  g_autofree char *quoted = program_quote (self->config);
  g_autofree char *option = usual ? g_strdup ("") : g_strconcat (" --config ", quoted, NULL);
  g_autofree char *by_hand = g_strconcat ("hauspostd", option, NULL);

  g_print (_ ("\nNext:\n  start the daemon    %s\n"), start != NULL ? start : by_hand);
  g_print (_ ("  make a user         hauspost user add NAME@%s%s\n"), self->domain, option);
  g_print (_ ("  see how it is       hauspost status%s\n"), option);
}

static void
tell (const Office *self)
{
  g_print (_ ("The server for %s is ready in %s.\n"), self->domain, self->data);
  g_print (_ ("Administrator: %s\nPassword:      %s   (shown only this once)\n"), self->admin,
           self->password);
  tell_next (self);
  if (self->base != 0)
    g_print (_ ("Mail programs: IMAP on port %u, submission on port %u, both on 127.0.0.1.\n"),
             self->plan.ports[LISTEN_IMAPS], self->plan.ports[LISTEN_SUBMISSIONS]);
  else
    g_print (_ ("Import a real certificate with hauspost certificate import.\n"));
}

static void
tell_json (const Office *self)
{
  json_t *facts = json_pack ("{s:s, s:s, s:s, s:s}", "config", self->config, "data", self->data,
                             "administrator", self->admin, "password", self->password);

  console_print_json (facts);
  json_decref (facts);
}

/* The configuration comes last: when it is there, everything is. */
gboolean
command_init (Invocation *invocation, GError **error)
{
  g_auto (Office) self = { NULL };

  if (!read_options (invocation, &self, error) || !require_unused (&self, error)
      || !choose_names (invocation, &self, error) || !find_taken (&self, error)
      || !make_data (&self, error) || !write_configuration (&self, error))
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    tell_json (&self);
  else
    tell (&self);
  tell_taken (&self);
  return TRUE;
}
