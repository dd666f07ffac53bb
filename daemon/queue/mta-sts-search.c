/* Record, cache, addresses, web server, cache: one step after the other. */
#include "queue/mta-sts-search.h"
#include "log.h"
#include "queue/mta-sts-fetch.h"
#include <string.h>

#define FETCH_AGAIN 300 /* seconds after a failure (RFC 8461 §3.3) */

typedef struct {
  Store *store;
  Dns *dns;
  GCancellable *cancellable;
  char *domain;
  char *id; /* that the DNS announces, or NULL */
  GPtrArray *addresses;
  gboolean asked_both; /* A and AAAA */
  gint64 now; /* seconds, UTC */

  /* What is kept. */
  char *kept_id, *kept_policy;
  gint64 kept_until, tried;

  GBytes *fetched; /* or NULL: the attempt failed */
  gint64 max_age;
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  g_clear_pointer (&self->fetched, g_bytes_unref);
  g_ptr_array_unref (self->addresses);
  g_object_unref (self->cancellable);
  g_free (self->kept_id);
  g_free (self->kept_policy);
  g_free (self->domain);
  g_free (self->id);
  g_free (self);
}

static MtaStsPolicy *
parse (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  return mta_sts_policy_parse (text ? text : "", length);
}

/* A policy that is kept counts until its time is over, whatever the DNS and the web server say or
 * do not say today. */
static void
finish_with_kept (GTask *task)
{
  const Search *self = g_task_get_task_data (task);
  MtaStsPolicy *policy = self->kept_policy && self->now < self->kept_until
      ? mta_sts_policy_parse (self->kept_policy, strlen (self->kept_policy))
      : NULL;

  g_task_return_pointer (task, policy, (GDestroyNotify)mta_sts_policy_free);
}

static gboolean
write_policy (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Search *self = data;
  Database *database = store_transaction_database (transaction);
  gsize length;
  const char *bytes = self->fetched ? g_bytes_get_data (self->fetched, &length) : NULL;
  g_autofree char *text = bytes ? g_strndup (bytes, length) : NULL;

  if (text == NULL)
    return database_run (database, error,
                         "INSERT INTO mta_sts (domain, tried) VALUES (?1, ?2)"
                         " ON CONFLICT (domain) DO UPDATE SET tried = ?2",
                         "ti", self->domain, self->now);
  return database_run (database, error,
                       "INSERT INTO mta_sts (domain, id, policy, expires, tried)"
                       " VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT (domain) DO UPDATE"
                       " SET id = ?2, policy = ?3, expires = ?4, tried = 0",
                       "ttti", self->domain, self->id, text, self->now + self->max_age);
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Search *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (self->store, result, &error))
    log_event (LOG_ERROR, "A policy cannot be kept", "domain", self->domain, "error",
               error->message, NULL);
  if (self->fetched)
    g_task_return_pointer (task, parse (self->fetched), (GDestroyNotify)mta_sts_policy_free);
  else
    finish_with_kept (task);
}

/* A failure is remembered, but not that the server stopped: after its start it asks anew. */
static void
give_up (GTask *task)
{
  Search *self = g_task_get_task_data (task);

  if (!g_cancellable_is_cancelled (self->cancellable)) {
    store_write_async (self->store, write_policy, self, NULL, NULL, did_write, task);
    return;
  }
  finish_with_kept (task);
  g_object_unref (task);
}

static void
did_fetch (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Search *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = mta_sts_fetch_finish (result, &error);
  g_autoptr (MtaStsPolicy) policy = bytes ? parse (bytes) : NULL;

  if (policy == NULL) {
    log_event (LOG_NOTICE, "A domain's MTA-STS policy cannot be had", "domain", self->domain,
               "error", error ? error->message : "it is not valid", NULL);
    give_up (task);
    return;
  }
  self->fetched = g_steal_pointer (&bytes);
  self->max_age = policy->max_age;
  store_write_async (self->store, write_policy, self, NULL, NULL, did_write, task);
}

static void did_find_addresses (GObject *source, GAsyncResult *result, gpointer data);

static void
ask_addresses (GTask *task, DnsType type)
{
  Search *self = g_task_get_task_data (task);
  g_autofree char *name = g_strdup_printf ("mta-sts.%s", self->domain);

  dns_look_up_async (self->dns, name, type, self->cancellable, did_find_addresses, task);
}

static void
did_find_addresses (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Search *self = g_task_get_task_data (task);
  g_autoptr (DnsAnswer) answer = dns_look_up_finish (result, NULL);

  for (guint i = 0; answer && i < answer->records->len; i++)
    g_ptr_array_add (self->addresses,
                     g_object_ref (((DnsRecord *)answer->records->pdata[i])->address));
  if (!self->asked_both) {
    self->asked_both = TRUE;
    ask_addresses (task, DNS_TYPE_AAAA);
  } else if (self->addresses->len > 0)
    mta_sts_fetch_async (self->domain, self->addresses, MTA_STS_FETCH_PORT, self->cancellable,
                         did_fetch, task);
  else
    give_up (task);
}

static gboolean
read_kept (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Search *self = data;
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT id, policy, expires, tried FROM mta_sts"
                                   " WHERE domain = ?1",
                                   "t", self->domain);

  if (row == NULL)
    return FALSE;
  if (statement_next (row, &failure)) {
    self->kept_id = g_strdup (statement_text (row, 0));
    self->kept_policy = g_strdup (statement_text (row, 1));
    self->kept_until = statement_int (row, 2);
    self->tried = statement_int (row, 3);
    statement_done (row);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
did_read_kept (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Search *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  const gboolean done = store_read_finish (self->store, result, &error);
  const gboolean is_fresh
      = self->now < self->kept_until && g_strcmp0 (self->kept_id, self->id) == 0;

  if (!done)
    log_event (LOG_ERROR, "Policies cannot be read", "error", error->message, NULL);
  if (self->id == NULL || is_fresh || !done || self->now - self->tried < FETCH_AGAIN) {
    finish_with_kept (task);
    g_object_unref (task);
  } else
    ask_addresses (task, DNS_TYPE_A);
}

/* Several records are as good as none (§3.1). */
static char *
find_id (const DnsAnswer *answer)
{
  g_autofree char *found = NULL;

  for (guint i = 0; i < answer->records->len; i++) {
    const DnsRecord *record = answer->records->pdata[i];
    gsize length;
    const char *text = g_bytes_get_data (record->data, &length);
    g_autofree char *id = text ? mta_sts_record_id (text, length) : NULL;
    if (id && found)
      return NULL;
    if (id)
      found = g_steal_pointer (&id);
  }
  return g_steal_pointer (&found);
}

static void
did_find_record (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Search *self = g_task_get_task_data (task);
  g_autoptr (DnsAnswer) answer = dns_look_up_finish (result, NULL);

  self->id = answer && answer->status == DNS_FOUND ? find_id (answer) : NULL;
  store_read_async (self->store, read_kept, self, NULL, NULL, did_read_kept, task);
}

void
mta_sts_search_async (Store *store, Dns *dns, const char *domain, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, NULL, callback, data);
  Search *self = g_new0 (Search, 1);
  g_autofree char *name = g_strdup_printf ("_mta-sts.%s", domain);

  self->store = store;
  self->dns = dns;
  self->domain = g_strdup (domain);
  self->cancellable = g_object_ref (cancellable);
  self->addresses = g_ptr_array_new_with_free_func (g_object_unref);
  self->now = g_get_real_time () / G_USEC_PER_SEC;
  g_task_set_task_data (task, self, search_free);
  dns_look_up_async (dns, name, DNS_TYPE_TXT, cancellable, did_find_record, task);
}

MtaStsPolicy *
mta_sts_search_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
