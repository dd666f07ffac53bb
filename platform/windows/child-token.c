/* Makes the token of a child, and lets the child give up what it can by itself. */
#include "platform/windows/child-token.h"
#include "platform/child.h"
#include "platform/windows/failure.h"
#include <sddl.h>

static gboolean
fail (GError **error, const char *text)
{
  return failure_set (error, GetLastError (), "%s", text);
}

static TOKEN_USER *
token_user (HANDLE token)
{
  DWORD length = 0;
  TOKEN_USER *user;

  GetTokenInformation (token, TokenUser, NULL, 0, &length);
  user = g_malloc0 (length);
  if (GetTokenInformation (token, TokenUser, user, length, &length))
    return user;
  g_free (user);
  return NULL;
}

static HANDLE
restrict_token (HANDLE own, GError **error)
{
  BYTE administrators[SECURITY_MAX_SID_SIZE];
  DWORD length = sizeof administrators;
  g_autofree TOKEN_USER *user = token_user (own);
  SID_AND_ATTRIBUTES disabled[2] = { 0 };
  HANDLE token = NULL;

  if (user == NULL
      || !CreateWellKnownSid (WinBuiltinAdministratorsSid, NULL, administrators, &length)) {
    fail (error, "Our account is not known");
    return NULL;
  }
  disabled[0].Sid = user->User.Sid;
  disabled[1].Sid = administrators;
  if (CreateRestrictedToken (own, DISABLE_MAX_PRIVILEGE, G_N_ELEMENTS (disabled), disabled, 0, NULL,
                             0, NULL, &token))
    return token;
  fail (error, "A token cannot be restricted");
  return NULL;
}

static gboolean
lower_integrity (HANDLE token, GError **error)
{
  BYTE low[SECURITY_MAX_SID_SIZE];
  DWORD length = sizeof low;
  TOKEN_MANDATORY_LABEL label = { { low, SE_GROUP_INTEGRITY } };

  return (CreateWellKnownSid (WinLowLabelSid, NULL, low, &length)
          && SetTokenInformation (token, TokenIntegrityLevel, &label, sizeof label + length))
      || fail (error, "A token cannot be given low integrity");
}

HANDLE
child_token_new (GError **error)
{
  HANDLE own, token;

  if (!OpenProcessToken (
          GetCurrentProcess (),
          TOKEN_DUPLICATE | TOKEN_QUERY | TOKEN_ASSIGN_PRIMARY | TOKEN_ADJUST_DEFAULT, &own)) {
    fail (error, "Our token cannot be opened");
    return NULL;
  }
  token = restrict_token (own, error);
  CloseHandle (own);
  if (token != NULL && !lower_integrity (token, error)) {
    CloseHandle (token);
    return NULL;
  }
  return token;
}
