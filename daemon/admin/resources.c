/* The table of the admin API. */
#include "admin/resources.h"
#include "mail/address.h"
#include <string.h>

/* To add a resource, add a line here, its function in a resource-*.c, and a line in API.md: method,
 * path, function, who may, command, event, audit log's words, state, flags. */
static const Resource table[] = {
  { "GET", "/v1/whoami", whoami_get, WHO_ANYBODY, "administrator list" },
  { "GET", "/v1/overview", overview_get, WHO_ANYBODY, "status" },
  { "GET", "/v1/status", status_get, WHO_SERVER, "status" },
  { "GET", "/metrics", metrics_get, WHO_SERVER, "metrics" },
  { "GET", "/v1/graphs", graphs_get, WHO_SERVER, "graphs" },
  { "GET", "/v1/events", events_get, WHO_ANYBODY, "log" },
  { "GET", "/v1/log", log_get, WHO_SERVER, "log" },
  { "POST", "/v1/stop", stop_post, WHO_SERVER, "stop", "server", N_ ("Stopped the server"), NULL,
    RESOURCE_APART },
  { "GET", "/v1/sessions", sessions_get, WHO_LIST, "session list" },
  { "DELETE", "/v1/sessions/*", session_delete, WHO_SERVER, "session end", "sessions",
    N_ ("Ended the session %s"), NULL, RESOURCE_APART },
  { "GET", "/v1/settings", settings_get, WHO_SERVER, "get", NULL, NULL, settings_state },
  { "PATCH", "/v1/settings", settings_patch, WHO_SERVER, "set", "settings", N_ ("Changed settings"),
    settings_state },
  { "GET", "/v1/settings/*", setting_get, WHO_SERVER, "get", NULL, NULL, setting_state },
  { "PUT", "/v1/settings/*", setting_put, WHO_SERVER, "set", "settings",
    N_ ("Changed the setting %s"), setting_state },
  { "GET", "/v1/audit", audit_get, WHO_SERVER, "audit" },
  { "GET", "/v1/administrators", administrators_get, WHO_SERVER, "administrator list" },
  { "GET", "/v1/administrators/*", administrator_get, WHO_SERVER, "administrator list", NULL, NULL,
    administrator_state },
  { "PUT", "/v1/administrators/*", administrator_put, WHO_SERVER, "administrator set",
    "administrators", N_ ("Let %s administer"), administrator_state },
  { "DELETE", "/v1/administrators/*", administrator_delete, WHO_SERVER, "administrator remove",
    "administrators", N_ ("Let %s administer no more"), administrator_state },
  { "GET", "/v1/setup", setup_get, WHO_SERVER, "setup", NULL, NULL, setup_state },
  { "PUT", "/v1/setup", setup_put, WHO_SERVER, "setup", "setup", N_ ("Went on with the setup"),
    setup_state },
  { "DELETE", "/v1/setup", setup_delete, WHO_SERVER, "setup", "setup", N_ ("Began the setup anew"),
    setup_state },
  { "GET", "/v1/preflight", preflight_get, WHO_SERVER, "preflight" },
  { "POST", "/v1/preflight", preflight_post, WHO_SERVER, "preflight", "jobs",
    N_ ("Started the pre-flight"), NULL, RESOURCE_APART },
  { "GET", "/v1/domains", domains_get, WHO_LIST, "domain list" },
  { "GET", "/v1/domains/*", domain_get, WHO_DOMAIN, "domain show", NULL, NULL, domain_state },
  { "PUT", "/v1/domains/*", domain_put, WHO_SERVER, "domain add", "domains",
    N_ ("Added the domain %s"), domain_state },
  { "PATCH", "/v1/domains/*", domain_patch, WHO_DOMAIN, "domain catch-all", "domains",
    N_ ("Changed the domain %s"), domain_state },
  { "DELETE", "/v1/domains/*", domain_delete, WHO_SERVER, "domain remove", "domains",
    N_ ("Removed the domain %s"), domain_state },
  { "GET", "/v1/users", users_get, WHO_LIST, "user list" },
  { "GET", "/v1/users/*", user_get, WHO_ADDRESS, "user show", NULL, NULL, user_state },
  { "POST", "/v1/users/*", user_post, WHO_ADDRESS, "user add", "users", N_ ("Added the user %s"),
    user_state },
  { "PATCH", "/v1/users/*", user_patch, WHO_ADDRESS, "user quota", "users",
    N_ ("Changed the user %s"), user_state },
  { "DELETE", "/v1/users/*", user_delete, WHO_ADDRESS, "user remove", "users",
    N_ ("Removed the user %s"), user_state },
  { "GET", "/v1/app-passwords/*", app_passwords_get, WHO_ADDRESS, "user app-password list", NULL,
    NULL, app_passwords_state },
  { "POST", "/v1/app-passwords/*", app_password_post, WHO_ADDRESS, "user app-password add",
    "app-passwords", N_ ("Made an app password for %s"), app_passwords_state },
  { "DELETE", "/v1/app-passwords/*", app_password_delete, WHO_ADDRESS, "user app-password remove",
    "app-passwords", N_ ("Removed an app password of %s"), app_passwords_state },
  { "GET", "/v1/user-certificates/*", user_certificates_get, WHO_ADDRESS, "user certificate list",
    NULL, NULL, user_certificates_state },
  { "POST", "/v1/user-certificates/*", user_certificate_post, WHO_ADDRESS, "user certificate add",
    "user-certificates", N_ ("Enrolled a certificate for %s"), user_certificates_state },
  { "DELETE", "/v1/user-certificates/*", user_certificate_delete, WHO_ADDRESS,
    "user certificate remove", "user-certificates", N_ ("Removed a certificate of %s"),
    user_certificates_state },
  { "GET", "/v1/dns/*", dns_get, WHO_DOMAIN, "dns" },
  { "POST", "/v1/dns/*", dns_post, WHO_DOMAIN, "dns", NULL, NULL, NULL, RESOURCE_LOOKS },
  { "GET", "/v1/dkim/*", dkim_get, WHO_DOMAIN, "domain dkim show", NULL, NULL, dkim_state },
  { "POST", "/v1/dkim/*", dkim_post, WHO_DOMAIN, "domain dkim prepare", "dkim",
    N_ ("Prepared keys for %s"), dkim_state, RESOURCE_APART },
  { "PUT", "/v1/dkim/*", dkim_put, WHO_DOMAIN, "domain dkim rotate", "dkim",
    N_ ("Changed the keys of %s"), dkim_state, RESOURCE_APART },
  { "GET", "/v1/aliases", aliases_get, WHO_LIST, "alias list" },
  { "PUT", "/v1/aliases/*", alias_put, WHO_ADDRESS, "alias add", "aliases", N_ ("Set the alias %s"),
    alias_state },
  { "DELETE", "/v1/aliases/*", alias_delete, WHO_ADDRESS, "alias remove", "aliases",
    N_ ("Removed the alias %s"), alias_state },
  { "GET", "/v1/groups", groups_get, WHO_LIST, "group list" },
  { "GET", "/v1/groups/*", group_get, WHO_ADDRESS, "group show", NULL, NULL, group_state },
  { "POST", "/v1/groups/*", group_post, WHO_ADDRESS, "group add", "groups",
    N_ ("Added the group %s"), group_state },
  { "PATCH", "/v1/groups/*", group_patch, WHO_ADDRESS, "group set", "groups",
    N_ ("Changed the group %s"), group_state },
  { "DELETE", "/v1/groups/*", group_delete, WHO_ADDRESS, "group remove", "groups",
    N_ ("Removed the group %s"), group_state },
  { "GET", "/v1/roles", roles_get, WHO_LIST, "role list" },
  { "GET", "/v1/roles/*", role_get, WHO_ADDRESS, "role show", NULL, NULL, role_state },
  { "POST", "/v1/roles/*", role_post, WHO_ADDRESS, "role add", "roles",
    N_ ("Added the shared mailbox %s"), role_state },
  { "PATCH", "/v1/roles/*", role_patch, WHO_ADDRESS, "role admit", "roles",
    N_ ("Changed the shared mailbox %s"), role_state },
  { "PUT", "/v1/roles/*", role_put, WHO_ADDRESS, "role restore", "roles",
    N_ ("Brought back the shared mailbox %s"), role_state },
  { "DELETE", "/v1/roles/*", role_delete, WHO_ADDRESS, "role remove", "roles",
    N_ ("Removed the shared mailbox %s"), role_state },
  { "GET", "/v1/queue", queue_get, WHO_LIST, "queue list" },
  { "POST", "/v1/queue/*", queue_post, WHO_QUEUED, "queue retry", "queue",
    N_ ("Acted on mail %s in the queue"), queue_state, RESOURCE_APART },
  { "DELETE", "/v1/queue/*", queue_delete, WHO_QUEUED, "queue remove", "queue",
    N_ ("Removed mail %s from the queue"), queue_state, RESOURCE_APART },
  { "POST", "/v1/trace", trace_post, WHO_LIST, "trace", NULL, NULL, NULL, RESOURCE_LOOKS },
  { "GET", "/v1/brakes", brakes_get, WHO_LIST, "brake list" },
  { "GET", "/v1/brakes/*", brake_get, WHO_ADDRESS, "brake show", NULL, NULL, brake_state },
  { "POST", "/v1/brakes/*", brake_post, WHO_SERVER, "brake release", "brakes",
    N_ ("Acted on the held mail of %s"), brake_state, RESOURCE_APART },
  { "GET", "/v1/rates/*", rate_get, WHO_SERVER, "user rate", NULL, NULL, rate_state },
  { "PUT", "/v1/rates/*", rate_put, WHO_SERVER, "user rate", "rates",
    N_ ("Changed how much %s may send"), rate_state },
  { "GET", "/v1/devices/*", device_get, WHO_ADDRESS, "user device", NULL, NULL, device_state },
  { "PUT", "/v1/devices/*", device_put, WHO_ADDRESS, "user device", "devices",
    N_ ("Made %s a device"), device_state },
  { "DELETE", "/v1/devices/*", device_delete, WHO_ADDRESS, "user device", "devices",
    N_ ("Made %s a user again"), device_state },
  { "GET", "/v1/bans", bans_get, WHO_SERVER, "ban list" },
  { "DELETE", "/v1/bans", bans_delete, WHO_SERVER, "ban remove", "bans", N_ ("Lifted all bans"),
    ban_state, RESOURCE_APART },
  { "PUT", "/v1/bans/*", ban_put, WHO_SERVER, "ban add", "bans", N_ ("Banned %s"), ban_state,
    RESOURCE_APART },
  { "DELETE", "/v1/bans/*", ban_delete, WHO_SERVER, "ban remove", "bans",
    N_ ("Lifted the ban of %s"), ban_state, RESOURCE_APART },
  { "GET", "/v1/block-lists", block_lists_get, WHO_SERVER, "block-list" },
  { "GET", "/v1/certificates", certificates_get, WHO_SERVER, "certificate list" },
  { "POST", "/v1/certificates/*", certificate_post, WHO_SERVER, "certificate self-sign",
    "certificates", N_ ("Made the certificate %s"), certificate_state, RESOURCE_APART },
  { "PUT", "/v1/certificates/*", certificate_put, WHO_SERVER, "certificate import", "certificates",
    N_ ("Imported the certificate %s"), certificate_state, RESOURCE_APART },
  { "DELETE", "/v1/certificates/*", certificate_delete, WHO_SERVER, "certificate remove",
    "certificates", N_ ("Removed the certificate %s"), certificate_state, RESOURCE_APART },
  { "GET", "/v1/acme", acme_get, WHO_SERVER, "certificate acme show" },
  { "POST", "/v1/acme/order", acme_order_post, WHO_SERVER, "certificate acme order", "jobs",
    N_ ("Ordered certificates"), NULL, RESOURCE_APART },
  { "POST", "/v1/acme/account", acme_account_post, WHO_SERVER, "certificate acme account",
    "certificates", N_ ("Opened the account at the certificate authority"), NULL, RESOURCE_APART },
  { "POST", "/v1/acme/rollover", acme_rollover_post, WHO_SERVER, "certificate acme rollover",
    "certificates", N_ ("Changed the key of the account at the certificate authority"), NULL,
    RESOURCE_APART },
  { "POST", "/v1/acme/revoke", acme_revoke_post, WHO_SERVER, "certificate acme revoke",
    "certificates", N_ ("Revoked a certificate"), NULL, RESOURCE_APART },
  { "POST", "/v1/check", check_post, WHO_SERVER, "check", "jobs",
    N_ ("Started a check of the store"), NULL, RESOURCE_APART },
  { "POST", "/v1/compact", compact_post, WHO_SERVER, "compact", "jobs", N_ ("Started a compaction"),
    NULL, RESOURCE_APART },
  { "GET", "/v1/backups", backups_get, WHO_SERVER, "backup list" },
  { "POST", "/v1/backups", backup_post, WHO_SERVER, "backup create", "jobs",
    N_ ("Started a backup"), NULL, RESOURCE_APART },
  { "POST", "/v1/backups/verify", backup_verify_post, WHO_SERVER, "backup verify", "jobs",
    N_ ("Started the verification of a backup"), NULL, RESOURCE_APART },
  { "POST", "/v1/backups/prove", backup_prove_post, WHO_SERVER, "backup prove", "jobs",
    N_ ("Started to restore a backup as a proof"), NULL, RESOURCE_APART },
  { "GET", "/v1/jobs", jobs_get, WHO_SERVER, "job list" },
  { "GET", "/v1/jobs/*", job_get, WHO_SERVER, "job list" },
  { "DELETE", "/v1/jobs/*", job_delete, WHO_SERVER, "job cancel", "jobs", N_ ("Cancelled job %s"),
    NULL, RESOURCE_APART },
};

static gboolean
path_matches (const char *pattern, const char *path, const char **argument)
{
  gsize length = strlen (pattern);

  *argument = NULL;
  if (pattern[length - 1] != '*')
    return strcmp (pattern, path) == 0;
  if (strncmp (pattern, path, length - 1) != 0 || path[length - 1] == '\0')
    return FALSE;
  *argument = path + length - 1;
  return strchr (*argument, '/') == NULL;
}

const Resource *
resource_find (const char *method, const char *path, const char **argument, gboolean *method_wrong)
{
  *method_wrong = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    if (!path_matches (table[i].path, path, argument))
      continue;
    if (strcmp (table[i].method, method) == 0)
      return &table[i];
    *method_wrong = TRUE;
  }
  return NULL;
}

const Resource *
resource_table (guint *count)
{
  *count = G_N_ELEMENTS (table);
  return table;
}

gboolean
resource_changes (const Resource *self)
{
  return strcmp (self->method, "GET") != 0 && !(self->flags & RESOURCE_LOOKS);
}

const char *
admin_call_query (const AdminCall *call, const char *key)
{
  return call->query ? g_hash_table_lookup (call->query, key) : NULL;
}

gint64
admin_call_number (const AdminCall *call, const char *key, gint64 usual, gint64 most)
{
  const char *text = admin_call_query (call, key);
  guint64 number;

  return text && g_ascii_string_to_unsigned (text, 10, 0, (guint64)most, &number, NULL)
      ? (gint64)number
      : usual;
}

const char *
admin_call_optional_text (AdminCall *call, const char *key)
{
  json_t *value = json_object_get (call->body, key);

  /* Text with a NUL inside would be cut off silently. */
  if (!json_is_string (value) || strlen (json_string_value (value)) != json_string_length (value))
    return NULL;
  return json_string_value (value);
}

const char *
admin_call_text (AdminCall *call, const char *key, GError **error)
{
  const char *text = admin_call_optional_text (call, key);

  if (text == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is missing or not text."),
                 key);
  return text;
}

char *
admin_call_domain (AdminCall *call, GError **error)
{
  char *domain = domain_normalize (call->argument);

  if (domain == NULL)
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no domain %s."),
                 call->argument);
  return domain;
}
