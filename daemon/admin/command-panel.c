/* hauspost panel fingerprint: what somebody elsewhere compares before the first login.
 *
 * hauspost panel access: what the control panel runs as the administrator, once the person at the
 * screen has allowed it. It makes the server when there is none, starts its service, and gives the
 * panel an account of its own, which is listed with the administrators and can be removed there. */
#include "admin/access.h"
#include "admin/command.h"
#include "admin/console.h"
#include "admin/server-certificate.h"
#include "platform/elevate.h"
#include "platform/file.h"
#include "platform/paths.h"
#include "platform/program.h"
#include "platform/service.h"
#include <glib/gi18n.h>
#include <openssl/crypto.h>
#include <string.h>

#define PATIENCE 30 /* seconds until a daemon that was started answers */
#define PAUSE (G_USEC_PER_SEC / 5)
#define DIGEST_SHOWN 8 /* digits of the account's name */
#define PASSWORD_BYTES 24

static gboolean
make_server (Invocation *invocation, GError **error)
{
  g_autofree char *path = configuration_find (invocation->options[OPTION_CONFIG]);

  if (invocation->options[OPTION_HOSTNAME] == NULL || file_exists (path))
    return TRUE;
  return command_init_quietly (invocation, error);
}

/* Only the daemon that reads the system's configuration is the service manager's. */
static const char *
service_of (const Configuration *configuration)
{
  return strcmp (configuration->path, paths_configuration ()) == 0 ? service_start_command ()
                                                                   : NULL;
}

/* What a person types instead; free with g_free. */
static char *
daemon_command (const Configuration *configuration)
{
  g_autofree char *path = program_quote (configuration->path);

  return g_strconcat ("hauspostd --config ", path, NULL);
}

static gboolean
start_service (const char *command, GError **error)
{
  g_autofree char *trouble = NULL;
  int status;

  if (!g_spawn_command_line_sync (command, NULL, &trouble, &status, error))
    return FALSE;
  if (g_spawn_check_wait_status (status, NULL))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The service does not start: %s"),
               *g_strstrip (trouble) ? trouble : command);
  return FALSE;
}

static gboolean
answers (Invocation *invocation, GError **error)
{
  json_t *answer = command_ask (invocation, "/v1/status", error);
  const gboolean there = answer != NULL;

  json_decref (answer);
  return there;
}

/* A daemon that starts for the first time makes its token then. */
static gboolean
wait_for_daemon (Invocation *invocation, GError **error)
{
  const gint64 until = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;

  for (;;) {
    g_autoptr (GError) cause = NULL;
    if (answers (invocation, &cause))
      return TRUE;
    if (g_get_monotonic_time () > until) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    g_usleep (PAUSE);
  }
}

/* *BY_HAND: no service manager knows this daemon, and it does not run. */
static gboolean
ensure_runs (Invocation *invocation, gboolean *by_hand, GError **error)
{
  const Configuration *configuration = command_configuration (invocation, error);
  const char *command = configuration != NULL ? service_of (configuration) : NULL;

  *by_hand = FALSE;
  if (configuration == NULL)
    return FALSE;
  if (answers (invocation, NULL))
    return TRUE;
  *by_hand = command == NULL;
  return *by_hand || (start_service (command, error) && wait_for_daemon (invocation, error));
}

/* An account of the panel's own, as app passwords do not administer: a device that is lost must
 * not. DEVICE is its display name; free with g_free. */
static char *
account_of (AdminClient *client, const char *device, GError **error)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, device, -1);
  json_t *answer = admin_client_call (client, "GET", "/v1/domains", NULL, error);
  const char *domain = json_string_value (json_array_get (json_object_get (answer, "domains"), 0));
  char *address
      = domain != NULL ? g_strdup_printf ("panel-%.*s@%s", DIGEST_SHOWN, digest, domain) : NULL;

  if (answer != NULL && domain == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _ ("This server has no domain yet: see hauspost domain add."));
  json_decref (answer);
  return address;
}

static gboolean
send (AdminClient *client, const char *method, const char *folder, const char *address,
      json_t *body, GError **error)
{
  g_autofree char *path = admin_path (folder, address);
  json_t *answer = admin_client_call (client, method, path, body, error);

  json_decref (body);
  json_decref (answer);
  return answer != NULL;
}

/* The password that the panel had before is no longer good for anything. */
static gboolean
make_account (AdminClient *client, const char *address, const char *device, const char *password,
              GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (send (client, "POST", "/v1/users/", address,
            json_pack ("{s:s, s:s, s:b}", "password", password, "display_name", device,
                       "administrator", TRUE),
            &cause))
    return TRUE;
  if (!g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_EXISTS)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  return send (client, "PATCH", "/v1/users/", address,
               json_pack ("{s:s, s:b}", "password", password, "enabled", TRUE), error)
      && send (client, "PUT", "/v1/administrators/", address,
               json_pack ("{s:s}", "role", "administrator"), error);
}

static json_t *
give_access (Invocation *invocation, GError **error)
{
  const char *device = command_argument (invocation, 0);
  AdminClient *client = command_client (invocation, error);
  g_autofree char *user = client != NULL ? account_of (client, device, error) : NULL;
  g_autoptr (Access) access
      = user != NULL ? access_load (invocation->configuration->data, error) : NULL;
  char *password = access != NULL ? access_random_text (PASSWORD_BYTES, error) : NULL;
  json_t *answer = NULL;

  if (password != NULL && make_account (client, user, device, password, error))
    answer = json_pack ("{s:s, s:s, s:s, s:s}", "address", admin_client_address (client),
                        "fingerprint", access->fingerprint, "user", user, "password", password);
  console_wipe (password);
  return answer;
}

static json_t *
tell_start (const Configuration *configuration)
{
  g_autofree char *command = daemon_command (configuration);

  return json_pack ("{s:s}", "start", command);
}

static gboolean
tell (Invocation *invocation, json_t *answer, GError **error)
{
  char *text = json_dumps (answer, JSON_COMPACT);
  const gboolean told
      = text != NULL && elevate_answer (invocation->options[OPTION_ANSWER_TO], text, error);

  if (text != NULL)
    OPENSSL_cleanse (text, strlen (text));
  free (text);
  return told;
}

/* Who was started without a terminal says through the same door why it failed. */
static gboolean
fail (Invocation *invocation, GError *cause, GError **error)
{
  if (invocation->options[OPTION_ANSWER_TO] != NULL)
    elevate_answer (invocation->options[OPTION_ANSWER_TO], cause->message, NULL);
  g_propagate_error (error, cause);
  return FALSE;
}

gboolean
command_panel_access (Invocation *invocation, GError **error)
{
  GError *cause = NULL;
  gboolean by_hand;

  if (!make_server (invocation, &cause) || !ensure_runs (invocation, &by_hand, &cause))
    return fail (invocation, cause, error);
  json_t *answer
      = by_hand ? tell_start (invocation->configuration) : give_access (invocation, &cause);
  if (answer == NULL)
    return fail (invocation, cause, error);
  const gboolean told = tell (invocation, answer, error);
  json_decref (answer);
  return told;
}

gboolean
command_panel_fingerprint (Invocation *invocation, GError **error)
{
  const Configuration *configuration = command_configuration (invocation, error);
  g_autoptr (Access) access
      = configuration != NULL ? access_load (configuration->data, error) : NULL;
  g_autofree char *print = access != NULL ? fingerprint_print (access->fingerprint) : NULL;

  if (print == NULL)
    return FALSE;
  g_print ("%s\n", invocation->options[OPTION_JSON] != NULL ? access->fingerprint : print);
  return TRUE;
}
