/* What the admin API knows: one table of resources. A resource's function runs in a worker and may
 * wait for the store. */
#pragma once
#include "admin/admin-server.h"
#include "admin/caller.h"
#include "admin/event-hub.h"
#include "admin/graphs.h"
#include "admin/jobs.h"
#include "language.h"
#include "store/check.h"
#include <jansson.h>

typedef struct _Resource Resource;

typedef struct {
  const AdminService *service;
  const Configuration *configuration; /* today's; SERVICE's may change under a worker's feet */
  Jobs *jobs;
  Graphs *graphs;
  EventHub *events;
  gint64 started; /* seconds, UTC */
  const Resource *resource;
  const Caller *caller;
  Speech speech; /* in which sentences are to be said */
  const char *path;
  const char *argument; /* what stands for the '*' of the path, or NULL */
  GHashTable *query; /* text to text, or NULL */
  const char *if_match, *if_none_match; /* RFC 9110 §13.1, or NULL */
  json_t *body; /* an object (maybe empty) */
  const char *const *secret_fields; /* of BODY; NULL: the usual ones (change.c) */
  json_t *answer; /* an object to fill in */
  GString *raw; /* instead of ANSWER: JSON that is printed already, or NULL; it is freed */
  char *text; /* instead of ANSWER: plain text; freed with g_free */
  char *etag; /* of what is there now, or NULL; freed with g_free */
  gboolean is_stale; /* set with an error: another one was faster */
  gboolean reload; /* set: certificates have changed */
  char *ended_user; /* set: whose sessions are to end; freed with g_free */
  char *ended_session; /* set: the session that is to end; freed with g_free */
  Listening *listening; /* set: the answer is a stream of events */
  gboolean stop; /* set: the daemon is to end once the answer is sent */
} AdminCall;

/* Which callers may. Administrators always; who may only look: where nothing is changed. */
typedef enum {
  WHO_NOBODY, /* a resource without a rule */
  WHO_SERVER, /* no domain administrator */
  WHO_DOMAIN, /* the one of the domain in the path */
  WHO_ADDRESS, /* the one of the domain of the address in the path */
  WHO_QUEUED, /* the one of the sender or recipient of the mail in the queue */
  WHO_LIST, /* everybody; the function leaves out what caller_sees does not */
  WHO_ANYBODY,
} ResourceWho;

enum {
  RESOURCE_LOOKS = 1 << 0, /* changes nothing although it is no GET */
  RESOURCE_APART = 1 << 1, /* changes what is not, or not alone, in the store (change.h) */
};

struct _Resource {
  const char *method;
  const char *path; /* "/v1/users/" and '*' for the argument at the end */
  gboolean (*run) (AdminCall *call, GError **error);
  ResourceWho who;
  const char *command; /* of `hauspost`, which does the same */
  const char *event; /* what others are told has changed; NULL: nothing has */
  const char *said; /* N_(): what the audit log says, with %s for the argument */
  /* What can be changed of the thing in the path: an object, for ETags and the audit log. Inside a
   * job. NULL: it is not there. */
  json_t *(*state) (const AdminCall *call, Database *database);
  guint flags;
};

/* NULL: there is none; *METHOD_WRONG tells whether the path exists. *ARGUMENT points into PATH. */
const Resource *resource_find (const char *method, const char *path, const char **argument,
                               gboolean *method_wrong);

const Resource *resource_table (guint *count);
gboolean resource_changes (const Resource *resource);
/* Inside a read job: whether the caller may, STORE_ERROR_DENIED: not. */
gboolean resource_admits (AdminCall *call, Database *database, GError **error);

/* A field of the body: NULL and ERROR when it is missing or not text. */
const char *admin_call_text (AdminCall *call, const char *key, GError **error);
/* NULL when it is missing. */
const char *admin_call_optional_text (AdminCall *call, const char *key);

/* Of the path's query; NULL when it is missing. */
const char *admin_call_query (const AdminCall *call, const char *key);
/* The same as a number from 0 to MOST; USUAL when it is missing or none. */
gint64 admin_call_number (const AdminCall *call, const char *key, gint64 usual, gint64 most);

/* The argument as a domain's name, normalized; STORE_ERROR_NOT_FOUND when it cannot be one. */
char *admin_call_domain (AdminCall *call, GError **error);

/* resource-directory.c */
json_t *domain_state (const AdminCall *call, Database *database);
json_t *alias_state (const AdminCall *call, Database *database);
gboolean domains_get (AdminCall *call, GError **error);
gboolean domain_get (AdminCall *call, GError **error);
gboolean domain_put (AdminCall *call, GError **error);
gboolean domain_patch (AdminCall *call, GError **error);
gboolean domain_delete (AdminCall *call, GError **error);
gboolean aliases_get (AdminCall *call, GError **error);
gboolean alias_put (AdminCall *call, GError **error);
gboolean alias_delete (AdminCall *call, GError **error);
/* resource-dkim.c */
json_t *dkim_state (const AdminCall *call, Database *database);
gboolean dkim_get (AdminCall *call, GError **error);
gboolean dkim_post (AdminCall *call, GError **error);
gboolean dkim_put (AdminCall *call, GError **error);
/* resource-dns.c */
gboolean dns_get (AdminCall *call, GError **error);
gboolean dns_post (AdminCall *call, GError **error);
/* resource-user-list.c, resource-users.c */
json_t *user_state (const AdminCall *call, Database *database);
gboolean users_get (AdminCall *call, GError **error);
gboolean user_get (AdminCall *call, GError **error);
gboolean user_post (AdminCall *call, GError **error);
gboolean user_patch (AdminCall *call, GError **error);
gboolean user_delete (AdminCall *call, GError **error);
/* resource-roles.c */
json_t *role_state (const AdminCall *call, Database *database);
gboolean roles_get (AdminCall *call, GError **error);
gboolean role_get (AdminCall *call, GError **error);
gboolean role_post (AdminCall *call, GError **error);
gboolean role_patch (AdminCall *call, GError **error);
gboolean role_put (AdminCall *call, GError **error);
gboolean role_delete (AdminCall *call, GError **error);
/* resource-groups.c */
json_t *group_state (const AdminCall *call, Database *database);
gboolean groups_get (AdminCall *call, GError **error);
gboolean group_get (AdminCall *call, GError **error);
gboolean group_post (AdminCall *call, GError **error);
gboolean group_patch (AdminCall *call, GError **error);
gboolean group_delete (AdminCall *call, GError **error);
/* resource-app-passwords.c */
json_t *app_passwords_state (const AdminCall *call, Database *database);
gboolean app_passwords_get (AdminCall *call, GError **error);
gboolean app_password_post (AdminCall *call, GError **error);
gboolean app_password_delete (AdminCall *call, GError **error);
/* resource-user-certificates.c */
json_t *user_certificates_state (const AdminCall *call, Database *database);
gboolean user_certificates_get (AdminCall *call, GError **error);
gboolean user_certificate_post (AdminCall *call, GError **error);
gboolean user_certificate_delete (AdminCall *call, GError **error);
/* resource-queue.c */
json_t *queue_state (const AdminCall *call, Database *database);
gboolean queue_get (AdminCall *call, GError **error);
gboolean queue_post (AdminCall *call, GError **error);
gboolean queue_delete (AdminCall *call, GError **error);
/* resource-trace.c */
gboolean trace_post (AdminCall *call, GError **error);
/* resource-brakes.c */
json_t *brake_state (const AdminCall *call, Database *database);
gboolean brakes_get (AdminCall *call, GError **error);
gboolean brake_get (AdminCall *call, GError **error);
gboolean brake_post (AdminCall *call, GError **error);
/* resource-submission.c */
json_t *rate_state (const AdminCall *call, Database *database);
gboolean rate_get (AdminCall *call, GError **error);
gboolean rate_put (AdminCall *call, GError **error);
json_t *device_state (const AdminCall *call, Database *database);
gboolean device_get (AdminCall *call, GError **error);
gboolean device_put (AdminCall *call, GError **error);
gboolean device_delete (AdminCall *call, GError **error);
/* resource-bans.c */
json_t *ban_state (const AdminCall *call, Database *database);
gboolean bans_get (AdminCall *call, GError **error);
gboolean bans_delete (AdminCall *call, GError **error);
gboolean ban_put (AdminCall *call, GError **error);
gboolean ban_delete (AdminCall *call, GError **error);
/* resource-system.c */
gboolean status_get (AdminCall *call, GError **error);
gboolean metrics_get (AdminCall *call, GError **error);
gboolean stop_post (AdminCall *call, GError **error);
gboolean graphs_get (AdminCall *call, GError **error);
gboolean block_lists_get (AdminCall *call, GError **error);
/* resource-overview.c */
gboolean overview_get (AdminCall *call, GError **error);
/* resource-settings.c */
json_t *settings_state (const AdminCall *call, Database *database);
json_t *setting_state (const AdminCall *call, Database *database);
gboolean settings_get (AdminCall *call, GError **error);
gboolean settings_patch (AdminCall *call, GError **error);
gboolean setting_get (AdminCall *call, GError **error);
gboolean setting_put (AdminCall *call, GError **error);
/* resource-administrators.c */
json_t *administrator_state (const AdminCall *call, Database *database);
gboolean whoami_get (AdminCall *call, GError **error);
gboolean administrators_get (AdminCall *call, GError **error);
gboolean administrator_get (AdminCall *call, GError **error);
gboolean administrator_put (AdminCall *call, GError **error);
gboolean administrator_delete (AdminCall *call, GError **error);
/* resource-audit.c */
gboolean audit_get (AdminCall *call, GError **error);
/* resource-sessions.c */
/* GPtrArray of Session (net/sessions.h). */
GPtrArray *admin_call_sessions (const AdminCall *call);
gboolean sessions_get (AdminCall *call, GError **error);
gboolean session_delete (AdminCall *call, GError **error);
/* resource-log.c */
gboolean log_get (AdminCall *call, GError **error);
gboolean events_get (AdminCall *call, GError **error);
/* resource-setup.c */
json_t *setup_state (const AdminCall *call, Database *database);
gboolean setup_get (AdminCall *call, GError **error);
gboolean setup_put (AdminCall *call, GError **error);
gboolean setup_delete (AdminCall *call, GError **error);
/* resource-preflight.c */
gboolean preflight_get (AdminCall *call, GError **error);
gboolean preflight_post (AdminCall *call, GError **error);
/* resource-certificates.c */
json_t *certificate_state (const AdminCall *call, Database *database);
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
gboolean jobs_get (AdminCall *call, GError **error);
gboolean job_get (AdminCall *call, GError **error);
gboolean job_delete (AdminCall *call, GError **error);
/* resource-backups.c */
gboolean backup_post (AdminCall *call, GError **error);
gboolean backups_get (AdminCall *call, GError **error);
gboolean backup_verify_post (AdminCall *call, GError **error);
gboolean backup_prove_post (AdminCall *call, GError **error);
