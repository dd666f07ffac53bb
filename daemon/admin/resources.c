/* The table of the admin API. */
#include "admin/resources.h"
#include "mail/address.h"
#include <string.h>

/* To add a resource, add a line here and its function in a resource-*.c. */
static const Resource table[] = {
  { "GET", "/v1/status", status_get },
  { "GET", "/metrics", metrics_get },
  { "POST", "/v1/stop", stop_post },
  { "GET", "/v1/settings", settings_get },
  { "PUT", "/v1/settings/*", setting_put },
  { "GET", "/v1/domains", domains_get },
  { "GET", "/v1/domains/*", domain_get },
  { "PUT", "/v1/domains/*", domain_put },
  { "PATCH", "/v1/domains/*", domain_patch },
  { "DELETE", "/v1/domains/*", domain_delete },
  { "GET", "/v1/users", users_get },
  { "GET", "/v1/users/*", user_get },
  { "POST", "/v1/users/*", user_post },
  { "PATCH", "/v1/users/*", user_patch },
  { "DELETE", "/v1/users/*", user_delete },
  { "GET", "/v1/app-passwords/*", app_passwords_get },
  { "POST", "/v1/app-passwords/*", app_password_post },
  { "DELETE", "/v1/app-passwords/*", app_password_delete },
  { "GET", "/v1/user-certificates/*", user_certificates_get },
  { "POST", "/v1/user-certificates/*", user_certificate_post },
  { "DELETE", "/v1/user-certificates/*", user_certificate_delete },
  { "GET", "/v1/dns/*", dns_get },
  { "POST", "/v1/dns/*", dns_post },
  { "GET", "/v1/dkim/*", dkim_get },
  { "POST", "/v1/dkim/*", dkim_post },
  { "PUT", "/v1/dkim/*", dkim_put },
  { "GET", "/v1/aliases", aliases_get },
  { "PUT", "/v1/aliases/*", alias_put },
  { "DELETE", "/v1/aliases/*", alias_delete },
  { "GET", "/v1/groups", groups_get },
  { "GET", "/v1/groups/*", group_get },
  { "POST", "/v1/groups/*", group_post },
  { "PATCH", "/v1/groups/*", group_patch },
  { "DELETE", "/v1/groups/*", group_delete },
  { "GET", "/v1/roles", roles_get },
  { "GET", "/v1/roles/*", role_get },
  { "POST", "/v1/roles/*", role_post },
  { "PATCH", "/v1/roles/*", role_patch },
  { "PUT", "/v1/roles/*", role_put },
  { "DELETE", "/v1/roles/*", role_delete },
  { "GET", "/v1/queue", queue_get },
  { "POST", "/v1/queue/*", queue_post },
  { "DELETE", "/v1/queue/*", queue_delete },
  { "POST", "/v1/trace", trace_post },
  { "GET", "/v1/brakes", brakes_get },
  { "GET", "/v1/brakes/*", brake_get },
  { "POST", "/v1/brakes/*", brake_post },
  { "GET", "/v1/rates/*", rate_get },
  { "PUT", "/v1/rates/*", rate_put },
  { "GET", "/v1/devices/*", device_get },
  { "PUT", "/v1/devices/*", device_put },
  { "DELETE", "/v1/devices/*", device_delete },
  { "GET", "/v1/bans", bans_get },
  { "DELETE", "/v1/bans", bans_delete },
  { "PUT", "/v1/bans/*", ban_put },
  { "DELETE", "/v1/bans/*", ban_delete },
  { "GET", "/v1/certificates", certificates_get },
  { "POST", "/v1/certificates/*", certificate_post },
  { "PUT", "/v1/certificates/*", certificate_put },
  { "DELETE", "/v1/certificates/*", certificate_delete },
  { "GET", "/v1/acme", acme_get },
  { "POST", "/v1/acme/order", acme_order_post },
  { "POST", "/v1/acme/account", acme_account_post },
  { "POST", "/v1/acme/rollover", acme_rollover_post },
  { "POST", "/v1/acme/revoke", acme_revoke_post },
  { "POST", "/v1/check", check_post },
  { "POST", "/v1/compact", compact_post },
  { "GET", "/v1/backups", backups_get },
  { "POST", "/v1/backups", backup_post },
  { "POST", "/v1/backups/verify", backup_verify_post },
  { "GET", "/v1/jobs/*", job_get },
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
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is missing or not text.",
                 key);
  return text;
}

char *
admin_call_domain (AdminCall *call, GError **error)
{
  char *domain = domain_normalize (call->argument);

  if (domain == NULL)
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no domain %s.",
                 call->argument);
  return domain;
}
