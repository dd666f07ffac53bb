/* hauspost certificate … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include "platform/file.h"
#include <glib/gi18n.h>

#define PEM_MOST (1024 * 1024)

static char *
certificate_path (Invocation *invocation)
{
  return admin_path ("/v1/certificates/", command_argument (invocation, 0));
}

static char *
renewal_of (const json_t *certificate)
{
  char *day;

  if (!json_is_true (json_object_get (certificate, "renews_itself")))
    return g_strdup (_ ("by hand"));
  day = item_day (certificate, "renew_at");
  return day ? day : g_strdup (_ ("by itself"));
}

/* Of its hosts those that clients see it for. */
static char *
served_by (const json_t *certificate)
{
  const json_t *serves = json_object_get (certificate, "serves");
  const json_t *hosts = json_object_get (certificate, "hosts");

  if (json_array_size (serves) == 0)
    return g_strdup (_ ("nobody: another one is better"));
  return json_array_size (serves) == json_array_size (hosts) ? g_strdup (_ ("all of them"))
                                                             : item_words (certificate, "serves");
}

static void
add_certificate (ConsoleTable *table, const json_t *certificate)
{
  const gboolean itself = json_is_true (json_object_get (certificate, "self_signed"));

  console_table_add (table, item_copy (certificate, "name"), item_day (certificate, "not_after"),
                     renewal_of (certificate),
                     itself ? g_strdup (_ ("itself")) : item_copy (certificate, "issuer"),
                     item_words (certificate, "hosts"), served_by (certificate), NULL);
}

static void
print_certificates (const json_t *list)
{
  static const char *const titles[] = {
    N_ ("Name"), N_ ("Good until"), N_ ("Renewal"), N_ ("Signed by"), N_ ("Hosts"), N_ ("Serves"),
    NULL
  };
  json_t *certificate;
  gsize i;

  console_print_table (list, titles, add_certificate);
  json_array_foreach (list, i, certificate)
  {
    const char *sentence = json_string_value (json_object_get (certificate, "sentence"));
    if (sentence)
      g_print ("%s\n", sentence);
  }
  json_array_foreach (list, i, certificate)
      g_print (_ ("Fingerprint of %s (SHA-256): %s\n"),
               json_string_value (json_object_get (certificate, "name")),
               json_string_value (json_object_get (certificate, "fingerprint")));
}

gboolean
command_certificate_list (Invocation *invocation, GError **error)
{
  json_t *answer = command_ask (invocation, "/v1/certificates", error);

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (json_object_get (answer, "certificates"));
  else
    print_certificates (json_object_get (answer, "certificates"));
  json_decref (answer);
  return TRUE;
}

gboolean
command_certificate_self_sign (Invocation *invocation, GError **error)
{
  g_autofree char *path = certificate_path (invocation);
  json_t *hosts = json_array ();

  for (guint i = 1; i < invocation->arguments->len; i++)
    json_array_append_new (hosts, json_string (command_argument (invocation, i)));
  json_t *body = json_pack ("{s:o}", "hosts", hosts);
  gboolean done = command_send (invocation, "POST", path, body, error);
  json_decref (body);
  return done;
}

static json_t *
read_pem (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = file_map (path, error);

  if (bytes == NULL)
    return NULL;
  gsize length = MIN (g_bytes_get_size (bytes), PEM_MOST);
  json_t *text = json_stringn (g_bytes_get_data (bytes, NULL), length);
  if (text == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("%s is not in PEM form."), path);
  return text;
}

static json_t *
read_pkcs12 (Invocation *invocation, GError **error)
{
  g_autoptr (GBytes) bytes = file_map (invocation->options[OPTION_PKCS12], error);
  char *passphrase;

  if (bytes == NULL)
    return NULL;
  passphrase = invocation->options[OPTION_PASSWORD_STDIN]
      ? console_read_secret (error)
      : console_ask_secret (_ ("Passphrase of the file: "), error);
  if (passphrase == NULL)
    return NULL;
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_base64_encode (data, MIN (length, PEM_MOST));
  json_t *body = json_pack ("{s:s, s:s}", "pkcs12", text, "passphrase", passphrase);
  console_wipe (passphrase);
  return body;
}

static gboolean
send_import (Invocation *invocation, json_t *body, GError **error)
{
  g_autofree char *path = certificate_path (invocation);
  const gboolean done = body && command_send (invocation, "PUT", path, body, error);

  json_decref (body);
  return done;
}

gboolean
command_certificate_import (Invocation *invocation, GError **error)
{
  const char *key_path = invocation->options[OPTION_KEY];
  const char *chain_path = invocation->options[OPTION_CHAIN];

  if (invocation->options[OPTION_PKCS12])
    return send_import (invocation, read_pkcs12 (invocation, error), error);
  if (chain_path == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Name the certificate's file with --chain, and the key's with --key if "
                            "it is another one."));
    return FALSE;
  }
  json_t *key = read_pem (key_path != NULL ? key_path : chain_path, error);
  json_t *chain = key != NULL ? read_pem (chain_path, error) : NULL;
  if (chain == NULL) {
    json_decref (key);
    return FALSE;
  }
  return send_import (invocation, json_pack ("{s:o, s:o}", "key", key, "chain", chain), error);
}

gboolean
command_certificate_remove (Invocation *invocation, GError **error)
{
  g_autofree char *path = certificate_path (invocation);

  return command_send (invocation, "DELETE", path, NULL, error);
}
