/* What the DNS should say about a domain, and what it says. */
#include "admin/dns-check.h"
#include "admin/documents.h"
#include "admin/resources.h"
#include "http/sts-policy.h"
#include "log.h"
#include "mail/address.h"
#include "policy/dkim-keys.h"
#include "settings.h"
#include "tls/certificate.h"

#define SMTP_PORT 25

/* NULL and ERROR: it is none of our domains. *DOMAIN is set in any case. */
static GPtrArray *
make_plan (AdminCall *call, char **domain, GError **error)
{
  g_autofree char *folder = configuration_certificates (call->configuration);
  g_autoptr (GPtrArray) keys = NULL;
  g_autoptr (GPtrArray) certificates = NULL;

  *domain = admin_call_domain (call, error);
  keys = *domain ? dkim_keys_read (call->service->store, *domain, error) : NULL;
  if (keys == NULL)
    return NULL;
  certificates = certificate_list (folder, NULL); /* what cannot be read is told by the status */
  const DnsFacts facts = { *domain, call->configuration, keys, certificates };
  return dns_plan_new (&facts);
}

static json_t *
describe_planned (const DnsPlanned *planned)
{
  return json_pack ("{s:s, s:s, s:s, s:s, s:s?, s:s?}", "use", dns_use_name (planned->use), "need",
                    dns_need_name (planned->need), "name", planned->name, "type", planned->type,
                    "value", planned->value, "zone", planned->zone);
}

static json_t *
describe_all (const GPtrArray *plan)
{
  json_t *records = json_array ();

  for (guint i = 0; i < plan->len; i++)
    json_array_append_new (records, describe_planned (plan->pdata[i]));
  return records;
}

static void
answer_plan (AdminCall *call, const char *domain, const GPtrArray *plan)
{
  g_autofree char *policy = sts_policy_write (call->configuration->hostname);
  g_autofree char *relay = setting_text (SETTING_QUEUE_RELAY);

  json_object_update_new (call->answer,
                          json_pack ("{s:s, s:s, s:s, s:s, s:o}", "domain", domain, "host",
                                     call->configuration->hostname, "relay", relay,
                                     "mta_sts_policy", policy, "records", describe_all (plan)));
}

gboolean
dns_get (AdminCall *call, GError **error)
{
  g_autofree char *domain = NULL;
  g_autoptr (GPtrArray) plan = make_plan (call, &domain, error);

  if (plan)
    answer_plan (call, domain, plan);
  return plan != NULL;
}

static void
add_findings (json_t *records, const GPtrArray *checked)
{
  for (guint i = 0; i < checked->len; i++) {
    const DnsChecked *one = checked->pdata[i];
    json_t *found = json_array ();

    for (guint f = 0; f < one->found->len; f++)
      json_array_append_new (found, json_string (one->found->pdata[f]));
    json_object_update_new (json_array_get (records, i),
                            json_pack ("{s:s, s:s?, s:o}", "finding",
                                       dns_finding_name (one->finding), "reason", one->reason,
                                       "found", found));
  }
}

static json_t *
describe_server (const GPtrArray *checked)
{
  json_t *list = json_array ();

  for (guint i = 0; checked && i < checked->len; i++) {
    const DnsServerChecked *one = checked->pdata[i];

    json_array_append_new (
        list,
        json_pack ("{s:s, s:s, s:s, s:s?}", "check", dns_server_check_name (one->check), "address",
                   one->address, "finding", dns_finding_name (one->finding), "found", one->found));
  }
  return list;
}

static json_t *
describe_lists (BlockLists *lists)
{
  json_t *list = json_array ();
  g_autoptr (GPtrArray) all = lists ? block_lists_describe (lists) : NULL;

  for (guint i = 0; all && i < all->len; i++) {
    const BlockListStatus *status = all->pdata[i];

    json_array_append_new (list,
                           json_pack ("{s:s, s:s}", "list", status->zone, "state",
                                      block_list_state_name (status->state)));
  }
  return list;
}

/* For the overview: how many that matter are missing or wrong. */
static void
keep_findings (AdminCall *call, const char *domain, const GPtrArray *plan, const GPtrArray *checked)
{
  g_autofree char *name = g_strconcat (DNS_CHECKED, domain, NULL);
  g_autoptr (GError) error = NULL;
  json_t *kept;
  guint wrong = 0;

  for (guint i = 0; i < checked->len; i++) {
    const DnsFinding finding = ((DnsChecked *)checked->pdata[i])->finding;
    wrong += ((DnsPlanned *)plan->pdata[i])->need != DNS_NEED_OPTIONAL
        && (finding == DNS_MISSING || finding == DNS_WRONG);
  }
  kept = json_pack ("{s:I, s:i}", "time", (json_int_t)(g_get_real_time () / G_USEC_PER_SEC),
                    "wrong", (int)wrong);
  if (!document_keep (call->service->store, name, kept, &error))
    log_event (LOG_WARNING, "What the DNS said is not kept", "error", error->message, NULL);
  json_decref (kept);
}

/* Asks the DNS. */
gboolean
dns_post (AdminCall *call, GError **error)
{
  g_autofree char *domain = NULL;
  g_autofree char *relay = setting_text (SETTING_QUEUE_RELAY);
  g_autoptr (GPtrArray) plan = make_plan (call, &domain, error);
  g_autoptr (GPtrArray) checked = NULL;
  g_autoptr (GPtrArray) server = NULL;
  const DnsCheckOptions options = { .domain = domain,
                                    .host = call->configuration->hostname,
                                    .dns = call->service->dns,
                                    .lists = call->service->block_lists,
                                    .relayed = *relay != '\0',
                                    .port = SMTP_PORT };

  if (plan == NULL)
    return FALSE;
  if (options.dns == NULL) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FAILED, _ ("This server asks no DNS."));
    return FALSE;
  }
  checked = dns_check_plan (plan, &options);
  if (((DnsChecked *)checked->pdata[0])->finding != DNS_UNKNOWN) /* the host's addresses */
    server = dns_check_server (&options);
  keep_findings (call, domain, plan, checked);
  answer_plan (call, domain, plan);
  add_findings (json_object_get (call->answer, "records"), checked);
  json_object_set_new (call->answer, "server", describe_server (server));
  json_object_set_new (call->answer, "block_lists", describe_lists (options.lists));
  return TRUE;
}
