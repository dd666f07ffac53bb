/* hauspost init: everything a new server needs, without a daemon. */
#include "accounts/accounts.h"
#include "accounts/password.h"
#include "admin/access.h"
#include "admin/command.h"
#include "admin/console.h"
#include "mail/address.h"
#include "platform/file.h"
#include "platform/program.h"
#include "tls/certificate.h"
#include <glib/gi18n.h>
#include <string.h>

#define DAYS 3650
#define BASE_MOST (65535 - 8420)

typedef struct {
  char *data, *config, *domain, *admin, *password, *hash;
  const char *hostname;
  guint base;
} Office;

static void
office_clear (Office *self)
{
  g_free (self->data);
  g_free (self->config);
  g_free (self->domain);
  g_free (self->admin);
  console_wipe (self->password);
  g_free (self->hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Office, office_clear)

static gboolean
fail (GError **error, GIOErrorEnum code, const char *format, const char *what)
{
  g_set_error (error, G_IO_ERROR, code, format, what);
  return FALSE;
}

static gboolean
read_options (Invocation *invocation, Office *self, GError **error)
{
  const char *const *options = invocation->options;
  guint64 base = 0;

  if (options[OPTION_DATA] == NULL || options[OPTION_HOSTNAME] == NULL
      || options[OPTION_DOMAIN] == NULL)
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT, "%s",
                 _ ("init needs --data, --hostname and --domain."));
  if (options[OPTION_BASE] != NULL
      && !g_ascii_string_to_unsigned (options[OPTION_BASE], 10, 1024, BASE_MOST, &base, NULL))
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("--base must be a number from 1024 to 57115, not “%s”."), options[OPTION_BASE]);
  self->base = (guint)base;
  self->hostname = options[OPTION_HOSTNAME];
  self->data = g_canonicalize_filename (options[OPTION_DATA], NULL);
  self->config = options[OPTION_CONFIG] != NULL
      ? g_canonicalize_filename (options[OPTION_CONFIG], NULL)
      : g_build_filename (self->data, "hauspost.conf", NULL);
  self->domain = domain_normalize (options[OPTION_DOMAIN]);
  if (self->domain == NULL)
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is not a domain."),
                 options[OPTION_DOMAIN]);
  g_autofree char *host = domain_normalize (self->hostname);
  if (host == NULL || strchr (host, '.') == NULL)
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("“%s” is not the full name of a server, such as mail.example.com."),
                 self->hostname);
  return TRUE;
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
  g_autofree char *host = domain_normalize (self->hostname);
  const char *const hosts[] = {
    host, self->base ? "localhost" : NULL, self->domain, autoconfig, autodiscover, "127.0.0.1", NULL
  };

  return certificate_self_sign (folder, "self-signed", hosts, DAYS, error);
}

static gboolean
write_configuration (const Office *self, GError **error)
{
  char *text = configuration_print (self->hostname, self->data, self->base);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));
  g_autofree char *folder = g_path_get_dirname (self->config);

  return file_make_folder (folder, error) && file_replace (self->config, bytes, error);
}

static void
tell (const Office *self)
{
  g_autofree char *quoted = program_quote (self->config);

  g_print (_ ("The server for %s is ready in %s.\n"), self->domain, self->data);
  g_print (_ ("Administrator: %s\nPassword:      %s   (shown only this once)\n"), self->admin,
           self->password);
  g_print (_ ("\nNext:\n  start the daemon    hauspostd --config %s\n"), quoted);
  g_print (_ ("  make a user         hauspost user add NAME@%s --config %s\n"), self->domain,
           quoted);
  g_print (_ ("  see how it is       hauspost status --config %s\n"), quoted);
  if (self->base != 0)
    g_print (_ ("Mail programs: IMAP on port %u, submission on port %u, both on 127.0.0.1.\n"),
             self->base + listen_info (LISTEN_IMAPS)->port,
             self->base + listen_info (LISTEN_SUBMISSIONS)->port);
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
  g_autoptr (Access) access = NULL;

  if (!read_options (invocation, &self, error) || !require_unused (&self, error)
      || !file_make_folder (self.data, error) || !make_store (&self, error)
      || !make_certificate (&self, error) || (access = access_make (self.data, error)) == NULL
      || !write_configuration (&self, error))
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    tell_json (&self);
  else
    tell (&self);
  return TRUE;
}
