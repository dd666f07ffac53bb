/* The certificates that mail clients see. */
#include "admin/change.h"
#include "tls/acme-error.h"
#include "tls/acme-state.h"
#include "tls/certificate-state.h"

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

static json_t *
list_texts (const GPtrArray *texts)
{
  json_t *list = json_array ();

  for (guint i = 0; i < texts->len; i++)
    json_array_append_new (list, json_string (texts->pdata[i]));
  return list;
}

/* "failed": the names that are not in it because they failed. */
static json_t *
describe_failed (const CertificateState *state)
{
  json_t *list = json_array ();
  const char *host;
  json_t *problem;

  json_object_foreach (state->host_problems, host, problem)
  {
    g_autofree char *sentence = acme_error_sentence (problem);
    json_array_append_new (list, json_pack ("{s:s, s:s}", "host", host, "sentence", sentence));
  }
  return list;
}

static json_t *
describe_state (const CertificateState *state)
{
  g_autofree char *sentence = certificate_state_sentence (state);
  json_t *known = state->certificate ? describe (state->certificate) : NULL;
  json_t *object = known ? json_copy (known) : json_pack ("{s:s}", "name", state->name);
  json_t *more = json_pack ("{s:s, s:s*, s:b, s:o, s:I, s:I, s:o}", "condition",
                            certificate_condition_name (state->condition), "sentence", sentence,
                            "renews_itself", state->renews_itself, "serves",
                            list_texts (state->serves), "renew_at", (json_int_t)state->renew_at,
                            "next_try", (json_int_t)state->next, "failed", describe_failed (state));

  json_object_update (object, more);
  admin_tag (object, known);
  json_decref (more);
  json_decref (known);
  return object;
}

/* {"certificates": […], "missing": […]}: those that were ordered and did not come are apart, as
 * they have no dates. */
json_t *
certificates_describe (const Configuration *configuration, GError **error)
{
  g_autofree char *folder = configuration_certificates (configuration);
  g_autofree char *acme = g_build_filename (configuration->data, "acme", NULL);
  g_autoptr (GPtrArray) states = certificate_states (folder, acme, error);

  if (states == NULL)
    return NULL;
  json_t *list = json_array (), *missing = json_array ();
  for (guint i = 0; i < states->len; i++) {
    const CertificateState *state = states->pdata[i];
    json_array_append_new (state->certificate ? list : missing, describe_state (state));
  }
  return json_pack ("{s:o, s:o}", "certificates", list, "missing", missing);
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
  json_t *described = certificates_describe (call->configuration, error);

  if (described == NULL)
    return FALSE;
  json_object_update (call->answer, described);
  json_decref (described);
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

static gboolean
import_pkcs12 (AdminCall *call, const char *folder, const char *text, GError **error)
{
  const char *passphrase = admin_call_optional_text (call, "passphrase");
  gsize length;
  guint8 *bytes = g_base64_decode (text, &length);
  g_autoptr (GBytes) file = g_bytes_new_take (bytes, length);

  return certificate_import_pkcs12 (folder, call->argument, file, passphrase ? passphrase : "",
                                    error);
}

static gboolean
import_pem (AdminCall *call, const char *folder, GError **error)
{
  const char *key = admin_call_text (call, "key", error);
  const char *chain = key != NULL ? admin_call_text (call, "chain", error) : NULL;

  return chain != NULL && certificate_import (folder, call->argument, key, chain, error);
}

/* Imports: {"key": PEM, "chain": PEM}, or {"pkcs12": BASE64, "passphrase": TEXT}. */
gboolean
certificate_put (AdminCall *call, GError **error)
{
  g_autofree char *folder = configuration_certificates (call->configuration);
  const char *pkcs12 = admin_call_optional_text (call, "pkcs12");

  return (pkcs12 ? import_pkcs12 (call, folder, pkcs12, error) : import_pem (call, folder, error))
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
  g_autofree char *acme = g_build_filename (call->configuration->data, "acme", NULL);
  call->reload = certificate_remove (folder, call->argument, error)
      && acme_state_remove (acme, call->argument, error);
  return call->reload;
}
