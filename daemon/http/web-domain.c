/* Hosts and domains. */
#include "http/web-domain.h"
#include "mail/address.h"
#include <string.h>

typedef struct {
  const char *name;
  gint64 id;
  GPtrArray *all;
} Question;

static gboolean
read_domain (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Question *self = data;

  self->id = domain_find (store_snapshot_database (snapshot), self->name, error);
  return self->id != 0;
}

char *
web_domain_ours (const WebCall *call, const char *domain)
{
  g_autofree char *name = domain_normalize (domain);
  Question question = { .name = name };

  if (name == NULL || !store_read_sync (call->service->store, read_domain, &question, NULL))
    return NULL;
  return g_steal_pointer (&name);
}

char *
web_domain_of_address (const WebCall *call, const char *address)
{
  const char *at = strrchr (address, '@');

  return at != NULL && at != address ? web_domain_ours (call, at + 1) : NULL;
}

char *
web_domain_of_host (const WebCall *call, const char *service)
{
  char *found = g_str_has_prefix (call->host, service)
      ? web_domain_ours (call, call->host + strlen (service))
      : NULL;

  return found != NULL ? found : web_domain_ours (call, call->host);
}

static gboolean
read_domains (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Question *self = data;

  self->all = domain_list (store_snapshot_database (snapshot), error);
  return self->all != NULL;
}

/* Of mail.example.com: example.com. */
static char *
parent_domain (const WebCall *call)
{
  const char *dot = strchr (call->configuration->hostname, '.');

  return dot != NULL ? web_domain_ours (call, dot + 1) : NULL;
}

char *
web_domain_to_show (const WebCall *call)
{
  char *found = web_domain_of_host (call, "mail.");
  Question question = { NULL };

  if (found == NULL)
    found = parent_domain (call);
  if (found == NULL && store_read_sync (call->service->store, read_domains, &question, NULL)) {
    if (question.all->len > 0)
      found = g_strdup (question.all->pdata[0]);
    g_ptr_array_unref (question.all);
  }
  return found;
}

gboolean
web_domain_is_for_people (const WebCall *call)
{
  if (g_ascii_strcasecmp (call->host, call->configuration->hostname) == 0
      || g_str_equal (call->host, "localhost") || *call->host == '['
      || g_hostname_is_ip_address (call->host))
    return TRUE;
  if (!g_str_has_prefix (call->host, "mail."))
    return FALSE;
  g_autofree char *domain = web_domain_ours (call, call->host + strlen ("mail."));
  return domain != NULL;
}
