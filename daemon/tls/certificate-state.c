/* Certificates and what is remembered of their renewal, put together. */
#include "tls/certificate-state.h"
#include "platform/file.h"
#include "settings.h"
#include "tls/acme-error.h"
#include "tls/acme-state.h"
#include "language.h"
#include <string.h>

#define OURS "acme-"

static const char *const condition_names[] = { "good", "ending", "failing", "ended", "missing" };

void
certificate_state_free (CertificateState *self)
{
  g_free (self->name);
  certificate_free (self->certificate);
  g_ptr_array_unref (self->serves);
  json_decref (self->problem);
  json_decref (self->host_problems);
  g_free (self);
}

static gint64
now_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* The names that failed and are in no certificate yet. */
static json_t *
open_problems (const AcmeState *remembered)
{
  json_t *problems = json_object ();
  const char *host;
  json_t *value;

  json_object_foreach (remembered->hosts, host, value)
      json_object_set (problems, host, json_object_get (value, "problem"));
  return problems;
}

static CertificateCondition
judge (const CertificateState *self, const AcmeState *remembered)
{
  const Certificate *certificate = self->certificate;
  const gint64 now = now_seconds ();

  if (certificate == NULL)
    return CERTIFICATE_MISSING;
  if (now < certificate->not_before || now > certificate->not_after)
    return CERTIFICATE_ENDED;
  if (acme_notices_due (certificate->not_before, certificate->not_after, now) > 0
      && (!self->renews_itself || remembered->failures > 0))
    return CERTIFICATE_ENDING;
  return self->problem || json_object_size (self->host_problems) > 0 ? CERTIFICATE_FAILING
                                                                     : CERTIFICATE_GOOD;
}

/* CERTIFICATE may be NULL. */
static CertificateState *
state_new (const char *name, const Certificate *certificate, const AcmeState *remembered,
           const GPtrArray *all)
{
  const gboolean is_on = setting_number (SETTING_ACME_AGREE) != 0;
  CertificateState *self = g_new0 (CertificateState, 1);

  self->name = g_strdup (name);
  self->renews_itself = is_on && g_str_has_prefix (name, OURS);
  self->serves = g_ptr_array_new_with_free_func (g_free);
  for (char **host = certificate ? certificate->hosts : NULL; host && *host; host++)
    if (certificate_for_host (all, *host) == certificate)
      g_ptr_array_add (self->serves, g_strdup (*host));
  self->renew_at = remembered->renew_at;
  self->next = remembered->next;
  self->problem = json_incref (remembered->problem);
  self->host_problems = open_problems (remembered);
  return self;
}

/* What was ordered and is in no file yet. */
static gboolean
add_missing (GPtrArray *states, const char *folder, const GPtrArray *all, GError **error)
{
  g_autoptr (GPtrArray) files = file_exists (folder) ? file_list (folder, error) : NULL;

  for (guint i = 0; files && i < files->len; i++) {
    const char *file = files->pdata[i];
    gboolean is_there = !g_str_has_prefix (file, OURS) || !g_str_has_suffix (file, ".json");
    g_autofree char *name = is_there ? NULL : g_strndup (file, strlen (file) - strlen (".json"));
    for (guint k = 0; k < all->len && !is_there; k++)
      is_there = strcmp (((Certificate *)all->pdata[k])->name, name) == 0;
    if (is_there)
      continue;
    g_autoptr (AcmeState) remembered = acme_state_load (folder, name);
    CertificateState *state = state_new (name, NULL, remembered, all);
    state->condition = CERTIFICATE_MISSING;
    g_ptr_array_add (states, state);
  }
  return files != NULL || !file_exists (folder);
}

GPtrArray *
certificate_states (const char *certificates, const char *folder, GError **error)
{
  g_autoptr (GPtrArray) all = certificate_list (certificates, error);
  g_autoptr (GPtrArray) states
      = g_ptr_array_new_with_free_func ((GDestroyNotify)certificate_state_free);

  if (all == NULL)
    return NULL;
  for (guint i = 0; i < all->len; i++) {
    const Certificate *certificate = all->pdata[i];
    g_autoptr (AcmeState) remembered = acme_state_load (folder, certificate->name);
    CertificateState *state = state_new (certificate->name, certificate, remembered, all);
    g_ptr_array_add (states, state);
  }
  for (guint i = 0; i < all->len; i++) {
    CertificateState *state = states->pdata[i];
    g_autoptr (AcmeState) remembered = acme_state_load (folder, state->name);
    state->certificate = all->pdata[i];
    state->condition = judge (state, remembered);
  }
  const gboolean added = add_missing (states, folder, all, error);
  g_ptr_array_set_free_func (all, NULL); /* the states have them */
  return added ? g_steal_pointer (&states) : NULL;
}

const char *
certificate_condition_name (CertificateCondition condition)
{
  return condition_names[condition];
}

/* The first of the names that failed speaks for all: the others mostly fail alike. */
static const json_t *
main_problem (const CertificateState *self)
{
  const char *host;
  json_t *problem;

  if (self->problem)
    return self->problem;
  json_object_foreach (self->host_problems, host, problem) return problem;
  return NULL;
}

static char *
join_served (const CertificateState *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->serves->len; i++)
    g_string_append_printf (text, "%s%s", i ? ", " : "", (char *)self->serves->pdata[i]);
  return g_string_free (text, FALSE);
}

static char *
format_day (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return g_date_time_format (time, "%Y-%m-%d");
}

char *
certificate_state_sentence (const CertificateState *self)
{
  const json_t *known = main_problem (self);
  g_autofree char *problem = known ? acme_error_sentence (known) : NULL;
  g_autofree char *hosts = join_served (self);
  g_autofree char *day = self->certificate ? format_day (self->certificate->not_after) : NULL;

  if (self->certificate && self->serves->len == 0)
    return NULL; /* nobody sees it */
  switch (self->condition) {
  case CERTIFICATE_GOOD:
    return NULL;
  case CERTIFICATE_MISSING:
    return problem
        ? g_strdup_printf (_ ("The certificate %s has not come yet. %s"), self->name, problem)
        : NULL;
  case CERTIFICATE_FAILING:
    return g_strdup_printf (_ ("The certificate for %s is good until %s, but it cannot be renewed "
                               "with all its names. %s"),
                            hosts, day, problem);
  case CERTIFICATE_ENDING:
    return problem
        ? g_strdup_printf (_ ("The certificate for %s ends on %s, and renewing it fails. %s"),
                           hosts, day, problem)
        : g_strdup_printf (_ ("The certificate for %s ends on %s, and nothing renews it: import a "
                              "new one, or set acme.agree-to-terms to yes."),
                           hosts, day);
  case CERTIFICATE_ENDED:
    break;
  }
  return problem
      ? g_strdup_printf (_ ("The certificate for %s is not valid (it ended on %s), so that mail "
                            "programs refuse it. %s"),
                         hosts, day, problem)
      : g_strdup_printf (_ ("The certificate for %s is not valid (it ended on %s), so that mail "
                            "programs refuse it: import a new one, or set acme.agree-to-terms to "
                            "yes."),
                         hosts, day);
}
