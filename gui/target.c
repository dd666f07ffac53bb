/* A password is wiped when the last worker has let go. */
#include "target.h"
#include <openssl/crypto.h>
#include <string.h>

struct _Target {
  gboolean local;
  char *configuration;
  char *address, *fingerprint, *user, *password;
};

Target *
target_new_local (const char *configuration)
{
  Target *self = g_atomic_rc_box_new0 (Target);

  self->local = TRUE;
  self->configuration = g_strdup (configuration);
  return self;
}

Target *
target_new_remote (const char *address, const char *fingerprint, const char *user,
                   const char *password)
{
  Target *self = g_atomic_rc_box_new0 (Target);

  self->address = g_strdup (address);
  self->fingerprint = g_strdup (fingerprint);
  self->user = g_strdup (user);
  self->password = g_strdup (password);
  return self;
}

Target *
target_ref (Target *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
target_clear (gpointer data)
{
  Target *self = data;

  if (self->password != NULL)
    OPENSSL_cleanse (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->user);
  g_free (self->fingerprint);
  g_free (self->address);
  g_free (self->configuration);
}

void
target_unref (Target *self)
{
  g_atomic_rc_box_release_full (self, target_clear);
}

gboolean
target_is_local (const Target *self)
{
  return self->local;
}

const char *
target_address (const Target *self)
{
  return self->address;
}

static AdminClient *
connect_here (const Target *self, GError **error)
{
  g_autofree char *path = configuration_find (self->configuration);
  g_autoptr (Configuration) configuration = configuration_load (path, error);

  return configuration ? admin_client_new_local (configuration, error) : NULL;
}

/* "de" of "de_DE.UTF-8"; NULL: the server's English will do. */
static char *
language (void)
{
  const char *name = g_get_language_names ()[0];
  const gsize length = strcspn (name, "_.@");

  return length == 2 || length == 3 ? g_strndup (name, length) : NULL;
}

AdminClient *
target_connect (const Target *self, GError **error)
{
  g_autofree char *wanted = language ();
  AdminClient *client = self->local ? connect_here (self, error)
                                    : admin_client_new_remote (self->address, self->fingerprint,
                                                               self->user, self->password, error);

  if (client != NULL)
    admin_client_set_language (client, wanted);
  return client;
}
