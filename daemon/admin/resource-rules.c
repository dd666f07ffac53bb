/* Who may call a resource: its rule in the table, held against the caller's role. */
#include "admin/resources.h"
#include "accounts/domain.h"
#include "queue/queue-list.h"
#include "mail/address.h"
#include <string.h>

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_DENIED, sentence);
  return FALSE;
}

/* Nobody makes himself more, by the password of somebody who is more either. */
static gboolean
check_user (AdminCall *call, Database *database, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (Administrator) other = administrator_find (database, call->argument, &problem);

  if (other == NULL && !g_error_matches (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (other == NULL || g_strcmp0 (other->address, call->caller->user) == 0)
    return TRUE;
  for (char **domain = other->domains; other->role == ADMIN_DOMAINS && *domain; domain++)
    if (!caller_sees (call->caller, *domain))
      return refuse (error, _ ("This user administers more than you do."));
  return other->role == ADMIN_DOMAINS
      || refuse (error, _ ("This user administers more than you do."));
}

typedef struct {
  const Caller *caller;
  gboolean found, sees;
} QueueLook;

static void
look_at_mail (const QueueItem *item, gpointer data)
{
  QueueLook *self = data;

  self->found = TRUE;
  self->sees
      = caller_sees (self->caller, item->sender) || caller_sees (self->caller, item->recipient);
}

static gboolean
check_mail (AdminCall *call, Database *database, GError **error)
{
  QueueLook look = { .caller = call->caller };
  guint64 id;

  if (!g_ascii_string_to_unsigned (call->argument, 10, 1, G_MAXINT64, &id, NULL))
    return refuse (error, _ ("Only an administrator of the whole server may do that."));
  if (!queue_list (database, (gint64)id, 1, look_at_mail, &look, error))
    return FALSE;
  return look.sees || !look.found
      || refuse (error, _ ("This mail is of other domains than yours."));
}

static gboolean
check_domain_administrator (AdminCall *call, Database *database, GError **error)
{
  switch (call->resource->who) {
  case WHO_ANYBODY:
  case WHO_LIST:
    return TRUE;
  case WHO_DOMAIN:
  case WHO_ADDRESS:
    if (!caller_sees (call->caller, call->argument))
      return refuse (error, _ ("You do not administer this domain."));
    return call->resource->who == WHO_DOMAIN || !resource_changes (call->resource)
        || check_user (call, database, error);
  case WHO_QUEUED:
    return check_mail (call, database, error);
  case WHO_SERVER:
  case WHO_NOBODY:
    break;
  }
  return refuse (error, _ ("Only an administrator of the whole server may do that."));
}

gboolean
resource_admits (AdminCall *call, Database *database, GError **error)
{
  if (call->resource->who == WHO_NOBODY)
    return refuse (error, _ ("Nobody may do that."));
  switch (call->caller->role) {
  case ADMIN_EVERYTHING:
    return TRUE;
  case ADMIN_LOOKS:
    return !resource_changes (call->resource)
        || refuse (error, _ ("You may look at everything, and change nothing."));
  case ADMIN_DOMAINS:
    return check_domain_administrator (call, database, error);
  case ADMIN_NOTHING:
    break;
  }
  return refuse (error, _ ("This account is not an administrator's."));
}
