/* The certificate authority: account, orders, revocation. */
#include "admin/resources.h"
#include "accounts/domain.h"
#include "settings.h"
#include "tls/acme-account.h"
#include "tls/acme-plan.h"
#include "tls/renewer.h"
#include "language.h"
#include <string.h>

/* RFC 5280 §5.3.1: those that a subscriber may give (RFC 8555 §7.6 lets the authority refuse
 * others). */
static const struct {
  const char *name;
  guint code;
} reasons[] = {
  { "unspecified", 0 },
  { "key-compromise", 1 },
  { "superseded", 4 },
  { "cessation", 5 },
};

static Renewer *
require_renewer (AdminCall *call, GError **error)
{
  if (call->service->renewer == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _ ("Certificates do not renew themselves here."));
  return call->service->renewer;
}

/* Without the authority's answer there is still what is known here. */
static json_t *
describe_account (AdminCall *call, Renewer *renewer)
{
  g_autoptr (GError) error = NULL;
  json_t *described = renewer_describe_account (renewer, &error);

  if (described)
    return described;
  g_autofree char *directory = setting_text (SETTING_ACME_DIRECTORY);
  g_autofree char *folder = g_build_filename (call->configuration->data, "acme", NULL);
  json_t *account = acme_account_describe (folder, directory);
  return json_pack ("{s:s, s:o, s:s}", "directory", directory, "account",
                    account ? account : json_null (), "problem", error->message);
}

static gboolean
read_domains (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  GPtrArray **domains = data;

  g_clear_pointer (domains, g_ptr_array_unref);
  *domains = domain_list (store_snapshot_database (snapshot), error);
  return *domains != NULL;
}

/* What this server would ask for, whatever the DNS says of the names. */
static json_t *
describe_plan (const AdminCall *call, GError **error)
{
  g_autoptr (GPtrArray) domains = NULL;
  g_autofree char *names = setting_text (SETTING_ACME_NAMES);

  if (!store_read_sync (call->service->store, read_domains, &domains, error))
    return NULL;
  g_autoptr (GPtrArray) plan = acme_plan_new (call->configuration->hostname, domains, names);
  json_t *list = json_array ();
  for (guint i = 0; i < plan->len; i++) {
    const AcmePlanned *planned = plan->pdata[i];
    json_t *hosts = json_array ();
    for (guint k = 0; k < planned->hosts->len; k++) {
      const AcmeHost *host = planned->hosts->pdata[k];
      json_array_append_new (
          hosts, json_pack ("{s:s, s:b}", "host", host->host, "needed", host->is_wanted));
    }
    json_array_append_new (list,
                           json_pack ("{s:s, s:o}", "certificate", planned->name, "hosts", hosts));
  }
  return list;
}

/* {"directory", "terms", "agrees", "challenge", "account": {"url", "email", "thumbprint"} or null,
 * "plan": [{"certificate", "hosts": [{"host", "needed"}]}], "problem"}. */
gboolean
acme_get (AdminCall *call, GError **error)
{
  Renewer *renewer = require_renewer (call, error);

  json_t *plan = renewer ? describe_plan (call, error) : NULL;

  if (plan == NULL)
    return FALSE;
  json_object_set_new (call->answer, "plan", plan);
  json_t *described = describe_account (call, renewer);
  g_autofree char *challenge = setting_text (SETTING_ACME_CHALLENGE);
  json_object_update (call->answer, described);
  json_decref (described);
  json_object_set_new (call->answer, "agrees",
                       json_boolean (setting_number (SETTING_ACME_AGREE) != 0));
  json_object_set_new (call->answer, "challenge", json_string (challenge));
  return TRUE;
}

typedef struct {
  Renewer *renewer;
  const Configuration *configuration; /* old ones live as long as the server */
  char *only; /* or NULL */
  gboolean new_key;
} Order;

static void
order_free (gpointer data)
{
  Order *self = data;

  g_free (self->only);
  g_free (self);
}

static json_t *
run_order (Job *job, gpointer data, GError **error)
{
  Order *self = data;
  const RenewerOrder order = { .only = self->only,
                               .has_new_key = self->new_key,
                               .cancellable = job_cancellable (job),
                               .progress = job_progress,
                               .data = job };
  guint renewed = 0;

  if (!renewer_order (self->renewer, &order, &renewed, error))
    return NULL;
  json_t *result = certificates_describe (self->configuration, error);
  if (result)
    json_object_set_new (result, "renewed", json_integer (renewed));
  return result;
}

/* {"certificate": NAME or "*", "new_key": BOOL}: a job. */
gboolean
acme_order_post (AdminCall *call, GError **error)
{
  Renewer *renewer = require_renewer (call, error);
  const json_t *new_key = json_object_get (call->body, "new_key");

  if (renewer == NULL)
    return FALSE;
  Order *order = g_new0 (Order, 1);
  order->renewer = renewer;
  order->configuration = call->configuration;
  order->only = g_strdup (admin_call_optional_text (call, "certificate"));
  order->new_key = json_is_true (new_key);
  const guint64 number
      = jobs_start (call->jobs, "certificates", JOB_BESIDE, run_order, order, order_free, error);
  json_object_set_new (call->answer, "job", json_integer ((json_int_t)number));
  return number != 0;
}

gboolean
acme_account_post (AdminCall *call, GError **error)
{
  Renewer *renewer = require_renewer (call, error);

  return renewer && renewer_open_account (renewer, error);
}

gboolean
acme_rollover_post (AdminCall *call, GError **error)
{
  Renewer *renewer = require_renewer (call, error);

  return renewer && renewer_roll_over (renewer, error);
}

static gboolean
find_reason (const char *name, guint *code, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (name == NULL || strcmp (reasons[i].name, name) == 0) {
      *code = reasons[i].code;
      return TRUE;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("“%s” is no reason: write unspecified, key-compromise, superseded or cessation."),
               name);
  return FALSE;
}

/* {"certificate": NAME, "reason": WHY}. */
gboolean
acme_revoke_post (AdminCall *call, GError **error)
{
  Renewer *renewer = require_renewer (call, error);
  const char *name = renewer ? admin_call_text (call, "certificate", error) : NULL;
  guint reason;

  return name && find_reason (admin_call_optional_text (call, "reason"), &reason, error)
      && renewer_revoke (renewer, name, reason, error);
}
