/* FOLDER/account-X.key and account-X.json, X being of the directory's URL. */
#include "tls/acme-account.h"
#include "tls/acme-error.h"
#include "tls/jws.h"
#include "tls/key.h"
#include "platform/file.h"
#include "language.h"
#include <string.h>

#define FILE_MAX 65536

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)

static char *
account_path (const char *folder, const char *directory, const char *suffix)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, directory, -1);
  g_autofree char *name = g_strdup_printf ("account-%.16s%s", digest, suffix);

  return g_build_filename (folder, name, NULL);
}

static json_t *
load_json (const char *folder, const char *directory)
{
  g_autofree char *path = account_path (folder, directory, ".json");
  g_autoptr (GBytes) bytes = file_exists (path) ? file_map (path, NULL) : NULL;
  gsize length = 0;
  const char *text = bytes ? g_bytes_get_data (bytes, &length) : NULL;
  json_t *object = text && length <= FILE_MAX ? json_loadb (text, length, 0, NULL) : NULL;

  if (json_is_object (object))
    return object;
  json_decref (object);
  return NULL;
}

static gboolean
save_json (AcmeSession *session, const char *folder, const char *email, GError **error)
{
  g_autofree char *path = account_path (folder, session->url, ".json");
  json_t *object = json_pack ("{s:s, s:s, s:s}", "directory", session->url, "url", session->account,
                              "email", email);
  char *text = json_dumps (object, JSON_INDENT (1));
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  const gboolean saved = file_replace (path, bytes, error);

  free (text);
  json_decref (object);
  return saved;
}

/* The key is on the disk before anybody hears of it. */
static EVP_PKEY *
load_or_make_key (const char *path, GError **error)
{
  if (file_exists (path))
    return key_load (path, error);
  g_autoptr (EVP_PKEY) key = key_new (KEY_ECDSA, error);
  return key && key_save (key, path, error) ? g_steal_pointer (&key) : NULL;
}

static json_t *
contact_list (const char *email)
{
  g_autofree char *url = g_strconcat ("mailto:", email, NULL);

  return *email ? json_pack ("[s]", url) : json_array ();
}

static gboolean
add_binding (AcmeSession *session, const AcmeAccountOptions *options, json_t *payload,
             const char *url, GError **error)
{
  g_autoptr (GBytes) mac = *options->eab_key ? base64url_decode (options->eab_key) : NULL;

  if (!*options->eab_kid && !*options->eab_key)
    return TRUE;
  if (mac == NULL || !*options->eab_kid) {
    acme_error_set (error, ACME_ERROR_SETTINGS, NULL,
                    _ ("acme.eab-kid and acme.eab-key belong together, the key in base64url as the "
                       "authority gives it."),
                    0);
    return FALSE;
  }
  json_t *jwk = jwk_new (session->key);
  char *text = json_dumps (jwk, JSON_COMPACT);
  json_t *header = json_pack ("{s:s, s:s}", "kid", options->eab_kid, "url", url);
  json_object_set_new (payload, "externalAccountBinding", jws_authenticate (mac, header, text));
  free (text);
  json_decref (jwk);
  return TRUE;
}

/* RFC 8555 §7.3: who posts a key that is known gets its account. */
static gboolean
make_account (AcmeSession *session, const AcmeAccountOptions *options, GError **error)
{
  const char *url = acme_session_url (session, "newAccount", error);
  const char *terms = acme_session_terms (session);

  if (url == NULL)
    return FALSE;
  if (terms && !options->agrees) {
    acme_error_set (error, ACME_ERROR_TERMS, NULL, terms, 0);
    return FALSE;
  }
  json_t *payload = json_pack ("{s:o}", "contact", contact_list (options->email));
  if (options->agrees)
    json_object_set_new (payload, "termsOfServiceAgreed", json_true ());
  if (!add_binding (session, options, payload, url, error)) {
    json_decref (payload);
    return FALSE;
  }
  g_autofree char *account = NULL;
  json_t *answer = acme_session_call (session, url, payload, NULL, &account, error);
  json_decref (answer);
  session->account = g_steal_pointer (&account);
  return answer && save_json (session, options->folder, options->email, error);
}

/* The URL of the account that KEY has; NULL: none, or ERROR. */
static char *
find_account (AcmeSession *session, EVP_PKEY *key, GError **error)
{
  const char *url = acme_session_url (session, "newAccount", error);
  g_autoptr (GError) cause = NULL;
  g_autofree char *account = NULL;

  if (url == NULL)
    return NULL;
  EVP_PKEY_up_ref (key);
  EVP_PKEY_free (session->key);
  session->key = key;
  g_clear_pointer (&session->account, g_free);
  json_decref (acme_session_call (session, url, json_pack ("{s:b}", "onlyReturnExisting", TRUE),
                                  NULL, &account, &cause));
  if (cause && !g_error_matches (cause, ACME_ERROR, ACME_ERROR_ACCOUNT_DOES_NOT_EXIST))
    g_propagate_error (error, g_steal_pointer (&cause));
  return g_steal_pointer (&account);
}

/* A roll-over that was cut off: the new key is the account's, or it is nobody's. */
static gboolean
settle_keys (AcmeSession *session, const char *path, const char *next, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (!file_exists (next))
    return TRUE;
  g_autoptr (EVP_PKEY) key = key_load (next, error);
  if (key == NULL)
    return FALSE;
  g_autofree char *account = find_account (session, key, &cause);
  g_clear_pointer (&session->key, EVP_PKEY_free);
  if (cause) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (account)
    return file_publish (next, path, error);
  g_autofree char *folder = g_path_get_dirname (next);
  return file_remove (next, error) && file_sync_folder (folder, error);
}

static gboolean
set_contact (AcmeSession *session, const AcmeAccountOptions *options, const char *known,
             GError **error)
{
  if (g_strcmp0 (known, options->email) == 0)
    return TRUE;
  json_t *payload = json_pack ("{s:o}", "contact", contact_list (options->email));
  json_t *answer = acme_session_call (session, session->account, payload, NULL, NULL, error);
  json_decref (answer);
  return answer && save_json (session, options->folder, options->email, error);
}

gboolean
acme_account_open (AcmeSession *session, const AcmeAccountOptions *options, GError **error)
{
  g_autofree char *path = account_path (options->folder, session->url, ".key");
  g_autofree char *next = account_path (options->folder, session->url, ".next.key");
  json_t *known = load_json (options->folder, session->url);
  const char *url = json_string_value (json_object_get (known, "url"));
  const gboolean has_key = file_exists (path); /* else what is known is of no use */
  gboolean open = file_make_folder (options->folder, error)
      && settle_keys (session, path, next, error)
      && (session->key = load_or_make_key (path, error)) != NULL;

  if (open && url && has_key) {
    session->account = g_strdup (url);
    open = set_contact (session, options, json_string_value (json_object_get (known, "email")),
                        error);
  } else if (open)
    open = make_account (session, options, error);
  json_decref (known);
  return open;
}

/* RFC 8555 §7.3.5: the new key signs what the old one signs again. */
static json_t *
roll_over_payload (AcmeSession *session, EVP_PKEY *fresh, const char *url)
{
  json_t *inner
      = json_pack ("{s:s, s:o}", "account", session->account, "oldKey", jwk_new (session->key));
  char *text = json_dumps (inner, JSON_COMPACT);
  json_t *header = json_pack ("{s:o, s:s}", "jwk", jwk_new (fresh), "url", url);
  json_t *payload = jws_sign_object (fresh, header, text);

  free (text);
  json_decref (inner);
  return payload;
}

gboolean
acme_account_roll_over (AcmeSession *session, const char *folder, GError **error)
{
  g_autofree char *path = account_path (folder, session->url, ".key");
  g_autofree char *next = account_path (folder, session->url, ".next.key");
  const char *url = acme_session_url (session, "keyChange", error);
  g_autoptr (EVP_PKEY) fresh = url ? key_new (KEY_ECDSA, error) : NULL;

  if (fresh == NULL || !key_save (fresh, next, error))
    return FALSE;
  g_autoptr (FetchAnswer) answer
      = acme_session_post (session, url, roll_over_payload (session, fresh, url), NULL, error);
  if (answer == NULL || !file_publish (next, path, error))
    return FALSE;
  EVP_PKEY_free (session->key);
  session->key = g_steal_pointer (&fresh);
  return TRUE;
}

gboolean
acme_account_forget (const char *folder, const char *directory, GError **error)
{
  g_autofree char *path = account_path (folder, directory, ".json");

  return !file_exists (path) || (file_remove (path, error) && file_sync_folder (folder, error));
}

json_t *
acme_account_describe (const char *folder, const char *directory)
{
  g_autofree char *path = account_path (folder, directory, ".key");
  json_t *known = load_json (folder, directory);
  g_autoptr (EVP_PKEY) key = known && file_exists (path) ? key_load (path, NULL) : NULL;

  if (key) {
    g_autofree char *thumbprint = jwk_thumbprint (key);
    json_object_set_new (known, "thumbprint", json_string (thumbprint));
  }
  return known;
}
