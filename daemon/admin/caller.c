/* Callers: the holder of the token, or a user with a role of administration. */
#include "admin/caller.h"
#include "language.h"
#include "mail/address.h"
#include <string.h>

static Caller *
caller_new (const char *user, const char *way, const char *peer)
{
  Caller *self = g_new0 (Caller, 1);

  self->user = g_strdup (user);
  self->way = way;
  self->peer = g_strdup (peer);
  self->domains = g_new0 (char *, 1);
  return self;
}

Caller *
caller_new_token (const char *peer)
{
  Caller *self = caller_new (CALLER_TOKEN, "token", peer);

  self->role = ADMIN_EVERYTHING;
  return self;
}

Caller *
caller_new_user (const char *user, const char *peer)
{
  return caller_new (user, "password", peer);
}

Caller *
caller_copy (const Caller *self)
{
  Caller *copy = caller_new (self->user, self->way, self->peer);

  copy->role = self->role;
  g_strfreev (copy->domains);
  copy->domains = g_strdupv (self->domains);
  return copy;
}

void
caller_free (Caller *self)
{
  if (self == NULL)
    return;
  g_free (self->user);
  g_free (self->peer);
  g_strfreev (self->domains);
  g_free (self);
}

static gboolean
is_token (const Caller *self)
{
  return strcmp (self->way, "token") == 0;
}

gboolean
caller_read_role (Caller *self, Database *database, GError **error)
{
  g_autoptr (Administrator) now = NULL;
  g_autoptr (GError) problem = NULL;

  if (is_token (self))
    return TRUE;
  now = administrator_find (database, self->user, &problem);
  if (now && now->enabled) {
    self->role = now->role;
    g_strfreev (self->domains);
    self->domains = g_steal_pointer (&now->domains);
    return TRUE;
  }
  if (problem && !g_error_matches (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_DENIED,
                         _ ("This account is not an administrator's."));
  return FALSE;
}

gboolean
caller_is_same (const Caller *self, const Caller *other)
{
  return self->role == other->role
      && g_strv_equal ((const char *const *)self->domains, (const char *const *)other->domains);
}

gboolean
caller_sees (const Caller *self, const char *name)
{
  const gboolean is_address = strchr (name, '@') != NULL;
  g_autofree char *normalized = NULL;
  const char *domain;

  if (self->role != ADMIN_DOMAINS)
    return TRUE;
  normalized = is_address ? address_normalize (name) : domain_normalize (name);
  domain = normalized && is_address ? address_domain (normalized) : normalized;
  return administrator_has_domain ((const char *const *)self->domains, domain);
}
