/* What the admin API knows: one table of resources. A resource's function runs in a worker and may
 * wait for the store. */
#pragma once
#include "admin/admin-server.h"
#include "admin/jobs.h"
#include "store/check.h"
#include <jansson.h>

typedef struct {
  const AdminService *service;
  const Configuration *configuration; /* today's; SERVICE's may change under a worker's feet */
  Jobs *jobs;
  gint64 started; /* seconds, UTC */
  const char *argument; /* what stands for the '*' of the path, or NULL */
  json_t *body; /* an object (maybe empty) */
  json_t *answer; /* an object to fill in */
  char *text; /* instead of ANSWER: plain text; freed with g_free */
  gboolean reload; /* set: certificates have changed */
  char *ended_user; /* set: whose sessions are to end; freed with g_free */
  gboolean stop; /* set: the daemon is to end once the answer is sent */
} AdminCall;

typedef struct {
  const char *method;
  const char *path; /* "/v1/users/" and '*' for the argument at the end */
  gboolean (*run) (AdminCall *call, GError **error);
} Resource;

/* NULL: there is none; *METHOD_WRONG tells whether the path exists. *ARGUMENT points into PATH. */
const Resource *resource_find (const char *method, const char *path, const char **argument,
                               gboolean *method_wrong);

/* A field of the body: NULL and ERROR when it is missing or not text. */
const char *admin_call_text (AdminCall *call, const char *key, GError **error);
/* NULL when it is missing. */
const char *admin_call_optional_text (AdminCall *call, const char *key);

/* The argument as a domain's name, normalized; STORE_ERROR_NOT_FOUND when it cannot be one. */
char *admin_call_domain (AdminCall *call, GError **error);

/* resource-directory.c */
gboolean domains_get (AdminCall *call, GError **error);
gboolean domain_get (AdminCall *call, GError **error);
gboolean domain_put (AdminCall *call, GError **error);
gboolean domain_patch (AdminCall *call, GError **error);
gboolean domain_delete (AdminCall *call, GError **error);
gboolean aliases_get (AdminCall *call, GError **error);
gboolean alias_put (AdminCall *call, GError **error);
gboolean alias_delete (AdminCall *call, GError **error);
/* resource-dkim.c */
gboolean dkim_get (AdminCall *call, GError **error);
gboolean dkim_post (AdminCall *call, GError **error);
gboolean dkim_put (AdminCall *call, GError **error);
/* resource-dns.c */
gboolean dns_get (AdminCall *call, GError **error);
gboolean dns_post (AdminCall *call, GError **error);
/* resource-users.c */
gboolean users_get (AdminCall *call, GError **error);
gboolean user_get (AdminCall *call, GError **error);
gboolean user_post (AdminCall *call, GError **error);
gboolean user_patch (AdminCall *call, GError **error);
gboolean user_delete (AdminCall *call, GError **error);
/* resource-roles.c */
gboolean roles_get (AdminCall *call, GError **error);
gboolean role_get (AdminCall *call, GError **error);
gboolean role_post (AdminCall *call, GError **error);
gboolean role_patch (AdminCall *call, GError **error);
gboolean role_put (AdminCall *call, GError **error);
gboolean role_delete (AdminCall *call, GError **error);
/* resource-groups.c */
gboolean groups_get (AdminCall *call, GError **error);
gboolean group_get (AdminCall *call, GError **error);
gboolean group_post (AdminCall *call, GError **error);
gboolean group_patch (AdminCall *call, GError **error);
gboolean group_delete (AdminCall *call, GError **error);
/* resource-app-passwords.c */
gboolean app_passwords_get (AdminCall *call, GError **error);
gboolean app_password_post (AdminCall *call, GError **error);
gboolean app_password_delete (AdminCall *call, GError **error);
/* resource-user-certificates.c */
gboolean user_certificates_get (AdminCall *call, GError **error);
gboolean user_certificate_post (AdminCall *call, GError **error);
gboolean user_certificate_delete (AdminCall *call, GError **error);
/* resource-queue.c */
gboolean queue_get (AdminCall *call, GError **error);
gboolean queue_post (AdminCall *call, GError **error);
gboolean queue_delete (AdminCall *call, GError **error);
/* resource-trace.c */
gboolean trace_post (AdminCall *call, GError **error);
/* resource-brakes.c */
gboolean brakes_get (AdminCall *call, GError **error);
gboolean brake_get (AdminCall *call, GError **error);
gboolean brake_post (AdminCall *call, GError **error);
/* resource-submission.c */
gboolean rate_get (AdminCall *call, GError **error);
gboolean rate_put (AdminCall *call, GError **error);
gboolean device_get (AdminCall *call, GError **error);
gboolean device_put (AdminCall *call, GError **error);
gboolean device_delete (AdminCall *call, GError **error);
/* resource-bans.c */
gboolean bans_get (AdminCall *call, GError **error);
gboolean bans_delete (AdminCall *call, GError **error);
gboolean ban_put (AdminCall *call, GError **error);
gboolean ban_delete (AdminCall *call, GError **error);
/* resource-system.c */
gboolean status_get (AdminCall *call, GError **error);
gboolean metrics_get (AdminCall *call, GError **error);
gboolean stop_post (AdminCall *call, GError **error);
gboolean settings_get (AdminCall *call, GError **error);
gboolean setting_put (AdminCall *call, GError **error);
/* resource-certificates.c */
gboolean certificates_get (AdminCall *call, GError **error);
gboolean certificate_post (AdminCall *call, GError **error);
gboolean certificate_put (AdminCall *call, GError **error);
gboolean certificate_delete (AdminCall *call, GError **error);
json_t *certificates_describe (const Configuration *configuration, GError **error);
/* resource-acme.c */
gboolean acme_get (AdminCall *call, GError **error);
gboolean acme_order_post (AdminCall *call, GError **error);
gboolean acme_account_post (AdminCall *call, GError **error);
gboolean acme_rollover_post (AdminCall *call, GError **error);
gboolean acme_revoke_post (AdminCall *call, GError **error);
/* resource-work.c */
json_t *check_report_describe (const CheckReport *report);
gboolean check_post (AdminCall *call, GError **error);
gboolean compact_post (AdminCall *call, GError **error);
gboolean backup_post (AdminCall *call, GError **error);
gboolean backups_get (AdminCall *call, GError **error);
gboolean backup_verify_post (AdminCall *call, GError **error);
gboolean job_get (AdminCall *call, GError **error);
