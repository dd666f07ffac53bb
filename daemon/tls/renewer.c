/* A timer in the main thread, rounds in workers, and calls back into the main thread that a round
 * waits for. */
#include "tls/renewer.h"
#include "accounts/domain.h"
#include "log.h"
#include "settings.h"
#include "tls/acme-error.h"
#include "tls/acme-state.h"
#include "tls/certificate.h"
#include "tls/renewal.h"
#include "language.h"
#include <string.h>

#define FIRST_SECONDS 5 /* after the start */
#define SECONDS 600 /* between two rounds, of which nearly all find nothing to do */
#define CALL_SECONDS 30 /* that a round waits for the main thread */

struct _Renewer {
  gatomicrefcount refs; /* the main thread's, and one of each round */
  RenewerOptions options;
  char *certificates, *folder; /* DATA/certificates, DATA/acme */
  GCancellable *cancellable;
  guint timer;
  GMutex lock;
  GCond rested;
  gboolean is_running, has_ended; /* under the lock, as the next */
  char *hook;
};

static void
renewer_unref (Renewer *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free ((char *)self->options.data);
  g_free ((char *)self->options.hostname);
  g_free (self->certificates);
  g_free (self->folder);
  g_free (self->hook);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->rested);
  g_free (self);
}

/* What a round asks of the main thread; whoever comes last frees it. */
typedef struct {
  gatomicrefcount refs;
  Renewer *renewer;
  GMutex lock;
  GCond answered;
  gboolean is_answered, answer;
  gboolean is_notice;
  char *name, *hosts; /* of a notice */
  gint64 not_after;
  json_t *problem;
} Call;

static void
call_unref (Call *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  renewer_unref (self->renewer);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->answered);
  g_free (self->name);
  g_free (self->hosts);
  json_decref (self->problem);
  g_free (self);
}

static Call *
call_new (Renewer *renewer)
{
  Call *self = g_new0 (Call, 1);

  g_atomic_ref_count_init (&self->refs);
  g_atomic_ref_count_inc (&renewer->refs);
  self->renewer = renewer;
  g_mutex_init (&self->lock);
  g_cond_init (&self->answered);
  return self;
}

/* Gives away the main thread's reference. */
static void
answer (gboolean good, gpointer data)
{
  Call *self = data;

  g_mutex_lock (&self->lock);
  self->is_answered = TRUE;
  self->answer = good;
  g_cond_signal (&self->answered);
  g_mutex_unlock (&self->lock);
  call_unref (self);
}

static gboolean
run_call (gpointer data)
{
  Call *self = data;
  const RenewerOptions *options = &self->renewer->options;
  g_autoptr (GError) error = NULL;

  if (self->renewer->has_ended)
    answer (FALSE, self);
  else if (self->is_notice)
    options->tell (self->name, self->hosts, self->not_after, self->problem, answer, self,
                   options->data_of_calls);
  else {
    const gboolean loaded = options->reload (options->data_of_calls, &error);
    if (!loaded)
      log_event (LOG_ERROR, "A new certificate cannot be loaded", "error", error->message, NULL);
    answer (loaded, self);
  }
  return G_SOURCE_REMOVE;
}

/* CALL is given away. FALSE: no, or the main thread is busy for long (it may wait for this very
 * round). */
static gboolean
ask_main_thread (Call *call)
{
  const gint64 end = g_get_monotonic_time () + CALL_SECONDS * G_USEC_PER_SEC;
  GCancellable *cancellable = call->renewer->cancellable;

  g_atomic_ref_count_inc (&call->refs);
  g_idle_add (run_call, call);
  g_mutex_lock (&call->lock);
  while (!call->is_answered && g_get_monotonic_time () < end
         && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&call->answered, &call->lock, g_get_monotonic_time () + G_USEC_PER_SEC / 5);
  const gboolean good = call->is_answered && call->answer;
  g_mutex_unlock (&call->lock);
  call_unref (call);
  return good;
}

static void
did_renew (const char *name, gpointer data)
{
  ask_main_thread (call_new (data));
}

static gboolean
read_domains (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  GPtrArray **domains = data;

  g_clear_pointer (domains, g_ptr_array_unref);
  *domains = domain_list (store_snapshot_database (snapshot), error);
  return *domains != NULL;
}

static gboolean
is_used (const GPtrArray *list, const Certificate *certificate)
{
  for (char **host = certificate->hosts; *host; host++)
    if (certificate_for_host (list, *host) == certificate)
      return TRUE;
  return FALSE;
}

/* Of a certificate that nothing renews nobody knows a problem. */
static void
tell (Renewer *self, const Certificate *certificate, AcmeState *state, guint due)
{
  Call *call = call_new (self);
  g_autoptr (GError) error = NULL;

  call->is_notice = TRUE;
  call->name = g_strdup (certificate->name);
  call->hosts = g_strjoinv (" ", certificate->hosts);
  call->not_after = certificate->not_after;
  call->problem = json_incref (state->problem);
  if (!ask_main_thread (call))
    return;
  state->told = due;
  if (!acme_state_save (state, self->folder, &error))
    log_event (LOG_ERROR, "Cannot keep that the administrators were told", "certificate",
               certificate->name, "error", error->message, NULL);
}

/* What ends soon although it should have been renewed, and what nobody renews. */
static void
look_for_ends (Renewer *self)
{
  g_autoptr (GPtrArray) list = certificate_list (self->certificates, NULL);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; list && self->options.tell && i < list->len; i++) {
    const Certificate *certificate = list->pdata[i];
    const guint due = acme_notices_due (certificate->not_before, certificate->not_after, now);
    g_autoptr (AcmeState) state = acme_state_load (self->folder, certificate->name);
    const gboolean is_ours = g_str_has_prefix (certificate->name, "acme-");

    if (due == 0 && state->told > 0 && !is_ours) /* another one of the same name was imported */
      acme_state_remove (self->folder, certificate->name, NULL);
    if (due > state->told && !certificate->self_signed && (!is_ours || state->failures > 0)
        && is_used (list, certificate))
      tell (self, certificate, state, due);
  }
}

/* The lock of a round. */
static gboolean
begin (Renewer *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->has_ended || self->is_running) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                         _ ("Certificates are being ordered right now; try again in a minute."));
    return FALSE;
  }
  self->is_running = TRUE;
  return TRUE;
}

static void
end (Renewer *self)
{
  g_mutex_lock (&self->lock);
  self->is_running = FALSE;
  g_cond_broadcast (&self->rested);
  g_mutex_unlock (&self->lock);
}

static RenewalOptions
renewal_options (Renewer *self, char **hook)
{
  g_mutex_lock (&self->lock);
  *hook = g_strdup (self->hook);
  g_mutex_unlock (&self->lock);
  return (RenewalOptions) { .certificates = self->certificates,
                            .folder = self->folder,
                            .hostname = self->options.hostname,
                            .hook = *hook,
                            .dns = self->options.dns,
                            .cancellable = self->cancellable,
                            .did_renew = did_renew,
                            .data = self };
}

static gboolean
tell_change (gpointer data)
{
  const Renewer *self = data;

  if (!self->has_ended)
    self->options.did_change (self->options.data_of_calls);
  return G_SOURCE_REMOVE;
}

static void
did_run (Renewer *self, gboolean has_changed)
{
  if (!has_changed || self->options.did_change == NULL)
    return;
  g_atomic_ref_count_inc (&self->refs);
  g_idle_add_full (G_PRIORITY_DEFAULT, tell_change, self, (GDestroyNotify)renewer_unref);
}

static void
cancel_other (GCancellable *cancellable, gpointer other)
{
  g_cancellable_cancel (other);
}

/* ORDER: NULL for the timer's. Ends when the server does, and when the person has changed their
 * mind. */
static gboolean
run_round (Renewer *self, const RenewerOrder *order, guint *renewed, GError **error)
{
  g_autofree char *hook = NULL;
  g_autoptr (GPtrArray) domains = NULL;
  g_autoptr (GCancellable) either = g_cancellable_new ();
  RenewalOptions options = renewal_options (self, &hook);
  GCancellable *person = order ? order->cancellable : NULL;

  *renewed = 0;
  if (!store_read_sync (self->options.store, read_domains, &domains, error))
    return FALSE;
  options.domains = domains;
  options.cancellable = either;
  if (order) {
    options.is_asked = TRUE;
    options.only = order->only;
    options.has_new_key = order->has_new_key;
    options.progress = order->progress;
    options.progress_data = order->data;
  }
  const gulong first
      = g_cancellable_connect (self->cancellable, G_CALLBACK (cancel_other), either, NULL);
  const gulong second
      = person ? g_cancellable_connect (person, G_CALLBACK (cancel_other), either, NULL) : 0;
  const gboolean good = renewal_run (&options, renewed, error);
  g_cancellable_disconnect (self->cancellable, first);
  g_cancellable_disconnect (person, second);
  did_run (self, *renewed > 0 || !good);
  return good;
}

static void
work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Renewer *self = data;
  g_autoptr (GError) error = NULL;
  guint renewed;

  /* What failed is in the log and in the states already. */
  if (setting_number (SETTING_ACME_AGREE) && !run_round (self, NULL, &renewed, &error))
    log_event (LOG_DEBUG, "A round of renewals had failures", "error", error->message, NULL);
  if (!g_cancellable_is_cancelled (self->cancellable))
    look_for_ends (self);
  end (self);
  g_task_return_boolean (task, TRUE);
}

static gboolean
begin_round (gpointer data)
{
  Renewer *self = data;

  if (begin (self, NULL)) {
    g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
    g_atomic_ref_count_inc (&self->refs);
    g_task_set_task_data (task, self, (GDestroyNotify)renewer_unref);
    g_task_run_in_thread (task, work);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
begin_first_round (gpointer data)
{
  Renewer *self = data;

  self->timer = g_timeout_add_seconds (SECONDS, begin_round, self);
  begin_round (self);
  return G_SOURCE_REMOVE;
}

Renewer *
renewer_new (const RenewerOptions *options)
{
  Renewer *self = g_new0 (Renewer, 1);

  g_atomic_ref_count_init (&self->refs);
  self->options = *options;
  self->options.data = g_strdup (options->data);
  self->options.hostname = g_strdup (options->hostname);
  self->certificates = g_build_filename (options->data, "certificates", NULL);
  self->folder = g_build_filename (options->data, "acme", NULL);
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->rested);
  self->timer = g_timeout_add_seconds (FIRST_SECONDS, begin_first_round, self);
  return self;
}

void
renewer_set_hook (Renewer *self, const char *hook)
{
  g_mutex_lock (&self->lock);
  g_free (self->hook);
  self->hook = g_strdup (hook);
  g_mutex_unlock (&self->lock);
}

void
renewer_cancel (Renewer *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_mutex_lock (&self->lock);
  self->has_ended = TRUE;
  g_mutex_unlock (&self->lock);
  g_cancellable_cancel (self->cancellable);
}

gboolean
renewer_free (Renewer *self, guint wait)
{
  const gint64 end_of_wait = g_get_monotonic_time () + (gint64)wait * G_USEC_PER_SEC;

  if (self == NULL)
    return TRUE;
  renewer_cancel (self);
  g_mutex_lock (&self->lock);
  while (self->is_running && g_cond_wait_until (&self->rested, &self->lock, end_of_wait)) { }
  const gboolean rests = !self->is_running;
  g_mutex_unlock (&self->lock);
  renewer_unref (self);
  return rests;
}

gboolean
renewer_order (Renewer *self, const RenewerOrder *order, guint *renewed, GError **error)
{
  *renewed = 0;
  if (!begin (self, error))
    return FALSE;
  const gboolean done = run_round (self, order, renewed, error);
  end (self);
  return done;
}

gboolean
renewer_roll_over (Renewer *self, GError **error)
{
  g_autofree char *hook = NULL;
  const RenewalOptions options = renewal_options (self, &hook);

  if (!begin (self, error))
    return FALSE;
  const gboolean done = renewal_roll_over (&options, error);
  end (self);
  return done;
}

gboolean
renewer_open_account (Renewer *self, GError **error)
{
  g_autofree char *hook = NULL;
  const RenewalOptions options = renewal_options (self, &hook);

  if (!begin (self, error))
    return FALSE;
  const gboolean done = renewal_open_account (&options, error);
  end (self);
  return done;
}

json_t *
renewer_describe_account (Renewer *self, GError **error)
{
  g_autofree char *hook = NULL;
  const RenewalOptions options = renewal_options (self, &hook);

  return renewal_describe_account (&options, error);
}

gboolean
renewer_revoke (Renewer *self, const char *name, guint reason, GError **error)
{
  g_autofree char *hook = NULL;
  const RenewalOptions options = renewal_options (self, &hook);

  if (!begin (self, error))
    return FALSE;
  const gboolean done = renewal_revoke (&options, name, reason, error);
  end (self);
  return done;
}
