/* How the server is, at a glance. */
#include "admin/attention.h"
#include "admin/backup-plan.h"
#include "admin/disk-space.h"
#include "config.h"
#include "metrics.h"
#include "net/sessions.h"
#include "settings.h"
#include "tls/certificate.h"

#define DAY 86400

static gint64
midnight (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) start
      = g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                               g_date_time_get_day_of_month (now), 0, 0, 0);

  return g_date_time_to_unix (start);
}

static json_t *
count_sessions (const AdminCall *call)
{
  g_autoptr (GPtrArray) sessions = admin_call_sessions (call);
  json_t *counts = json_object ();

  for (guint i = 0; i < sessions->len; i++) {
    const char *protocol = ((Session *)sessions->pdata[i])->protocol;
    const json_int_t before = json_integer_value (json_object_get (counts, protocol));
    json_object_set_new (counts, protocol, json_integer (before + 1));
  }
  return counts;
}

static json_t *
describe_certificates (const Configuration *configuration)
{
  g_autofree char *folder = configuration_certificates (configuration);
  g_autoptr (GPtrArray) all = certificate_list (folder, NULL);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  json_t *list = json_array ();

  for (guint i = 0; all && i < all->len; i++) {
    const Certificate *one = all->pdata[i];
    json_t *hosts = json_array ();

    for (char **host = one->hosts; *host; host++)
      json_array_append_new (hosts, json_string (*host));
    json_array_append_new (list,
                           json_pack ("{s:s, s:o, s:b, s:I, s:I}", "name", one->name, "hosts",
                                      hosts, "self_signed", one->self_signed, "not_after",
                                      (json_int_t)one->not_after, "days",
                                      (json_int_t)((one->not_after - now) / DAY)));
  }
  return list;
}

static json_t *
time_or_null (gint64 time)
{
  return time ? json_integer (time) : json_null ();
}

static json_t *
describe_backup (const AdminCall *call, const Facts *facts)
{
  const gint64 newest = backups_newest (call->configuration);
  const gint64 every = setting_number (SETTING_BACKUP_EVERY);
  json_t *proved = json_object_get (json_object_get (facts->documents, BACKUP_PROVED), "time");

  return json_pack ("{s:o, s:O, s:I, s:o}", "last", time_or_null (newest), "proved",
                    proved ? proved : json_null (), "every", (json_int_t)every, "next",
                    time_or_null (every ? MAX (newest + every, call->started) : 0));
}

/* What a domain administrator does not get. */
static json_t *
describe_server (const AdminCall *call, const Facts *facts)
{
  const gint64 today = midnight ();
  DiskSpace space = { 0 };

  disk_space_read (call->configuration->data, &space);
  return json_pack (
      "{s:s, s:s, s:I, s:I, s:{s:I, s:I, s:I}, s:o, s:{s:I, s:I, s:I, s:I, s:b}, s:o, s:o}",
      "hostname", call->configuration->hostname, "version", VERSION, "started",
      (json_int_t)call->started, "uptime",
      (json_int_t)(g_get_real_time () / G_USEC_PER_SEC - call->started), "mails", "in",
      (json_int_t)graphs_count_since (call->graphs, GRAPH_IN, today), "out",
      (json_int_t)graphs_count_since (call->graphs, GRAPH_OUT, today), "refused",
      (json_int_t)graphs_count_since (call->graphs, GRAPH_REFUSED, today), "sessions",
      count_sessions (call), "disk", "used", (json_int_t)space.used, "free", (json_int_t)space.free,
      "total", (json_int_t)space.total, "store", (json_int_t)facts->mail_bytes, "takes_mail",
      store_takes_mail (call->service->store), "backup", describe_backup (call, facts),
      "certificates", describe_certificates (call->configuration));
}

gboolean
overview_get (AdminCall *call, GError **error)
{
  g_auto (Facts) facts = { 0 };
  g_autofree char *sentence = NULL;
  const char *health;
  json_t *attention;

  if (!facts_read (call, &facts, error))
    return FALSE;
  attention = attention_gather (call, &facts);
  health = attention_judge (attention, &sentence);
  json_object_update_new (call->answer,
                          json_pack ("{s:s, s:s, s:o, s:I, s:I, s:{s:I, s:I, s:o}}", "health",
                                     health, "sentence", sentence, "attention", attention, "users",
                                     (json_int_t)facts.users, "domains", (json_int_t)facts.domains,
                                     "queue", "waiting", (json_int_t)(facts.waiting - facts.held),
                                     "held", (json_int_t)facts.held, "oldest",
                                     time_or_null (facts.oldest)));
  if (call->caller->role != ADMIN_DOMAINS)
    json_object_update_new (call->answer, describe_server (call, &facts));
  return TRUE;
}
