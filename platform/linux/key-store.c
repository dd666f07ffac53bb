/* The Secret Service, by libsecret. */
#include "platform/key-store.h"
#include <glib/gi18n.h>
#include <libsecret/secret.h>
#include <openssl/crypto.h>
#include <string.h>

static const SecretSchema schema = { "org.hauspost.Panel",
                                     SECRET_SCHEMA_NONE,
                                     { { "server", SECRET_SCHEMA_ATTRIBUTE_STRING },
                                       { "user", SECRET_SCHEMA_ATTRIBUTE_STRING } } };

/* No bus and no service on the bus are the same to a person: there is no store. A store that stays
 * locked because the person said no is another matter. */
static gboolean
is_missing (const GError *error)
{
  static const GDBusError none[] = {
    G_DBUS_ERROR_SERVICE_UNKNOWN,    G_DBUS_ERROR_NAME_HAS_NO_OWNER, G_DBUS_ERROR_NO_SERVER,
    G_DBUS_ERROR_DISCONNECTED,       G_DBUS_ERROR_SPAWN_FAILED,      G_DBUS_ERROR_SPAWN_EXEC_FAILED,
    G_DBUS_ERROR_SPAWN_CHILD_EXITED, G_DBUS_ERROR_UNKNOWN_METHOD,    G_DBUS_ERROR_NO_REPLY
  };

  for (guint i = 0; error->domain == G_DBUS_ERROR && i < G_N_ELEMENTS (none); i++)
    if (error->code == (int)none[i])
      return TRUE;
  return error->domain == G_IO_ERROR && error->code != G_IO_ERROR_CANCELLED;
}

/* Takes CAUSE over. */
static gboolean
fail (GError *cause, GError **error)
{
  if (is_missing (cause))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _ ("This session has no key store, so the password is not kept."));
  else if (g_error_matches (cause, SECRET_ERROR, SECRET_ERROR_IS_LOCKED)
           || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                         _ ("The key store stayed locked, so the password is not kept."));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The key store: %s"), cause->message);
  g_error_free (cause);
  return FALSE;
}

gboolean
key_store_save (const char *server, const char *user, const char *password, GError **error)
{
  g_autofree char *label = g_strdup_printf (_ ("Hauspost: %s at %s"), user, server);
  GError *cause = NULL;

  if (secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, password, NULL, &cause,
                                  "server", server, "user", user, NULL))
    return TRUE;
  if (cause == NULL) /* the person has closed the store's question */
    cause = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  return fail (cause, error);
}

char *
key_store_find (const char *server, const char *user, GError **error)
{
  GError *cause = NULL;
  char *kept = secret_password_lookup_nonpageable_sync (&schema, NULL, &cause, "server", server,
                                                        "user", user, NULL);
  char *password = g_strdup (kept);

  secret_password_free (kept);
  if (cause != NULL)
    fail (cause, error);
  return password;
}

gboolean
key_store_remove (const char *server, const char *user, GError **error)
{
  GError *cause = NULL;

  secret_password_clear_sync (&schema, NULL, &cause, "server", server, "user", user, NULL);
  return cause == NULL || fail (cause, error);
}

void
key_store_wipe (char *password)
{
  if (password != NULL)
    OPENSSL_cleanse (password, strlen (password));
  g_free (password);
}
