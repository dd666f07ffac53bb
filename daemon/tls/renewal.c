/* From a plan to certificates: each is looked at, ordered when it is due, and what failed waits. */
#include "tls/renewal-private.h"
#include "log.h"
#include "platform/file.h"
#include "settings.h"
#include "tls/acme-error.h"
#include "tls/acme-order.h"
#include "tls/acme-plan.h"
#include "tls/acme-renewal-info.h"
#include "tls/acme-state.h"
#include "tls/certificate.h"
#include "tls/key.h"
#include <openssl/pem.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)

typedef struct {
  const RenewalOptions *options;
  RenewalSettings *settings;
  AcmeSession *session; /* once one is needed */
  guint renewed;
  GError *error; /* the first one */
} Round;

/* A certificate that is looked at. */
typedef struct {
  Round *round;
  const AcmePlanned *planned;
  AcmeState *state;
  Certificate *certificate; /* as it is now, or NULL */
  GPtrArray *hosts; /* char *, not owned: those that it is to be for */
} Renewal;

static gint64
now_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
has_host (const Renewal *self, const char *host)
{
  return self->certificate && g_strv_contains ((const char *const *)self->certificate->hosts, host);
}

/* A name that was there stays when the DNS does not answer today, and one that failed waits for its
 * time. */
static void
choose_hosts (Renewal *self)
{
  const gboolean is_asked = self->round->options->is_asked;

  for (guint i = 0; i < self->planned->hosts->len; i++) {
    const AcmeHost *host = self->planned->hosts->pdata[i];
    const gboolean leads_here = host->is_wanted || host->lead == ACME_LEADS_HERE
        || (host->lead == ACME_LEAD_UNKNOWN && has_host (self, host->host));
    if (leads_here
        && (is_asked || has_host (self, host->host)
            || !acme_state_host_waits (self->state, host->host, now_seconds ())))
      g_ptr_array_add (self->hosts, host->host);
  }
}

static gboolean
is_missing_host (const Renewal *self)
{
  for (guint i = 0; i < self->hosts->len; i++)
    if (!has_host (self, self->hosts->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Also when another authority is chosen than the one it came from? No: it is good until it ends. */
static gboolean
is_old (const Renewal *self)
{
  const char *only = self->round->options->only;

  if (self->certificate == NULL || now_seconds () >= self->state->renew_at)
    return TRUE;
  return only && (strcmp (only, "*") == 0 || strcmp (only, self->planned->name) == 0);
}

static gboolean
is_due (const Renewal *self)
{
  return self->state->order || is_old (self) || is_missing_host (self);
}

static void
keep_renewal_time (Renewal *self)
{
  const Certificate *certificate = self->certificate;

  self->state->renew_at
      = acme_renewal_time (certificate->not_before, certificate->not_after, g_random_double ());
}

static gboolean
save (Renewal *self, GError **error)
{
  return acme_state_save (self->state, self->round->options->folder, error);
}

static void
save_or_log (Renewal *self)
{
  g_autoptr (GError) error = NULL;

  if (!save (self, &error))
    log_event (LOG_ERROR, "Cannot keep what is known of a certificate", "certificate",
               self->planned->name, "error", error->message, NULL);
}

/* Once in a round; all its certificates are of one account. */
static AcmeSession *
session_of (Round *round, GError **error)
{
  if (round->session == NULL)
    round->session = renewal_session_new (round->options, round->settings, error);
  return round->session;
}

/* The authority's word about the time goes before our own (RFC 9773 §4.2). A failure harms nothing.
 */
static void
ask_when (Renewal *self)
{
  Round *round = self->round;
  const gint64 now = now_seconds ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der
      = certificate_load_der (round->options->certificates, self->planned->name, &error);
  g_autofree char *id = der ? acme_certificate_id (der) : NULL;
  AcmeSession *session = id ? session_of (round, &error) : NULL;
  g_autoptr (AcmeRenewalInfo) info = session ? acme_renewal_info_fetch (session, id, &error) : NULL;

  self->state->ask_at = now + (info ? info->again : 86400);
  if (info) {
    const gboolean is_inside
        = self->state->renew_at >= info->start && self->state->renew_at < info->end;
    if (!is_inside) /* else the time that was chosen before stays */
      self->state->renew_at = acme_renewal_info_choose (info, g_random_double (), now);
    g_free (self->state->explanation);
    self->state->explanation = g_steal_pointer (&info->explanation);
  } else if (error)
    log_event (LOG_INFO, "The certificate authority does not say when to renew", "certificate",
               self->planned->name, "error", error->message, NULL);
  save_or_log (self);
}

/* Of the order that is under way, else the certificate's own, else a new one. */
static EVP_PKEY *
key_of (Renewal *self, GError **error)
{
  const RenewalOptions *options = self->round->options;
  const KeyKind kind = (KeyKind)setting_number (SETTING_ACME_KEY);
  g_autofree char *path = acme_state_key_path (options->folder, self->planned->name);
  g_autofree char *file = g_strconcat (self->planned->name, ".pem", NULL);
  g_autofree char *own = g_build_filename (options->certificates, file, NULL);
  EVP_PKEY *key = file_exists (path) ? key_load (path, NULL) : NULL;

  if (key == NULL && self->certificate && !options->has_new_key)
    key = key_load (own, NULL);
  if (key && (self->state->order || key_is (key, kind)))
    return key;
  EVP_PKEY_free (key);
  key = key_new (kind, error);
  if (key && file_make_folder (options->folder, error) && key_save (key, path, error))
    return key;
  EVP_PKEY_free (key);
  return NULL;
}

static gboolean
keep_order (const char *url, gpointer data, GError **error)
{
  Renewal *self = data;

  g_free (self->state->order);
  self->state->order = g_strdup (url);
  return save (self, error);
}

static char *
key_text (EVP_PKEY *key)
{
  g_autoptr (BIO) memory = BIO_new (BIO_s_mem ());
  char *text;

  PEM_write_bio_PrivateKey (memory, key, NULL, NULL, 0, NULL, NULL);
  const long length = BIO_get_mem_data (memory, &text);
  char *copy = g_strndup (text, (gsize)length);
  OPENSSL_cleanse (text, (gsize)length);
  return copy;
}

static gboolean
install (Renewal *self, EVP_PKEY *key, const char *chain, GError **error)
{
  const RenewalOptions *options = self->round->options;
  g_autofree char *path = acme_state_key_path (options->folder, self->planned->name);
  g_autofree char *text = key_text (key);
  const gboolean done
      = certificate_import (options->certificates, self->planned->name, text, chain, error);

  OPENSSL_cleanse (text, strlen (text));
  if (!done)
    return FALSE;
  certificate_free (self->certificate);
  self->certificate = certificate_load (options->certificates, self->planned->name, error);
  if (self->certificate == NULL || (file_exists (path) && !file_remove (path, error)))
    return FALSE;
  acme_state_succeed (self->state, (const char *const *)self->certificate->hosts, now_seconds ());
  keep_renewal_time (self);
  return save (self, error);
}

static char *
replaced_id (const Renewal *self)
{
  const Round *round = self->round;

  if (self->certificate == NULL || !json_object_get (round->session->directory, "renewalInfo"))
    return NULL;
  g_autoptr (GBytes) der
      = certificate_load_der (round->options->certificates, self->planned->name, NULL);
  return der ? acme_certificate_id (der) : NULL;
}

/* An order that a restart has cut off is for the names of that time. */
static void
begin_order (Renewal *self)
{
  if (self->state->order)
    return;
  g_ptr_array_add (self->hosts, NULL);
  g_strfreev (self->state->order_hosts);
  self->state->order_hosts = g_strdupv ((char **)self->hosts->pdata);
  g_ptr_array_set_size (self->hosts, (gint)self->hosts->len - 1);
}

static gboolean
order_once (Renewal *self, GError **error)
{
  AcmeSession *session = session_of (self->round, error);

  if (session == NULL)
    return FALSE;
  begin_order (self);
  g_autoptr (EVP_PKEY) key = key_of (self, error);
  g_autofree char *replaces = replaced_id (self);
  AcmeOrder order = { .hosts = (const char *const *)self->state->order_hosts,
                      .replaces = replaces,
                      .key = key,
                      .proofs = &self->round->settings->proofs,
                      .url = g_strdup (self->state->order),
                      .keep = keep_order,
                      .data = self };
  if (key == NULL)
    return FALSE;
  g_autofree char *chain = acme_order_run (session, &order, error);
  if (order.url == NULL)
    g_clear_pointer (&self->state->order, g_free);
  g_free (order.url);
  return chain && install (self, key, chain, error);
}

/* Takes HOST out of what is ordered. FALSE: nothing is left. */
static gboolean
drop_host (Renewal *self, const char *host)
{
  for (guint i = 0; i < self->hosts->len; i++)
    if (strcmp (self->hosts->pdata[i], host) == 0) {
      g_ptr_array_remove_index (self->hosts, i);
      return self->hosts->len > 0;
    }
  return FALSE;
}

/* A name that fails does not keep the others from their certificate: it is dropped, and tried
 * later. TRUE: go on with the others. */
static gboolean
leave_out (Renewal *self, const GError *error)
{
  const gboolean is_acme = error->domain == ACME_ERROR;
  const char *host = is_acme ? acme_error_host (error) : NULL;
  const char *const *more = is_acme ? acme_error_hosts (error) : NULL;
  gboolean left = host != NULL;

  for (guint i = 0; host && (i == 0 || (more[0] && more[i])); i++) {
    const char *failed = more[0] ? more[i] : host;
    acme_state_fail_host (self->state, failed, acme_error_describe (error), acme_error_wait (error),
                          now_seconds ());
    left = drop_host (self, failed) && left;
  }
  return left && (is_old (self) || is_missing_host (self));
}

static gboolean
order (Renewal *self, GError **error)
{
  for (;;) {
    const gboolean was_begun = self->state->order != NULL;
    g_autoptr (GError) cause = NULL;

    if (order_once (self, &cause))
      return TRUE;
    /* What was begun before a restart may be over by now: once more from the beginning. */
    const gboolean is_over = self->state->order == NULL && cause->domain == ACME_ERROR;
    const gboolean again
        = is_over && ((was_begun && acme_error_host (cause) == NULL) || leave_out (self, cause));
    if (!again) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    log_event (LOG_WARNING, "A certificate is ordered once more", "certificate",
               self->planned->name, "error", cause->message, NULL);
  }
}

static void
keep_error (Round *round, GError *error)
{
  if (round->error == NULL)
    round->error = error;
  else
    g_error_free (error);
}

static void
fail (Renewal *self, GError *error)
{
  Round *round = self->round;

  if (g_error_matches (error, ACME_ERROR, ACME_ERROR_ACCOUNT_DOES_NOT_EXIST)) {
    g_autoptr (GError) cause = NULL;
    g_clear_pointer (&round->session, acme_session_free);
    if (!acme_account_forget (round->options->folder, round->settings->directory, &cause))
      log_event (LOG_ERROR, "Cannot forget an account", "error", cause->message, NULL);
  }
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    acme_state_fail (self->state, acme_error_describe (error),
                     error->domain == ACME_ERROR ? acme_error_wait (error) : 0, now_seconds ());
    log_event (LOG_ERROR, "A certificate cannot be had", "certificate", self->planned->name,
               "error", error->message, NULL);
  }
  save_or_log (self);
  keep_error (round, error);
}

static void
renew (Renewal *self)
{
  Round *round = self->round;
  GError *error = NULL;

  if (self->hosts->len == 0 && self->state->order == NULL) {
    acme_error_set (&error, ACME_ERROR_NO_NAMES, NULL, NULL, 0);
    fail (self, error);
  } else if (!order (self, &error))
    fail (self, error);
  else {
    round->renewed++;
    log_event (LOG_NOTICE, "A certificate was renewed", "certificate", self->planned->name, NULL);
    round->options->did_renew (self->planned->name, round->options->data);
    ask_when (self);
  }
}

/* Names that are no longer wanted have no problem. */
static void
forget_hosts (AcmeState *state, const AcmePlanned *planned)
{
  const char *host;
  json_t *value;
  void *next;

  json_object_foreach_safe (state->hosts, next, host, value)
  {
    gboolean is_planned = FALSE;
    for (guint i = 0; i < planned->hosts->len && !is_planned; i++)
      is_planned = strcmp (((AcmeHost *)planned->hosts->pdata[i])->host, host) == 0;
    if (!is_planned)
      json_object_del (state->hosts, host);
  }
}

/* A certificate of before has no state: its time is reckoned from its dates. */
static void
look_at (Round *round, const AcmePlanned *planned)
{
  const RenewalOptions *options = round->options;
  Renewal self = { .round = round,
                   .planned = planned,
                   .state = acme_state_load (options->folder, planned->name),
                   .certificate = certificate_load (options->certificates, planned->name, NULL),
                   .hosts = g_ptr_array_new () };
  const gboolean is_chosen = options->only == NULL || strcmp (options->only, "*") == 0
      || strcmp (options->only, planned->name) == 0;

  forget_hosts (self.state, planned);
  choose_hosts (&self);
  if (self.certificate && self.state->renew_at == 0)
    keep_renewal_time (&self);
  if (is_chosen && self.certificate && self.state->ask_at <= now_seconds () && !is_due (&self))
    ask_when (&self);
  const gboolean may = options->is_asked || now_seconds () >= self.state->next;
  /* Where nothing leads here yet and nobody has asked, there is nothing to tell. */
  const gboolean is_idle = self.hosts->len == 0 && !self.certificate && !options->is_asked;
  if (is_chosen && may && !is_idle && is_due (&self))
    renew (&self);
  acme_state_free (self.state);
  certificate_free (self.certificate);
  g_ptr_array_unref (self.hosts);
}

gboolean
renewal_run (const RenewalOptions *options, guint *renewed, GError **error)
{
  g_autoptr (RenewalSettings) settings = renewal_settings_new (options);
  g_autoptr (GPtrArray) plan = acme_plan_new (options->hostname, options->domains, settings->names);
  Round round = { .options = options, .settings = settings };

  if (options->dns)
    acme_plan_look (plan, options->hostname, options->dns);
  else
    for (guint i = 0; i < plan->len; i++)
      for (guint k = 0; k < ((AcmePlanned *)plan->pdata[i])->hosts->len; k++)
        ((AcmeHost *)((AcmePlanned *)plan->pdata[i])->hosts->pdata[k])->lead = ACME_LEADS_HERE;
  for (guint i = 0; i < plan->len && !g_cancellable_is_cancelled (options->cancellable); i++) {
    if (options->progress)
      options->progress (i, plan->len, options->progress_data);
    look_at (&round, plan->pdata[i]);
  }
  if (round.error == NULL)
    g_cancellable_set_error_if_cancelled (options->cancellable, &round.error);
  acme_session_free (round.session);
  *renewed = round.renewed;
  if (round.error == NULL)
    return TRUE;
  g_propagate_error (error, round.error);
  return FALSE;
}
