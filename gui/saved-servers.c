/* Groups "server 1", "server 2" … of a key file. */
#include "saved-servers.h"
#include "admin/server-certificate.h"
#include "configuration.h"
#include <string.h>

#define PREFIX "server "
#define LAST_GROUP "connect"
#define SERVERS_MOST 100

SavedServer *
saved_server_new (const char *name, const char *address, const char *user, const char *fingerprint,
                  gboolean is_local)
{
  SavedServer *self = g_new0 (SavedServer, 1);

  *self = (SavedServer) { g_strdup (name && *name ? name : address), g_strdup (address),
                          g_strdup (user), g_strdup (fingerprint), is_local };
  return self;
}

void
saved_server_free (SavedServer *self)
{
  g_free (self->name);
  g_free (self->address);
  g_free (self->user);
  g_free (self->fingerprint);
  g_free (self);
}

/* NULL: the group is not whole. Somebody may have edited the file. */
static SavedServer *
read_one (GKeyFile *file, const char *group)
{
  g_autofree char *name = g_key_file_get_string (file, group, "name", NULL);
  g_autofree char *typed = g_key_file_get_string (file, group, "address", NULL);
  g_autofree char *address = typed != NULL ? server_address_parse (typed) : NULL;
  g_autofree char *user = g_key_file_get_string (file, group, "user", NULL);
  g_autofree char *digits = g_key_file_get_string (file, group, "fingerprint", NULL);
  g_autofree char *fingerprint = digits != NULL ? fingerprint_parse (digits) : NULL;

  if (address == NULL || user == NULL || *user == '\0' || fingerprint == NULL)
    return NULL;
  return saved_server_new (name, address, user, fingerprint,
                           g_key_file_get_boolean (file, group, "local", NULL));
}

GPtrArray *
saved_servers_list (GKeyFile *file)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)saved_server_free);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (char **group = groups; *group != NULL && list->len < SERVERS_MOST; group++) {
    SavedServer *one = g_str_has_prefix (*group, PREFIX) ? read_one (file, *group) : NULL;
    if (one != NULL)
      g_ptr_array_add (list, one);
  }
  return list;
}

static gboolean
is_of (GKeyFile *file, const char *group, const char *address, gboolean or_local)
{
  g_autofree char *here = g_key_file_get_string (file, group, "address", NULL);

  return g_str_has_prefix (group, PREFIX)
      && (g_strcmp0 (here, address) == 0
          || (or_local && g_key_file_get_boolean (file, group, "local", NULL)));
}

static gboolean
remove_matching (GKeyFile *file, const char *address, gboolean or_local)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  gboolean found = FALSE;

  for (char **group = groups; *group != NULL; group++)
    if (is_of (file, *group, address, or_local))
      found |= g_key_file_remove_group (file, *group, NULL);
  return found;
}

static char *
free_group (GKeyFile *file)
{
  for (guint i = 1;; i++) {
    char *group = g_strdup_printf (PREFIX "%u", i);
    if (!g_key_file_has_group (file, group))
      return group;
    g_free (group);
  }
}

void
saved_servers_put (GKeyFile *file, const SavedServer *server)
{
  remove_matching (file, server->address, server->is_local);
  g_autofree char *group = free_group (file);
  g_key_file_set_string (file, group, "name", server->name);
  g_key_file_set_string (file, group, "address", server->address);
  g_key_file_set_string (file, group, "user", server->user);
  g_key_file_set_string (file, group, "fingerprint", server->fingerprint);
  if (server->is_local)
    g_key_file_set_boolean (file, group, "local", TRUE);
}

gboolean
saved_servers_remove (GKeyFile *file, const char *address)
{
  g_autofree char *last = saved_servers_last (file);

  if (g_strcmp0 (last, address) == 0)
    saved_servers_set_last (file, NULL);
  return remove_matching (file, address, FALSE);
}

char *
saved_servers_last (GKeyFile *file)
{
  return g_key_file_get_string (file, LAST_GROUP, "last", NULL);
}

void
saved_servers_set_last (GKeyFile *file, const char *address)
{
  if (address != NULL)
    g_key_file_set_string (file, LAST_GROUP, "last", address);
  else
    g_key_file_remove_key (file, LAST_GROUP, "last", NULL);
}

/* A colon may be the port's or one of an IPv6 address that stands without brackets. */
static char *
with_port (const char *host)
{
  const guint port = listen_info (LISTEN_ADMIN)->port;
  const char *colon = strchr (host, ':');

  if (colon != NULL && strchr (colon + 1, ':') != NULL && *host != '[')
    return g_strdup_printf ("[%s]:%u", host, port);
  if (*host == '[' ? g_str_has_suffix (host, "]") : colon == NULL)
    return g_strdup_printf ("%s:%u", host, port);
  return g_strdup (host);
}

static gboolean
is_port (const char *digits)
{
  guint64 port;

  return g_ascii_string_to_unsigned (digits, 10, 1, 65535, &port, NULL);
}

char *
server_address_parse (const char *typed)
{
  g_autofree char *text = g_strstrip (g_strdup (typed));
  const char *host = g_str_has_prefix (text, "https://") ? text + strlen ("https://") : text;
  g_autofree char *bare = g_strdup (host);

  if (g_str_has_suffix (bare, "/"))
    bare[strlen (bare) - 1] = '\0';
  if (*bare == '\0' || *bare == ':' || strlen (bare) > 300 || strpbrk (bare, " /@?#\t\"\\") != NULL
      || !g_utf8_validate (bare, -1, NULL))
    return NULL;
  char *address = with_port (bare);
  if (is_port (strrchr (address, ':') + 1))
    return address;
  g_free (address);
  return NULL;
}
