/* The pre-flight: started as a job, and what the last one found. */
#include "admin/preflight.h"
#include "admin/documents.h"
#include "admin/resources.h"

#define HOSTS_MOST 10

/* {"outside": ["HOST:25", …], "helo": NAME}; both may be missing. */
gboolean
preflight_post (AdminCall *call, GError **error)
{
  const AdminService *service = call->service;
  const json_t *outside = json_object_get (call->body, "outside");
  g_autoptr (GString) hosts = outside ? g_string_new (NULL) : NULL;
  json_t *host;
  guint64 number;
  gsize i;

  json_array_foreach (outside, i, host)
  {
    if (json_is_string (host) && i < HOSTS_MOST)
      g_string_append_printf (hosts, "%s ", json_string_value (host));
  }
  number = jobs_start (call->jobs, "preflight", JOB_BESIDE, preflight_run,
                       preflight_new (service->store, service->dns, service->block_lists,
                                      call->configuration, hosts ? hosts->str : NULL,
                                      admin_call_optional_text (call, "helo")),
                       preflight_free, error);
  if (number > 0)
    json_object_set_new (call->answer, "job", json_integer ((json_int_t)number));
  return number > 0;
}

gboolean
preflight_get (AdminCall *call, GError **error)
{
  json_t *kept = document_load (call->service->store, PREFLIGHT);

  json_object_update_new (call->answer, kept ? kept : json_pack ("{s:n, s:[]}", "time", "steps"));
  return TRUE;
}
