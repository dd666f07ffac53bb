/* The Credential Manager: generic credentials of the person who is logged in, on this computer. */
#include "platform/key-store.h"
#include "platform/windows/failure.h"
#include "platform/windows/wide.h"
#include <winsock2.h>
#include <windows.h>
#include <wincred.h>
#include <glib/gi18n.h>
#include <openssl/crypto.h>
#include <string.h>

/* What the Credential Manager lists it under. */
static wchar_t *
target_of (const char *server, const char *user)
{
  g_autofree char *name = g_strdup_printf ("Hauspost:%s@%s", user, server);

  return wide_text (name);
}

/* A service, or a session that came over the network, has no credentials of its own. */
static gboolean
fail (GError **error)
{
  const DWORD code = GetLastError ();

  if (code != ERROR_NO_SUCH_LOGON_SESSION)
    return failure_set (error, code, "%s", _ ("The Credential Manager"));
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       _ ("This session has no key store, so the password is not kept."));
  return FALSE;
}

gboolean
key_store_save (const char *server, const char *user, const char *password, GError **error)
{
  g_autofree wchar_t *target = target_of (server, user);
  g_autofree wchar_t *name = wide_text (user);
  CREDENTIALW credential = { .Type = CRED_TYPE_GENERIC,
                             .TargetName = target,
                             .UserName = name,
                             .CredentialBlobSize = (DWORD)strlen (password),
                             .CredentialBlob = (BYTE *)password,
                             .Persist = CRED_PERSIST_LOCAL_MACHINE };

  return CredWriteW (&credential, 0) || fail (error);
}

char *
key_store_find (const char *server, const char *user, GError **error)
{
  g_autofree wchar_t *target = target_of (server, user);
  CREDENTIALW *credential = NULL;

  if (!CredReadW (target, CRED_TYPE_GENERIC, 0, &credential)) {
    if (GetLastError () != ERROR_NOT_FOUND)
      fail (error);
    return NULL;
  }
  char *password
      = g_strndup ((const char *)credential->CredentialBlob, credential->CredentialBlobSize);
  OPENSSL_cleanse (credential->CredentialBlob, credential->CredentialBlobSize);
  CredFree (credential);
  return password;
}

gboolean
key_store_remove (const char *server, const char *user, GError **error)
{
  g_autofree wchar_t *target = target_of (server, user);

  return CredDeleteW (target, CRED_TYPE_GENERIC, 0) || GetLastError () == ERROR_NOT_FOUND
      || fail (error);
}

void
key_store_wipe (char *password)
{
  if (password != NULL)
    OPENSSL_cleanse (password, strlen (password));
  g_free (password);
}
