/* Who calls the admin API, and what the caller's role allows. */
#pragma once
#include "accounts/administrator.h"

typedef struct {
  char *user; /* an address, or CALLER_TOKEN */
  const char *way; /* "token" or "password": a constant */
  char *peer; /* the address that the call comes from */
  AdminRole role;
  char **domains; /* of a domain administrator, else empty */
} Caller;
#define CALLER_TOKEN "(token)"

/* PEER is copied. With the token: an administrator of everything. */
Caller *caller_new_token (const char *peer);
/* USER has shown its password; its role is yet to be read. */
Caller *caller_new_user (const char *user, const char *peer);
Caller *caller_copy (const Caller *caller);
void caller_free (Caller *caller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Caller, caller_free)

/* Inside a read job: the role that the user has now, STORE_ERROR_DENIED: none any more. The token's
 * stays as it is. */
gboolean caller_read_role (Caller *caller, Database *database, GError **error);
/* Whether two have the same role, for the same domains. */
gboolean caller_is_same (const Caller *caller, const Caller *other);
/* Whether what belongs to NAME, an address or a domain in any form, is the caller's to see. */
gboolean caller_sees (const Caller *caller, const char *name);
