/* The certificates that mail clients see. */
#include "admin/resources.h"
#include "tls/certificate.h"

#define DAYS 3650

static json_t *
describe (const Certificate *certificate)
{
  json_t *hosts = json_array ();

  for (char **host = certificate->hosts; *host != NULL; host++)
    json_array_append_new (hosts, json_string (*host));
  return json_pack ("{s:s, s:o, s:s, s:b, s:I, s:I, s:s}", "name", certificate->name, "hosts",
                    hosts, "issuer", certificate->issuer, "self_signed", certificate->self_signed,
                    "not_before", (json_int_t)certificate->not_before, "not_after",
                    (json_int_t)certificate->not_after, "fingerprint", certificate->fingerprint);
}

json_t *
certificate_state (const AdminCall *call, Database *database)
{
  g_autofree char *folder = configuration_certificates (call->configuration);
  g_autoptr (Certificate) certificate = certificate_load (folder, call->argument, NULL);

  return certificate ? describe (certificate) : NULL;
}

gboolean
certificates_get (AdminCall *call, GError **error)
{
  g_autofree char *folder = configuration_certificates (call->configuration);
  g_autoptr (GPtrArray) certificates = certificate_list (folder, error);

  if (certificates == NULL)
    return FALSE;
  json_t *list = json_array ();
  for (guint i = 0; i < certificates->len; i++)
    json_array_append_new (list, describe (certificates->pdata[i]));
  json_object_set_new (call->answer, "certificates", list);
  return TRUE;
}

static gboolean
describe_one (AdminCall *call, const char *folder, GError **error)
{
  g_autoptr (Certificate) certificate = certificate_load (folder, call->argument, error);

  if (certificate == NULL)
    return FALSE;
  json_object_set_new (call->answer, "certificate", describe (certificate));
  call->reload = TRUE;
  return TRUE;
}

/* Self-signs: {"hosts": [NAME, …]}; without hosts, for the server's own name. */
gboolean
certificate_post (AdminCall *call, GError **error)
{
  const Configuration *configuration = call->configuration;
  g_autofree char *folder = configuration_certificates (configuration);
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();
  json_t *host;
  gsize i;

  json_array_foreach (json_object_get (call->body, "hosts"), i, host)
  {
    if (json_is_string (host))
      g_ptr_array_add (hosts, (char *)json_string_value (host));
  }
  if (hosts->len == 0)
    g_ptr_array_add (hosts, configuration->hostname);
  g_ptr_array_add (hosts, NULL);
  return certificate_self_sign (folder, call->argument, (const char *const *)hosts->pdata, DAYS,
                                error)
      && describe_one (call, folder, error);
}

/* Imports: {"key": PEM, "chain": PEM}. */
gboolean
certificate_put (AdminCall *call, GError **error)
{
  g_autofree char *folder = configuration_certificates (call->configuration);
  const char *key = admin_call_text (call, "key", error);
  const char *chain = key != NULL ? admin_call_text (call, "chain", error) : NULL;

  return chain != NULL && certificate_import (folder, call->argument, key, chain, error)
      && describe_one (call, folder, error);
}

gboolean
certificate_delete (AdminCall *call, GError **error)
{
  g_autofree char *folder = configuration_certificates (call->configuration);
  g_autoptr (GPtrArray) certificates = certificate_list (folder, error);

  if (certificates == NULL)
    return FALSE;
  if (certificates->len == 1
      && g_strcmp0 (((Certificate *)certificates->pdata[0])->name, call->argument) == 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                         _ ("The last certificate cannot be removed: without one there is no TLS. "
                            "Import or make another one first."));
    return FALSE;
  }
  call->reload = certificate_remove (folder, call->argument, error);
  return call->reload;
}
